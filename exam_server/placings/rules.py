"""Who may leave a place, and who may answer an offer: from where a person stands, and nothing else."""

from __future__ import annotations

from typing import Literal, get_args

from exam_server.placings.refusals import (
    AlreadyLeft,
    EndingUnknown,
    NoPlace,
    NothingOffered,
    OfferOver,
    WhyMissing,
    WhyTooLong,
)
from exam_server.ranking.chain import Standing, Where
from exam_server.unseen import without_unseen

How = Literal["withdrew", "disqualified", "cancelled"]
HOWS: tuple[How, ...] = get_args(How)
BY_TWO: tuple[How, ...] = ("disqualified", "cancelled")
"""What one official cannot do alone."""

HOLDS: tuple[Where, ...] = ("accepted", "offered", "reserve")
"""Who stands so has something that can be left."""

GONE: tuple[Where, ...] = ("withdrew", "disqualified", "cancelled", "declined", "lapsed")
LONGEST = 500
OFFER_HOURS = 72
"""How long an offer stands when the announcement does not say otherwise."""


def check_leaves(standing: Standing) -> None:
    """Raises AlreadyLeft, NoPlace."""
    if standing.where in GONE:
        raise AlreadyLeft
    if standing.where not in HOLDS:
        raise NoPlace


def check_answers(standing: Standing) -> None:
    """Raises OfferOver, AlreadyLeft, NothingOffered."""
    if standing.where == "lapsed":
        raise OfferOver
    if standing.where in GONE:
        raise AlreadyLeft
    if standing.where != "offered":
        raise NothingOffered


def how_of(typed: str) -> How:
    """Raises EndingUnknown."""
    for one in HOWS:
        if one == typed:
            return one
    raise EndingUnknown


def why_of(typed: str) -> str:
    """A reason that others can read; raises WhyMissing, WhyTooLong."""
    said = without_unseen(typed).strip()
    if not said:
        raise WhyMissing
    if len(said) > LONGEST:
        raise WhyTooLong(most=LONGEST)
    return said
