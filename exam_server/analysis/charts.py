"""Where the marks of a picture stand: plain geometry, drawn by the templates in one width and height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from exam_server.analysis.results import ItemResult
from question_bank.statistics.fairness import SittingMean
from question_bank.statistics.options import OptionUse
from question_bank.validate import LETTERS

WIDTH, HEIGHT = 640.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 20.0, 14.0, 40.0
ROW = 34.0
"""Height of one sitting in the picture of sittings."""
GAP = 13.0
"""Two letters beside lines stand at least so far from each other."""


@dataclass(frozen=True)
class Tick:
    """A number beside an axis; `at` is its place along it."""

    at: float
    value: float


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    value: float
    count: int


@dataclass(frozen=True)
class Histogram:
    """Bars of counts; `below` and `beside` are the numbers of its axes."""

    bars: tuple[Bar, ...]
    below: tuple[Tick, ...]
    beside: tuple[Tick, ...]


@dataclass(frozen=True)
class Line:
    """How often one option was chosen, from the weakest fifth to the ablest."""

    letter: str
    is_key: bool
    marks: tuple[tuple[float, float], ...]
    letter_y: float = 0.0

    @property
    def points(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.marks)


@dataclass(frozen=True)
class Whisker:
    """A difference with its interval, if it has one."""

    y: float
    at: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Whiskers:
    height: float
    zero: float
    rows: tuple[Whisker, ...]
    below: tuple[Tick, ...]


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    item: ItemResult


def histogram(counts: Sequence[int], unit: float = 1.0) -> Histogram:
    """`counts[n]` is of the value n * `unit`; drawn from the least to the greatest that has any."""
    rows = thin(counts)
    span, top, ground = max(len(rows), 1), _nice(max(counts, default=0) or 1), HEIGHT - BOTTOM
    step, tall = (WIDTH - LEFT - RIGHT) / span, ground - TOP
    bars = tuple(
        Bar(LEFT + at * step + 1, ground - count / top * tall, max(step - 2, 1), count / top * tall,
            value * unit, count)
        for at, (value, count) in enumerate(rows)
    )  # fmt: skip
    below = tuple(Tick(bar.x - 1 + step / 2, bar.value) for bar in bars[:: max(1, ceil(span / 12))])
    beside = tuple(Tick(ground - half / 2 * tall, top * half / 2) for half in range(3))
    return Histogram(bars, below, beside)


def traces(options: Sequence[OptionUse]) -> tuple[Line, ...]:
    """One line per option over the ability groups, an empty group has no mark; letters keep apart."""
    lines = [
        Line(LETTERS[one.option], one.is_key, tuple(
            (LEFT + 40 + group * (WIDTH - LEFT - RIGHT - 100) / (len(one.trace) - 1), share_at(share))
            for group, share in enumerate(one.trace) if share is not None
        ))
        for one in options
    ]  # fmt: skip
    drawn = sorted((one for one in lines if one.marks), key=lambda one: one.marks[-1][1])
    places: dict[str, float] = {}
    lowest = -GAP
    for one in drawn:
        lowest = max(one.marks[-1][1], lowest + GAP)
        places[one.letter] = lowest
    over = max(0.0, lowest - (HEIGHT - BOTTOM + GAP / 2))
    return tuple(replace(one, letter_y=places.get(one.letter, 0.0) - over) for one in lines)


def share_at(share: float) -> float:
    """The height of a share between 0 and 1."""
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)


def whiskers(sittings: Sequence[SittingMean]) -> Whiskers:
    """One row per sitting around the line of no difference."""
    ends = [abs(end) for one in sittings for end in (*(one.interval or ()), one.difference)]
    reach = _nice(max(ends, default=1.0) or 1.0)

    def place(value: float) -> float:
        return LEFT + (value + reach) / (2 * reach) * (WIDTH - LEFT - RIGHT)

    rows = tuple(
        Whisker(TOP + (at + 0.5) * ROW, place(one.difference),
                place(one.interval.low) if one.interval else None,
                place(one.interval.high) if one.interval else None)
        for at, one in enumerate(sittings)
    )  # fmt: skip
    below = tuple(Tick(place(part * reach / 2), part * reach / 2) for part in range(-2, 3))
    return Whiskers(TOP + len(sittings) * ROW + BOTTOM, place(0), rows, below)


def scatter(items: Sequence[ItemResult]) -> tuple[Dot, ...]:
    """Facility to the right, discrimination from -1 (below) to 1; who has none is left out."""
    return tuple(
        Dot(LEFT + one.numbers.facility * (WIDTH - LEFT - RIGHT),
            share_at((one.numbers.discrimination + 1) / 2), one)
        for one in items if one.numbers.discrimination is not None
    )  # fmt: skip


def _nice(value: float) -> float:
    """The least of 1, 2, 4, 5 and 10 times a power of ten that is not below it."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= value * (1 - 1e-12))


def thin(counts: Sequence[int]) -> list[tuple[int, int]]:
    """(value, count) of the values between the least and the greatest that somebody has, for a table."""
    held = [value for value, count in enumerate(counts) if count]
    return [(value, counts[value]) for value in range(held[0], held[-1] + 1)] if held else []
