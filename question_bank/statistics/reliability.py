"""How far a score would repeat itself on another draw of the same plan: reliability and standard error."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt
from typing import Literal

from question_bank.statistics.facts import ItemFacts, Sheet, in_order
from question_bank.statistics.measures import ENOUGH, Interval, Z, mean, squares, variance
from question_bank.statistics.strata import pooled_strata

Unreliable = Literal["few_candidates", "short_papers", "no_variance", "not_positive"]
"""Why there is no number: under 30 candidates, a paper of one item, equal scores, more error than spread."""

Counts = tuple[int, int]
"""(items, right answers) of one candidate in one stratum."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """`value` 0..1; `sem` is the standard error of measurement in points on a paper of `length` items.

    `pooled` names each stratum too short to be measured alone, and the one that it was measured with.
    `interval` is None where a single candidate carries the spread.
    """

    value: float
    interval: Interval | None
    sem: float
    length: float
    n: int
    pooled: tuple[tuple[str, str], ...]


def reliability(sheets: Iterable[Sheet], facts: Mapping[int, ItemFacts]) -> Reliability | Unreliable:
    """Return the reliability of the scores when each candidate had another draw, or why it cannot be told.

    Alpha and KR-20 need everybody to have the same items. Here items are nested in candidates (the i:p
    design of generalizability theory, Brennan 2001), so what a candidate's own answers differ by within a
    stratum is the error, luck of the draw included: n * variance, summed over strata. Reliability is
    1 - error / observed variance (stratified as Cronbach, Schoenemann & McKie 1965); with one stratum it is
    ICC(1,k) of Shrout & Fleiss 1979. Scores are proportions, so papers that lost a dropped item stay
    comparable. A draw without replacement from a small bank has a little less error, so the value errs on the
    low side. Raises KeyError for an item without facts.
    """
    ordered = in_order(sheets)
    group_of = pooled_strata(ordered, facts)
    counts = [_counts(sheet, facts, group_of) for sheet in ordered]
    lengths = [sum(n for n, _ in one.values()) for one in counts]
    if len(ordered) < ENOUGH:
        return "few_candidates"
    if min(lengths) < 2:
        return "short_papers"
    right = [sum(right for _, right in one.values()) for one in counts]
    scores = [score / length for score, length in zip(right, lengths, strict=True)]
    errors = _errors(counts, lengths)
    observed = variance(scores) if min(scores) < max(scores) else 0.0
    if not observed:
        return "no_variance"
    if mean(errors) >= observed:
        return "not_positive"
    pooled = tuple(sorted((one, group) for one, group in group_of.items() if one != group))
    length, value = mean(lengths), 1 - mean(errors) / observed
    sem = length * sqrt(mean(errors))
    return Reliability(value, _jackknife(scores, errors), sem, length, len(scores), pooled)


def _counts(sheet: Sheet, facts: Mapping[int, ItemFacts], group_of: Mapping[str, str]) -> dict[str, Counts]:
    items: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for item, mark, counts in zip(sheet.items, sheet.marks, sheet.counted, strict=True):
        if counts:
            group = group_of[facts[item].stratum]
            items[group] += 1
            right[group] += mark is True
    return {group: (n, right[group]) for group, n in items.items()}


def _errors(counts: Sequence[Mapping[str, Counts]], lengths: Sequence[int]) -> list[float]:
    """The error variance of each candidate's proportion, estimated from that candidate's own answers.

    Where dropping left a candidate one item of a stratum, the others' variance stands in for it.
    """
    apart: dict[str, list[float]] = defaultdict(list)
    free: Counter[str] = Counter()
    for one in counts:
        for group, (n, right) in one.items():
            apart[group].append(right * (n - right) / n)
            free[group] += n - 1
    usual = {group: fsum(values) / free[group] for group, values in apart.items()}
    return [
        fsum(right * (n - right) / (n - 1) if n > 1 else usual[group] for group, (n, right) in one.items())
        / (length * length)
        for one, length in zip(counts, lengths, strict=True)
    ]


def _jackknife(scores: Sequence[float], errors: Sequence[float]) -> Interval | None:
    """The interval by leaving out one candidate at a time, on the scale log(1 - reliability).

    The F interval of McGraw & Wong (1996) wants normal ratings with one error variance and a single stratum;
    marks are 0 or 1. This asks only that candidates are independent, and gives the same answer every time.
    None where one candidate alone carries the spread.
    """
    n, centre, total, around = len(scores), mean(scores), fsum(errors), squares(scores)
    logs = []
    for score, error in zip(scores, errors, strict=True):
        without = around - n / (n - 1) * (score - centre) ** 2
        if without <= 1e-12 * around or total - error <= 1e-12 * total:
            return None
        logs.append(log((total - error) / (n - 1) / (without / (n - 2))))
    half = Z * sqrt((n - 1) / n * squares(logs))
    middle = log(total / n / (around / (n - 1)))
    return Interval(max(0.0, 1 - exp(middle + half)), 1 - exp(middle - half))
