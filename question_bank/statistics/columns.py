"""The same answers item by item, each beside the candidate's score on the rest of the paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from question_bank.statistics.facts import ItemFacts, Sheet, in_order, voids


@dataclass(frozen=True, slots=True)
class Column:
    """All counted answers to one item, by attempt; the four lists run in parallel.

    `right` is 0 or 1; `rest` is the proportion right of the other items of the same paper, 0..1.
    """

    void: bool
    attempts: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    chosen: list[int | None] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)


def columns(sheets: Iterable[Sheet], facts: Mapping[int, ItemFacts]) -> dict[int, Column]:
    """Return the columns by revision, in ascending order; raises KeyError for an item without facts.

    Void items stand in nobody's rest: they would lift those who happened to draw them. A paper that has fewer
    than two informative items has no rest and is left out.
    """
    ordered = in_order(sheets)
    void = voids(ordered, facts)
    found: dict[int, Column] = {}
    for sheet in ordered:
        _enter(sheet, void, found)
    return dict(sorted(found.items()))


def _enter(sheet: Sheet, void: frozenset[int], found: dict[int, Column]) -> None:
    answers = [
        (item, chosen, mark is True)
        for item, chosen, mark, counts in zip(
            sheet.items, sheet.chosen, sheet.marks, sheet.counted, strict=True
        )
        if counts
    ]
    informative = [right for item, _, right in answers if item not in void]
    score, others = sum(informative), len(informative) - 1
    if others < 1:
        return
    rest = (score / others, (score - 1) / others)
    of_void = score / (others + 1)
    for item, chosen, right in answers:
        column = found.get(item)
        if column is None:
            column = found[item] = Column(item in void)
        column.attempts.append(sheet.attempt)
        column.right.append(int(right))
        column.chosen.append(chosen)
        column.rest.append(of_void if column.void else rest[right])
