"""Everything about one activity reckoned at once, from its sheets alone; long for a large one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from exam_server.analysis.parcel import pack
from exam_server.analysis.results import HALF, Analysis, ItemResult, Papers
from exam_server.apart import Report
from exam_server.db import Database
from exam_server.scores.sheets import Gathered, gather
from question_bank.statistics.drift import drift
from question_bank.statistics.fairness import Fairness, PaperLuck, fairness
from question_bank.statistics.flags import flags
from question_bank.statistics.items import analyse_items
from question_bank.statistics.measures import spread
from question_bank.statistics.reliability import Reliability, reliability
from question_bank.statistics.totals import topic_means, totals
from question_bank.statistics.twins import twins

LARGEST = 20
"""So many of the largest shifts are told one by one."""


def reckoned(db: Database, arguments: dict[str, Any], report: Report) -> Any:
    """The packed analysis of `activity` by `version`; to be done apart from the server."""
    with db.read() as tx:
        gathered = gather(tx, arguments["activity"], arguments["version"])
    report(1, 2)
    return pack(analyse(gathered, arguments["version"]))


def analyse(gathered: Gathered, version: int) -> Analysis:
    """The same for the same sheets, in whatever order they come."""
    sheets, facts = gathered.sheets, gathered.items
    repeats, luck = reliability(sheets, facts), fairness(sheets)
    return Analysis(
        version, len(sheets), totals(sheets),
        repeats if isinstance(repeats, Reliability) else None,
        None if isinstance(repeats, Reliability) else repeats,
        topic_means(sheets, gathered.topics), _items(gathered), _papers(luck) if luck else None,
        luck.sittings if luck else (), drift(sheets, facts), twins(sheets),
    )  # fmt: skip


def _items(gathered: Gathered) -> tuple[ItemResult, ...]:
    """By code, the revisions of one item in order."""
    found = [
        ItemResult(gathered.codes[one.revision], gathered.topics[one.revision], one, flags(one))
        for one in analyse_items(gathered.sheets, gathered.items)
    ]
    return tuple(sorted(found, key=lambda one: (one.code, one.numbers.revision)))


def _papers(luck: Fairness) -> Papers:
    shifts = [one.suggested - one.score for one in luck.papers]
    counts = Counter(round(one.expected / HALF) for one in luck.papers)
    return Papers(
        luck.expected, tuple(counts[point] for point in range(max(counts) + 1)), spread(shifts),
        sum(abs(one) >= 1 for one in shifts), tuple(sorted(luck.papers, key=_by_shift)[:LARGEST]),
    )  # fmt: skip


def _by_shift(one: PaperLuck) -> tuple[float, int]:
    return (-abs(one.suggested - one.score), one.attempt)
