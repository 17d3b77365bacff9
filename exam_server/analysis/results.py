"""What the answers of one activity say, by one version of its results: everything that the pages tell."""

from __future__ import annotations

from dataclasses import dataclass

from question_bank.statistics.drift import Drift
from question_bank.statistics.fairness import PaperLuck, SittingMean
from question_bank.statistics.flags import Flag
from question_bank.statistics.items import ItemAnalysis
from question_bank.statistics.measures import Spread
from question_bank.statistics.reliability import Reliability
from question_bank.statistics.totals import TopicMean, Totals
from question_bank.statistics.twins import TwinList

HALF = 0.5
"""Expected scores are counted by half points."""


@dataclass(frozen=True)
class ItemResult:
    """One revision of an item: how it is called, what it showed, and what that asks a person to look at."""

    code: str
    topic: str
    numbers: ItemAnalysis
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Papers:
    """How much luck there was in the draw; all in points.

    `expected` is the spread of expected scores and `histogram` counts papers by half points of it.
    `shift` is what the suggested equating would add to a score; `by_a_point` counts shifts of 1 or more,
    `largest` names some of them, the largest first.
    """

    expected: Spread
    histogram: tuple[int, ...]
    shift: Spread
    by_a_point: int
    largest: tuple[PaperLuck, ...]


@dataclass(frozen=True)
class Analysis:
    """`unreliable` says why there is no reliability; None where nobody sat."""

    version: int
    sat: int
    totals: Totals | None
    reliability: Reliability | None
    unreliable: str | None
    topics: tuple[TopicMean, ...]
    items: tuple[ItemResult, ...]
    papers: Papers | None
    sittings: tuple[SittingMean, ...]
    drift: Drift
    twins: TwinList
