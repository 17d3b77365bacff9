"""Who comes before whom, and who gets a place: totals, ties, must-haves, quotas.

Everything is exact (fractions), and nothing depends on the order in which candidates are told, so that the
same facts always make the same list. Ties are broken by the recorded rules in their order, in the end by a
lot that anybody can draw again: SHA-256 over the lot's name and the candidate's number.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

TEST = "test"
APPLIED = "applied"
"""The tie-break that prefers who applied earlier."""

LOT = "lot"
ALL = 100
"""What weights sum to, and the most that a total can be."""

Key = tuple[Fraction, tuple[Fraction | int | str, ...]]
"""By which candidates are sorted; the total with its sign turned, and what decides between equals."""

Outcome = Literal["accepted", "reserve", "not_accepted", "not_eligible"]


@dataclass(frozen=True)
class Component:
    """A part of the total: `test`, `preference:<position>` or `mark:<word>`; `most` is its highest value.

    `basis` says which fact of an application meets a preference.
    """

    key: str
    weight: Fraction
    most: int = 1
    label: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Criteria:
    """How candidates are compared; `gates` are positions of must-haves, `ties` keys in order."""

    components: tuple[Component, ...]
    gates: tuple[int, ...] = ()
    ties: tuple[str, ...] = ()
    lot: str = ""


@dataclass(frozen=True)
class Runner:
    """One candidate who sat: shares of each component from 0 to 1, and must-haves that are not met."""

    attempt: int
    number: str
    kecamatan: str
    desa: str
    shares: Mapping[str, Fraction]
    applied_at: int = 0
    failed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A place in the order, from 1; `tie` names the rule that put it behind the one before."""

    attempt: int
    rank: int
    total: Fraction
    tie: str | None = None


@dataclass(frozen=True)
class Quota:
    """Places for one desa, one kecamatan, or (both empty) for everybody no other quota is meant for."""

    places: int
    kecamatan: str = ""
    desa: str = ""


@dataclass(frozen=True)
class Placed:
    """What the selection says of one candidate; `quota` is an index, None when no place is meant for them."""

    attempt: int
    outcome: Outcome
    total: Fraction
    rank: int | None = None
    quota: int | None = None
    reserve: int | None = None
    tie: str | None = None
    failed: tuple[int, ...] = field(default=())


def total(criteria: Criteria, runner: Runner) -> Fraction:
    """Points from 0 to 100; a component that is not there counts 0."""
    return sum(
        (one.weight * runner.shares.get(one.key, Fraction(0)) for one in criteria.components), Fraction(0)
    )


def rank(criteria: Criteria, runners: Iterable[Runner]) -> tuple[Ranked, ...]:
    """Everybody in order, ranks 1, 2, 3 ... without a gap or a shared place."""
    ordered = sorted(((_key(criteria, one), one) for one in runners), key=lambda pair: pair[0])
    found: list[Ranked] = []
    before: Key | None = None
    for position, (key, runner) in enumerate(ordered, 1):
        found.append(Ranked(runner.attempt, position, -key[0], _broken_by(criteria, before, key)))
        before = key
    return tuple(found)


def select(
    criteria: Criteria, runners: Iterable[Runner], quotas: Sequence[Quota], reserves: int
) -> tuple[Placed, ...]:
    """The whole selection: who meets every must-have is ranked, and each quota takes its best.

    Of each quota `reserves` more wait, numbered from 1. In the order of ranks; then who is not eligible.
    """
    runners = list(runners)
    by_attempt = {one.attempt: one for one in runners}
    taken: dict[int, int] = defaultdict(int)
    placed: list[Placed] = []
    for ranked in rank(criteria, (one for one in runners if not one.failed)):
        quota = quota_of(by_attempt[ranked.attempt], quotas)
        outcome, reserve = _outcome(quota, quotas, reserves, taken)
        placed.append(Placed(ranked.attempt, outcome, ranked.total, ranked.rank, quota, reserve, ranked.tie))
    out = sorted((one for one in runners if one.failed), key=lambda one: (one.number, one.attempt))
    return (*placed, *(Placed(one.attempt, "not_eligible", total(criteria, one), failed=one.failed)
                       for one in out))  # fmt: skip


def quota_of(runner: Runner, quotas: Sequence[Quota]) -> int | None:
    """The narrowest quota that is meant for them: their desa, else their kecamatan, else everybody."""
    for kecamatan, desa in ((runner.kecamatan, runner.desa), (runner.kecamatan, ""), ("", "")):
        for index, one in enumerate(quotas):
            if (one.kecamatan, one.desa) == (kecamatan, desa):
                return index
    return None


def _outcome(
    quota: int | None, quotas: Sequence[Quota], reserves: int, taken: dict[int, int]
) -> tuple[Outcome, int | None]:
    if quota is None:
        return "not_accepted", None
    taken[quota] += 1
    behind = taken[quota] - quotas[quota].places
    if behind <= 0:
        return "accepted", None
    return ("reserve", behind) if behind <= reserves else ("not_accepted", None)


def _key(criteria: Criteria, runner: Runner) -> Key:
    """Smaller is better: the total, then each tie-break, then the lot; the number decides what is left."""
    ties: list[Fraction | int | str] = [
        runner.applied_at if tie == APPLIED else -runner.shares.get(tie, Fraction(0)) for tie in criteria.ties
    ]
    drawn = lot(criteria.lot, runner.number)
    return -total(criteria, runner), (*ties, drawn, runner.number, runner.attempt)


def lot(name: str, number: str) -> str:
    """The lot of one candidate; the smallest wins."""
    return hashlib.sha256(f"{name}\n{number}".encode()).hexdigest()


def _broken_by(criteria: Criteria, before: Key | None, key: Key) -> str | None:
    if before is None or before[0] != key[0]:
        return None
    for tie, one, other in zip(criteria.ties, before[1], key[1], strict=False):
        if one != other:
            return tie
    return LOT
