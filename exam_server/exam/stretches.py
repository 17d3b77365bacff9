"""Stretches of time, half-open, and what can be done with several of them; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

Stretch = tuple[datetime, datetime]
"""From, until."""


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same instants in order, where no two stretches meet; empty ones are left out."""
    whole: list[Stretch] = []
    for began, ended in sorted(stretches):
        if ended <= began:
            continue
        if whole and began <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], ended))
        else:
            whole.append((began, ended))
    return whole


def within(stretches: Iterable[Stretch], bounds: Stretch) -> list[Stretch]:
    """What of them lies between these bounds, joined."""
    return joined((max(began, bounds[0]), min(ended, bounds[1])) for began, ended in stretches)


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """What of them lies in none of `taken`, joined."""
    left = joined(stretches)
    for began, ended in joined(taken):
        left = [part for one in left for part in ((one[0], min(one[1], began)), (max(one[0], ended), one[1]))
                if part[0] < part[1]]  # fmt: skip
    return left


def length(stretches: Iterable[Stretch]) -> timedelta:
    """Of stretches that do not meet."""
    return sum((ended - began for began, ended in stretches), timedelta())


def whole_seconds(stretches: Iterable[Stretch]) -> int:
    """Of stretches that do not meet, rounded up: nobody gets less than was lost."""
    return -(-length(stretches) // timedelta(seconds=1))
