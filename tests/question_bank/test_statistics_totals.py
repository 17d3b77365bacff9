"""The scores as they stand, beside numpy."""

import numpy as np
import pytest
from results_of_an_exam import bank, dropped, exam, facts_of, mixed

from question_bank.statistics.facts import points
from question_bank.statistics.totals import topic_means, totals

BANK = bank(8)
SHEETS = exam(BANK, rooms=3, seats=50)
TOPICS = {item: one.stratum for item, one in facts_of(BANK).items()}


def test_the_spread_of_the_scores_is_numpys():
    scores = np.array([sum(mark is True for mark in paper.marks) for paper in SHEETS])
    found = totals(SHEETS).scores
    assert (found.n, found.least, found.most) == (150, scores.min(), scores.max())
    assert (found.mean, found.sd) == pytest.approx((scores.mean(), scores.std(ddof=1)), abs=1e-9)
    assert found.quantiles == pytest.approx(np.quantile(scores, [0.05, 0.25, 0.5, 0.75, 0.95]), abs=1e-9)


def test_the_histogram_counts_every_paper_once():
    found = totals(SHEETS).histogram
    scores = [points(paper)[0] for paper in SHEETS]
    assert found == tuple(np.bincount(scores, minlength=31))


def test_a_topic_is_the_share_of_right_answers_among_its_own():
    found = topic_means(SHEETS, TOPICS)
    assert [one.topic for one in found] == sorted(set(TOPICS.values()))
    for one in found:
        marks = [mark for paper in SHEETS for item, mark in zip(paper.items, paper.marks, strict=True)
                 if TOPICS[item] == one.topic]  # fmt: skip
        assert (one.answers, one.right) == (len(marks), sum(marks))
        assert one.share == pytest.approx(np.mean(marks))
        assert one.interval.low < one.share < one.interval.high


def test_a_dropped_item_is_in_no_score_and_no_topic():
    without = dropped(SHEETS, 100)
    lost = sum(100 in paper.items for paper in SHEETS)
    before, after = topic_means(SHEETS, TOPICS), topic_means(without, TOPICS)
    assert sum(one.answers for one in before) - sum(one.answers for one in after) == lost
    assert totals(without).scores.mean < totals(SHEETS).scores.mean


def test_the_order_of_the_sheets_changes_nothing():
    assert totals(mixed(SHEETS)) == totals(SHEETS)
    assert topic_means(mixed(SHEETS), TOPICS) == topic_means(SHEETS, TOPICS)


def test_nobody_has_no_scores_and_no_topics():
    assert totals([]) is None
    assert topic_means([], TOPICS) == ()


def test_a_revision_without_a_topic_is_refused():
    with pytest.raises(KeyError):
        topic_means(SHEETS, {})
