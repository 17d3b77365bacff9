"""The intraclass correlation of targets that were each judged by other judges: one-way random effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from question_bank.statistics.measures import mean, squares


@dataclass(frozen=True, slots=True)
class Intraclass:
    """`single` is ICC(1,1), the reliability of one rating; `average` is ICC(1,k), that of the mean of k."""

    between: float
    within: float
    single: float
    average: float


def intraclass(ratings: Sequence[Sequence[float]]) -> Intraclass | None:
    """Return the one-way analysis of k ratings of each target (Shrout & Fleiss 1979, case 1).

    `between` and `within` are mean squares. None when the targets do not differ; raises ValueError unless
    there are two targets or more, each with the same number of ratings, two or more.
    """
    k = len(ratings[0]) if ratings else 0
    if len(ratings) < 2 or k < 2 or any(len(row) != k for row in ratings):
        raise ValueError("each of two or more targets needs the same number of ratings, two or more")
    between = k * squares([mean(row) for row in ratings]) / (len(ratings) - 1)
    within = fsum(map(squares, ratings)) / (len(ratings) * (k - 1))
    if not between:
        return None
    return Intraclass(
        between, within, (between - within) / (between + (k - 1) * within), (between - within) / between
    )
