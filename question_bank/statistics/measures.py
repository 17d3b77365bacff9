"""Means, spreads, quantiles, correlations and their intervals, summed without loss of digits."""

from collections.abc import Sequence
from math import atanh, fsum, sqrt, tanh
from operator import mul
from statistics import NormalDist
from typing import NamedTuple

Z = NormalDist().inv_cdf(0.975)
"""Standard errors to each side of a 95 % interval."""

ENOUGH = 30
"""Fewer answers than this say too little: an interval of a correlation is then wider than 0.7."""


class Interval(NamedTuple):
    """A 95 % confidence interval."""

    low: float
    high: float


class Spread(NamedTuple):
    """How numbers are spread; `sd` divides by n - 1, `quantiles` are at 5, 25, 50, 75 and 95 per cent."""

    n: int
    mean: float
    sd: float
    least: float
    most: float
    quantiles: tuple[float, ...]


def mean(values: Sequence[float]) -> float:
    """Return the mean; raises ZeroDivisionError for no values."""
    return fsum(values) / len(values)


def squares(values: Sequence[float]) -> float:
    """Return the sum of squared deviations from the mean."""
    centre = mean(values)
    apart = [value - centre for value in values]
    return fsum(map(mul, apart, apart))


def variance(values: Sequence[float]) -> float:
    """Return the variance with divisor n - 1; 0.0 for fewer than two values."""
    return squares(values) / (len(values) - 1) if len(values) > 1 else 0.0


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the quantile of ascending values, linear between them (type 7 of Hyndman & Fan 1996)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of at least one value."""
    ordered = sorted(values)
    cuts = tuple(quantile(ordered, share) for share in (0.05, 0.25, 0.5, 0.75, 0.95))
    return Spread(len(ordered), mean(ordered), sqrt(variance(ordered)), ordered[0], ordered[-1], cuts)


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Pearson's correlation, -1..1; None where one of the two does not vary."""
    # Equal floats have a mean that may differ from them in the last digit, so that is asked first.
    if not one or min(one) == max(one) or min(other) == max(other):
        return None
    centre, of_other = mean(one), mean(other)
    left, right = [value - centre for value in one], [value - of_other for value in other]
    product = fsum(map(mul, left, right))
    found = product / sqrt(fsum(map(mul, left, left)) * fsum(map(mul, right, right)))
    return max(-1.0, min(1.0, found))


def fisher_interval(correlation: float, n: int) -> Interval | None:
    """Return the interval of a correlation by Fisher's z (1921); None for n < 4 or a perfect correlation.

    Approximate: one of our two variables has two values only.
    """
    if n < 4 or abs(correlation) == 1:
        return None
    half = Z / sqrt(n - 3)
    return Interval(tanh(atanh(correlation) - half), tanh(atanh(correlation) + half))


def wilson_interval(right: int, n: int) -> Interval:
    """Return the interval of a proportion by Wilson (1927), which stays within 0..1 and holds at its ends."""
    share, square = right / n, Z * Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Interval(0.0 if right == 0 else centre - half, 1.0 if right == n else centre + half)
