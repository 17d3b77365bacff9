"""The scores of an exam as they stand: how many, how high, how spread, and by topic."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from question_bank.statistics.facts import Sheet, in_order, points
from question_bank.statistics.measures import Interval, Spread, spread, wilson_interval


@dataclass(frozen=True, slots=True)
class Totals:
    """`scores`: right answers per paper; `histogram[s]`: papers with s right, from 0 to the longest paper."""

    scores: Spread
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopicMean:
    """How a topic went: the share of right answers among all that counted, a blank is wrong.

    `interval` is Wilson's and takes the answers as independent; those of one candidate are a little alike.
    """

    topic: str
    answers: int
    right: int
    share: float
    interval: Interval


def totals(sheets: Iterable[Sheet]) -> Totals | None:
    """Return the spread of the scores; None when nobody sat."""
    scored = [points(sheet) for sheet in in_order(sheets)]
    if not scored:
        return None
    counts = Counter(score for score, _ in scored)
    longest = max(length for _, length in scored)
    return Totals(
        spread([score for score, _ in scored]), tuple(counts[score] for score in range(longest + 1))
    )


def topic_means(sheets: Iterable[Sheet], topic_of: Mapping[int, str]) -> tuple[TopicMean, ...]:
    """Return the topics by name; `topic_of` maps every revision, else KeyError."""
    answers: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for sheet in sheets:
        for item, mark, counts in zip(sheet.items, sheet.marks, sheet.counted, strict=True):
            if counts:
                answers[item] += 1
                right[item] += mark is True
    by_topic: dict[str, list[int]] = {}
    for item, n in answers.items():
        both = by_topic.setdefault(topic_of[item], [0, 0])
        both[0] += n
        both[1] += right[item]
    return tuple(
        TopicMean(topic, n, k, k / n, wilson_interval(k, n)) for topic, (n, k) in sorted(by_topic.items())
    )
