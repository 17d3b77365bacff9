"""What the statistics are told: one sheet per attempt, and what must be known of each item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

OUTSIDE = -1
"""In `Sheet.chosen`: an answer that names none of the item's options."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one attempt was drawn and answered; the last four have one entry per position of the paper.

    `started` is in microseconds since 1970 and puts the sittings in order. `chosen` is the original 0-based
    option, None for blank, -1 for an answer outside the paper. `marks`: True right, False wrong, None blank;
    a void item is True for all. `counted` is False where the item is dropped for everybody.
    """

    attempt: int
    sitting: int
    started: int
    items: tuple[int, ...]
    chosen: tuple[int | None, ...]
    marks: tuple[bool | None, ...]
    counted: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One revision of an item: the line of the plan that it fills, how many options, which are right."""

    revision: int
    stratum: str
    options: int
    accepted: frozenset[int]


def in_order(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return the sheets by attempt, so that no result depends on the order in which they were read."""
    return sorted(sheets, key=lambda sheet: sheet.attempt)


def points(sheet: Sheet) -> tuple[int, int]:
    """Return (right answers, items that count); a blank gives no point."""
    right = sum(mark is True and counts for mark, counts in zip(sheet.marks, sheet.counted, strict=True))
    return right, sum(sheet.counted)


def voids(sheets: Iterable[Sheet], facts: Mapping[int, ItemFacts]) -> frozenset[int]:
    """Return the items that gave a point for a blank or an unaccepted option: right for everyone.

    Raises KeyError for an item without facts.
    """
    found = set()
    for sheet in sheets:
        for item, chosen, mark in zip(sheet.items, sheet.chosen, sheet.marks, strict=True):
            if chosen not in facts[item].accepted and mark:
                found.add(item)
    return frozenset(found)
