"""What the answers say about each item: how easy it was, and whether it tells able from less able."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from question_bank.statistics.columns import Column, columns
from question_bank.statistics.facts import OUTSIDE, ItemFacts, Sheet
from question_bank.statistics.measures import (
    ENOUGH,
    Interval,
    correlation,
    fisher_interval,
    wilson_interval,
)
from question_bank.statistics.options import Extremes, OptionUse, extremes, option_uses


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """One item over all papers that held it.

    `facility` is the share of right answers, a blank is wrong. `discrimination` is the correlation of the
    item with the rest of the paper, `upper_lower` the facility of the ablest 27 per cent minus that of the
    weakest; both None for a void item and where nothing varies. `chance` is what blind guessing gives.
    `enough` is False below 30 answers: then the numbers stand for themselves and no flag is raised.
    """

    revision: int
    stratum: str
    n: int
    right: int
    blank: int
    outside: int
    void: bool
    enough: bool
    facility: float
    facility_interval: Interval
    discrimination: float | None
    discrimination_interval: Interval | None
    upper_lower: float | None
    chance: float
    options: tuple[OptionUse, ...]


def analyse_items(sheets: Iterable[Sheet], facts: Mapping[int, ItemFacts]) -> tuple[ItemAnalysis, ...]:
    """Return the analysis of each item that was answered, by revision.

    Raises KeyError for an item without facts.
    """
    return tuple(analyse_column(column, facts[item]) for item, column in columns(sheets, facts).items())


def analyse_column(column: Column, facts: ItemFacts) -> ItemAnalysis:
    """Return the analysis of one item.

    The item is compared with the rest of the paper, because an item that counts in the total correlates with
    itself (Henrysson 1963); as a proportion, because dropped items make papers of different lengths.
    """
    n, right = len(column.right), sum(column.right)
    ends = extremes(column)
    found = None if column.void else correlation(column.right, column.rest)
    return ItemAnalysis(
        facts.revision, facts.stratum, n, right, column.chosen.count(None), column.chosen.count(OUTSIDE),
        column.void, n >= ENOUGH, right / n, wilson_interval(right, n),
        found, None if found is None else fisher_interval(found, n),
        None if found is None else _upper_lower(column, ends),
        len(facts.accepted) / facts.options, option_uses(column, facts, ends),
    )  # fmt: skip


def _upper_lower(column: Column, ends: Extremes) -> float:
    upper = sum(map(column.right.__getitem__, ends.upper))
    return (upper - sum(map(column.right.__getitem__, ends.lower))) / ends.size
