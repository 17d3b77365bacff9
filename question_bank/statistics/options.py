"""Who chose which option of an item: the key should draw the able, every distractor the others."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from question_bank.statistics.columns import Column
from question_bank.statistics.facts import ItemFacts
from question_bank.statistics.measures import mean, variance

ABILITY_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Extremes:
    """Places in the column from weakest to ablest, and the `size` of the lower and of the upper group."""

    order: tuple[int, ...]
    size: int

    @property
    def lower(self) -> tuple[int, ...]:
        """Places of the weakest in the column."""
        return self.order[: self.size]

    @property
    def upper(self) -> tuple[int, ...]:
        """Places of the ablest in the column."""
        return self.order[len(self.order) - self.size :]

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Places in five groups from weak to able, as equal in size as can be."""
        n = len(self.order)
        cuts = [n * cut // ABILITY_GROUPS for cut in range(ABILITY_GROUPS + 1)]
        return tuple(self.order[start:end] for start, end in pairwise(cuts))


@dataclass(frozen=True, slots=True)
class OptionUse:
    """How one option was used; shares are of all answers, of the lower and of the upper 27 per cent.

    `rest` and `rest_sd` are the mean and spread of its choosers' rest scores (0..1), None without choosers.
    `trace` is the share that chose it in each of five ability groups from weak to able, None in an empty one.
    """

    option: int
    is_key: bool
    count: int
    share: float
    rest: float | None
    rest_sd: float | None
    lower_share: float
    upper_share: float
    trace: tuple[float | None, ...]


def extremes(column: Column) -> Extremes:
    """Return who is weakest and ablest by the rest score; ties are cut by attempt, the smaller id lower.

    Groups of 27 per cent tell extremes apart best (Kelley 1939).
    """
    n = len(column.rest)
    order = tuple(sorted(range(n), key=column.rest.__getitem__))
    return Extremes(order, min(n // 2, max(1, round(0.27 * n))))


def option_uses(column: Column, facts: ItemFacts, ends: Extremes) -> tuple[OptionUse, ...]:
    """Return how each option was used, in the original order; blanks and strays are in no option."""
    rests: dict[int | None, list[float]] = defaultdict(list)
    for chosen, rest in zip(column.chosen, column.rest, strict=True):
        rests[chosen].append(rest)
    lower, upper = _chosen(column, ends.lower), _chosen(column, ends.upper)
    groups = [(_chosen(column, places), len(places)) for places in ends.groups]
    return tuple(
        OptionUse(
            option, option in facts.accepted, len(rests[option]), len(rests[option]) / len(column.rest),
            mean(rests[option]) if rests[option] else None,
            sqrt(variance(rests[option])) if rests[option] else None,
            lower[option] / max(ends.size, 1), upper[option] / max(ends.size, 1),
            tuple(counts[option] / size if size else None for counts, size in groups),
        )
        for option in range(facts.options)
    )  # fmt: skip


def _chosen(column: Column, places: Sequence[int]) -> Counter[int | None]:
    return Counter(map(column.chosen.__getitem__, places))
