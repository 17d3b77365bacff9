"""How fast the results of a whole exam become statistics, beside merely counting its right answers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence

from bench.figures import BenchError, ratios
from bench.stage import FULL, Stage
from question_bank.statistics.drift import drift
from question_bank.statistics.facts import ItemFacts, Sheet
from question_bank.statistics.fairness import fairness
from question_bank.statistics.flags import flags
from question_bank.statistics.items import analyse_items
from question_bank.statistics.reliability import Reliability, reliability
from question_bank.statistics.totals import topic_means, totals
from question_bank.statistics.twins import twins

ITEMS, PAPER, SEATS, STRATA = 420, 30, 200, 10
Facts = Mapping[int, ItemFacts]


def measure(stage: Stage) -> None:
    """`analysis.responses_per_s`: all statistics together, of 20,000 sheets of 30 items."""
    facts = {
        number: ItemFacts(number, f"topik {number % STRATA}", 4, frozenset({0})) for number in range(ITEMS)
    }
    sheets = exam(20_000 if stage.lengths == FULL else 2_000)
    responses = len(sheets) * PAPER
    everything, counting = [], []
    for _ in range(stage.lengths.rounds):
        everything.append(responses / _seconds(_analyse, sheets, facts))
        counting.append(responses / _seconds(_count, sheets, facts))
    stage.report.add("analysis.responses_per_s", everything, "responses/s, all statistics")
    stage.report.add("analysis.over_counting", ratios(everything, counting), "of one pass that only counts")


def exam(candidates: int) -> list[Sheet]:
    """Sheets with the same seed each time: items and candidates of many levels, 200 to a sitting."""
    dice = random.Random(7)
    ease = [0.35 + 0.5 * dice.random() for _ in range(ITEMS)]
    strata = [range(first, ITEMS, STRATA) for first in range(STRATA)]
    found = []
    for attempt in range(candidates):
        better, sitting = dice.gauss(0, 0.15), attempt // SEATS
        paper = [item for stratum in strata for item in dice.sample(stratum, PAPER // STRATA)]
        chosen = [0 if dice.random() < ease[item] + better else dice.randint(1, 3) for item in paper]
        marks = tuple(option == 0 for option in chosen)
        found.append(Sheet(attempt, sitting, sitting, tuple(paper), tuple(chosen), marks, (True,) * PAPER))
    return found


def _seconds(work: Callable[[Sequence[Sheet], Facts], None], sheets: Sequence[Sheet], facts: Facts) -> float:
    began = time.perf_counter()
    work(sheets, facts)
    return time.perf_counter() - began


def _analyse(sheets: Sequence[Sheet], facts: Facts) -> None:
    of_items = analyse_items(sheets, facts)
    flagged = [flag for item in of_items for flag in flags(item)]
    repeats = reliability(sheets, facts)
    drift(sheets, facts)
    listed = twins(sheets)
    topic_means(sheets, {item: one.stratum for item, one in facts.items()})
    if not (totals(sheets) and fairness(sheets) and isinstance(repeats, Reliability)):
        raise BenchError(f"the exam gave no reliability: {repeats}")
    if listed.pairs or any(flag.kind == "key_probably_wrong" for flag in flagged):
        raise BenchError("an honest exam was flagged")


def _count(sheets: Sequence[Sheet], facts: Facts) -> None:
    right = dict.fromkeys(facts, 0)
    for sheet in sheets:
        for item, mark in zip(sheet.items, sheet.marks, strict=True):
            right[item] += mark is True
    if not sum(right.values()):
        raise BenchError("nobody was right")
