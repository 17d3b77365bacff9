"""Tails of the distributions that the comparisons need, and what many comparisons at once make of them."""

from collections.abc import Iterable, Sequence
from math import erfc, sqrt


def chi_square_tail(value: float) -> float:
    """Return the probability that a chi-square with one degree of freedom is at least this large."""
    return erfc(sqrt(value / 2))


def sum_tail(chances: Iterable[float], at_least: int, until: float = 2.0) -> float:
    """Return the probability that so many or more of independent events happen (a Poisson binomial tail).

    Exact by convolution, from the small end of the tail, so that a tail of 1e-30 keeps its digits. The tail
    only grows with each event: once it is beyond `until`, the rest is not asked and that much is returned.
    """
    if at_least <= 0:
        return 1.0
    # reached[j]: exactly j happened so far; the last one: `at_least` or more did.
    reached = [1.0] + [0.0] * at_least
    for done, chance in enumerate(chances, 1):
        missed = 1 - chance
        full = min(done, at_least)
        if full == at_least:
            reached[full] += reached[full - 1] * chance
            if reached[full] > until:
                break
            full -= 1
        for count in range(full, 0, -1):
            reached[count] = reached[count] * missed + reached[count - 1] * chance
        reached[0] *= missed
    return reached[at_least]


def benjamini_hochberg(tails: Sequence[float]) -> list[float]:
    """Return each p-value adjusted so that a limit on it bounds the share of false findings.

    Benjamini & Hochberg 1995, the step-up procedure; same order as given.
    """
    adjusted, least = [0.0] * len(tails), 1.0
    order = sorted(range(len(tails)), key=tails.__getitem__)
    for rank in range(len(tails), 0, -1):
        place = order[rank - 1]
        least = min(least, tails[place] * len(tails) / rank)
        adjusted[place] = least
    return adjusted
