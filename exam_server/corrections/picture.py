"""How many scores change by how much, as bars of a small picture: where each stands and how high it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 120
MOST_BARS = 21
STEPS = (100, 200, 250, 500, 1000, 2000, 2500, 5000)
"""Widths of a bar, in hundredths of a point."""


@dataclass(frozen=True)
class Bar:
    """`lowest` to `highest`: the changes it stands for (hundredths); places and sizes in the picture."""

    lowest: int
    highest: int
    count: int
    x: float
    y: float
    width: float
    height: float

    @property
    def tone(self) -> str:
        return "up" if self.lowest > 0 else "down" if self.highest < 0 else "same"


def bars(steps: Sequence[tuple[int, int]]) -> list[Bar]:
    """Of the effect's steps, from the largest loss to the largest gain; no change is a bar of its own."""
    if not steps:
        return []
    width = next((one for one in STEPS if _span(steps, one) <= MOST_BARS), STEPS[-1])
    counted: Counter[int] = Counter()
    held: dict[int, list[int]] = {}
    for step, count in steps:
        place = _place(step, width)
        counted[place] += count
        held.setdefault(place, []).append(step)
    first, last, most = min(counted), max(counted), max(counted.values())
    wide = WIDTH / (last - first + 1)
    return [
        Bar(min(held[place]), max(held[place]), count, round((place - first) * wide, 2),
            round(HEIGHT - _high(count, most), 2), round(min(wide * 0.85, 60), 2),
            round(_high(count, most), 2))
        for place, count in sorted(counted.items())
    ]  # fmt: skip


def _high(count: int, most: int) -> float:
    return max(2.0, HEIGHT * count / most)


def _place(step: int, width: int) -> int:
    """0 for no change; gains from 1 on, losses from -1 on."""
    away = (abs(step) + width - 1) // width
    return away if step > 0 else -away


def _span(steps: Sequence[tuple[int, int]], width: int) -> int:
    places = [_place(step, width) for step, _ in steps]
    return max(places) - min(places) + 1
