"""Pairs of a sitting with more identical wrong answers than chance explains: to be looked at, no proof."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum

from question_bank.statistics.facts import Sheet, in_order
from question_bank.statistics.probability import sum_tail
from question_bank.statistics.wrongness import Habits, answers_of, chances_of, habits

SHARED = 10
"""Pairs with fewer items in common are not compared."""
IDENTICAL = 4
"""Fewer identical wrong answers are never listed, whatever their tail: anybody has a few."""
LISTED = 0.05


@dataclass(frozen=True, slots=True)
class Twins:
    """Two attempts, the smaller id first: `shared` items, `identical` wrong answers among them.

    `expected` is how many chance gives, `p` how often it gives so many, `adjusted` that times the pairs
    compared (Bonferroni, at most 1).
    """

    sitting: int
    first: int
    second: int
    shared: int
    identical: int
    expected: float
    p: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class TwinList:
    """The strongest first, `adjusted` below 0.05; `compared` pairs of one sitting shared 10 items."""

    compared: int
    pairs: tuple[Twins, ...]


@dataclass(frozen=True, slots=True)
class _Seat:
    """One candidate in a room: the paper as a set of bits, and the wrong options."""

    sheet: Sheet
    bits: int
    wrong: dict[int, int]


def twins(sheets: Iterable[Sheet]) -> TwinList:
    """Return the pairs that stand out.

    Identical wrong answers are counted as in Holland's K-index (1996); their chance for each shared item is
    that both are wrong, given how often each was wrong over the own paper (as in Wesolowsky 2000), times that
    two who are wrong choose alike; their sum has an exact tail (the generalized binomial test of van der
    Linden & Sotaridona 2006). Identical right answers prove nothing and do not count.
    """
    ordered = in_order(sheets)
    rooms = _rooms(ordered)
    usual = habits(ordered)
    compared = sum(_sharing(room) for room in rooms)
    found = [pair for room in rooms for pair in _in_room(room, usual, compared)]
    return TwinList(compared, tuple(sorted(found, key=lambda pair: (pair.p, pair.first, pair.second))))


def _rooms(sheets: Sequence[Sheet]) -> list[list[_Seat]]:
    place: dict[int, int] = {}
    rooms: dict[int, list[_Seat]] = defaultdict(list)
    for sheet in sheets:
        bits, wrong = 0, {}
        for item, option in answers_of(sheet):
            bits |= 1 << place.setdefault(item, len(place))
            if option is not None:
                wrong[item] = option
        rooms[sheet.sitting].append(_Seat(sheet, bits, wrong))
    return list(rooms.values())


def _sharing(room: Sequence[_Seat]) -> int:
    """How many pairs of a room share enough items; every pair is asked, so this stays one line of bits."""
    papers = [seat.bits for seat in room]
    return sum((one & other).bit_count() >= SHARED for one, other in combinations(papers, 2))


def _in_room(room: Sequence[_Seat], usual: Habits, compared: int) -> Iterator[Twins]:
    chances: dict[int, dict[int, float]] = {}
    for (one, other), identical in _identical(room).items():
        first, second = room[one], room[other]
        if identical < IDENTICAL or (first.bits & second.bits).bit_count() < SHARED:
            continue
        for place in (one, other):
            if place not in chances:
                chances[place] = chances_of(room[place].sheet, usual)
        p = sum_tail(_alike(chances[one], chances[other], usual), identical, LISTED / compared)
        if p * compared < LISTED:
            alike = list(_alike(chances[one], chances[other], usual))
            yield Twins(
                first.sheet.sitting, first.sheet.attempt, second.sheet.attempt, len(alike), identical,
                fsum(alike), p, min(1.0, p * compared),
            )  # fmt: skip


def _identical(room: Sequence[_Seat]) -> Counter[tuple[int, int]]:
    """Identical wrong answers by pair of places: only who chose the same is ever put together."""
    chose: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, seat in enumerate(room):
        for answer in seat.wrong.items():
            chose[answer].append(place)
    found: Counter[tuple[int, int]] = Counter()
    for places in chose.values():
        found.update(combinations(places, 2))
    return found


def _alike(first: Mapping[int, float], second: Mapping[int, float], usual: Habits) -> Iterator[float]:
    return (
        chance * second[item] * usual.alike.get(item, 1.0) for item, chance in first.items() if item in second
    )
