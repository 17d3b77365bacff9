"""Whether the luck of the draw gave some an easier paper, and what it was worth: shown, never applied."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from question_bank.statistics.facts import Sheet, in_order, points
from question_bank.statistics.measures import ENOUGH, Interval, Spread, Z, mean, spread, variance

Tally = tuple[int, int]
"""(answers, right answers)."""


@dataclass(frozen=True, slots=True)
class PaperLuck:
    """`expected` is what all others would have scored on this paper; points, as is `suggested`."""

    attempt: int
    sitting: int
    score: int
    expected: float
    suggested: float


@dataclass(frozen=True, slots=True)
class SittingMean:
    """`difference` is the mean of score minus expected; its interval is None below 30 candidates.

    An interval above 0: this sitting did better than its papers explain, by ability, help or a leak.
    """

    sitting: int
    n: int
    score: float
    expected: float
    difference: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """`expected` is the spread of the papers' expected scores; papers by attempt, sittings by time."""

    expected: Spread
    papers: tuple[PaperLuck, ...]
    sittings: tuple[SittingMean, ...]


def fairness(sheets: Iterable[Sheet]) -> Fairness | None:
    """Return how the papers differed; None when there are not two answers in all.

    `suggested` is mean equating over item facilities (Kolen & Brennan 2014, chapter 2): score + mean expected
    - own expected, sound because chance, not ability, dealt the papers. A dropped item counts as an average
    one.
    """
    ordered = in_order(sheets)
    tallies = _tallies(ordered)
    if sum(n for n, _ in tallies.values()) < 2:
        return None
    every = (sum(n for n, _ in tallies.values()), sum(right for _, right in tallies.values()))
    expected = [_expected(sheet, tallies, every) for sheet in ordered]
    centre = mean(expected)
    papers = tuple(_luck(sheet, own, centre) for sheet, own in zip(ordered, expected, strict=True))
    return Fairness(spread(expected), papers, _sittings(ordered, papers))


def _tallies(sheets: Iterable[Sheet]) -> dict[int, Tally]:
    answers: dict[int, int] = defaultdict(int)
    right: dict[int, int] = defaultdict(int)
    for sheet in sheets:
        for item, mark, counts in zip(sheet.items, sheet.marks, sheet.counted, strict=True):
            if counts:
                answers[item] += 1
                right[item] += mark is True
    return {item: (n, right[item]) for item, n in answers.items()}


def _expected(sheet: Sheet, tallies: Mapping[int, Tally], every: Tally) -> float:
    """The sum of facilities without the candidate's own answers, which must not judge themselves.

    Leaving them out makes the paper of whoever beat it look harder by that lead divided by the answers to an
    item: nothing worth a point from some fifty answers on.

    An item that nobody else had counts as the average of all other answers.
    """
    facilities = []
    for item, mark, counts in zip(sheet.items, sheet.marks, sheet.counted, strict=True):
        if counts:
            n, right = tallies[item] if tallies[item][0] > 1 else every
            facilities.append((right - (mark is True)) / (n - 1))
    return fsum(facilities)


def _luck(sheet: Sheet, own: float, centre: float) -> PaperLuck:
    score, _ = points(sheet)
    return PaperLuck(sheet.attempt, sheet.sitting, score, own, score + (centre - own))


def _sittings(sheets: Iterable[Sheet], papers: Iterable[PaperLuck]) -> tuple[SittingMean, ...]:
    first: dict[int, int] = {}
    members: dict[int, list[PaperLuck]] = defaultdict(list)
    for sheet, paper in zip(sheets, papers, strict=True):
        first[sheet.sitting] = min(sheet.started, first.get(sheet.sitting, sheet.started))
        members[sheet.sitting].append(paper)
    order = sorted(members, key=lambda sitting: (first[sitting], sitting))
    return tuple(_sitting(sitting, members[sitting]) for sitting in order)


def _sitting(sitting: int, papers: Sequence[PaperLuck]) -> SittingMean:
    apart = [paper.score - paper.expected for paper in papers]
    middle, half = mean(apart), Z * sqrt(variance(apart) / len(apart))
    return SittingMean(
        sitting, len(papers), mean([paper.score for paper in papers]),
        mean([paper.expected for paper in papers]), middle,
        Interval(middle - half, middle + half) if len(papers) >= ENOUGH else None,
    )  # fmt: skip
