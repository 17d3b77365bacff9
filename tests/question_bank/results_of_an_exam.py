"""A made-up exam with a known truth: a Rasch bank, drawn papers, and room to plant what should be found."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import TypeVar

from question_bank.statistics.facts import ItemFacts, Sheet

HOUR = 3_600_000_000
T = TypeVar("T")


@dataclass(frozen=True)
class Truth:
    """An item as nature knows it: how hard, which option is right, how the wrong ones attract."""

    facts: ItemFacts
    hardness: float
    right: int


def bank(per_stratum: int, strata: int = 6, seed: int = 1) -> list[Truth]:
    """Items 100, 101, ...; every stratum has its own mean hardness, as topic x difficulty does."""
    dice = random.Random(seed)
    items = []
    for number in range(per_stratum * strata):
        right, stratum = dice.randrange(4), number % strata
        facts = ItemFacts(100 + number, f"stratum {stratum}", 4, frozenset({right}))
        items.append(Truth(facts, dice.gauss(stratum * 0.5 - 1.6, 0.6), right))
    return items


def facts_of(items: Sequence[Truth]) -> dict[int, ItemFacts]:
    return {item.facts.revision: item.facts for item in items}


def answer(item: Truth, ability: float, dice: random.Random) -> int:
    """The right option with the Rasch chance, else one of the others, the first of them more often."""
    if dice.random() < 1 / (1 + exp(item.hardness - ability)):
        return item.right
    return dice.choices([option for option in range(4) if option != item.right], (3, 2, 1))[0]


def draw(items: Sequence[Truth], each: int, dice: random.Random) -> list[Truth]:
    """A paper with so many items of each stratum, in mixed order."""
    strata: dict[str, list[Truth]] = {}
    for item in items:
        strata.setdefault(item.facts.stratum, []).append(item)
    paper = [item for stratum in strata.values() for item in dice.sample(stratum, each)]
    dice.shuffle(paper)
    return paper


def sheet(attempt: int, sitting: int, paper: Sequence[Truth], chosen: Sequence[int | None]) -> Sheet:
    """The sheet, marked by the keys that stand in the facts."""
    marks = tuple(
        None if option is None else option in item.facts.accepted
        for item, option in zip(paper, chosen, strict=True)
    )
    numbers = tuple(item.facts.revision for item in paper)
    return Sheet(
        attempt, sitting, sitting * HOUR + attempt % 60, numbers, tuple(chosen), marks, (True,) * len(paper)
    )


def exam(
    items: Sequence[Truth], rooms: int, seats: int, each: int = 5, seed: int = 2,
    knows: Callable[[int, Truth], bool] = lambda sitting, item: False,
    lead: Callable[[int], float] = lambda sitting: 0.0,
) -> list[Sheet]:  # fmt: skip
    """Sheets of `rooms` sittings with `seats` candidates; a sitting that `knows` an item has it right.

    `lead` is how much abler the candidates of a sitting are on average."""
    dice = random.Random(seed)
    found = []
    for attempt in range(rooms * seats):
        sitting, paper = attempt // seats, draw(items, each, dice)
        ability = dice.gauss(lead(sitting), 1)
        chosen = [item.right if knows(sitting, item) else answer(item, ability, dice) for item in paper]
        found.append(sheet(attempt, sitting, paper, chosen))
    return found


def dropped(sheets: Sequence[Sheet], item: int) -> list[Sheet]:
    """The same exam after the item was dropped for everybody."""
    return [replace(one, counted=tuple(number != item for number in one.items)) for one in sheets]


def mixed(values: Sequence[T], seed: int = 3) -> list[T]:
    """The same values in another order."""
    other = list(values)
    random.Random(seed).shuffle(other)
    return other
