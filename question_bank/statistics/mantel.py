"""Two groups compared within strata, so that the abler group is not taken for the easier item."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from question_bank.statistics.probability import chi_square_tail


class Table(NamedTuple):
    """Right and wrong answers of two groups in one stratum."""

    first_right: int
    first_wrong: int
    second_right: int
    second_wrong: int


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """`chi_square` has one degree of freedom and the continuity correction, `p` is its two-sided tail.

    `odds` is the common odds ratio of the first group over the second, None where it is infinite;
    `difference` is the second's facility minus the first's with the weights n1 * n2 / n (Cochran 1954).
    """

    chi_square: float
    p: float
    odds: float | None
    difference: float


def mantel_haenszel(tables: Sequence[Table]) -> MantelHaenszel | None:
    """Return the comparison (Mantel & Haenszel 1959); None where no stratum can show a difference."""
    both = [table for table in tables if sum(table[:2]) and sum(table[2:])]
    spread = fsum(map(_variance, both))
    if not spread:
        return None
    surplus = fsum(map(_surplus, both))
    chi_square = max(0.0, abs(surplus) - 0.5) ** 2 / spread
    over = fsum(table.first_right * table.second_wrong / sum(table) for table in both)
    under = fsum(table.first_wrong * table.second_right / sum(table) for table in both)
    weight = fsum(sum(table[:2]) * sum(table[2:]) / sum(table) for table in both)
    return MantelHaenszel(
        chi_square, chi_square_tail(chi_square), over / under if under else None, -surplus / weight
    )


def _surplus(table: Table) -> float:
    """The first group's right answers beyond what its size would give."""
    right = table.first_right + table.second_right
    return table.first_right - sum(table[:2]) * right / sum(table)


def _variance(table: Table) -> float:
    n, right = sum(table), table.first_right + table.second_right
    return sum(table[:2]) * sum(table[2:]) * right * (n - right) / (n * n * (n - 1)) if n > 1 else 0.0
