"""A candidate's own result: nothing before its day, then all of it that the policy shows.

Only the own rows are read, so that a whole activity may look at the same minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.exam.lookups import facts_of
from exam_server.exam.rules import status
from exam_server.models import (
    Attempt,
    Booking,
    GateCheck,
    Phase,
    PlaceEvent,
    Placing,
    Requirement,
    ResultAnnouncement,
    SelectionList,
    Sitting,
)
from exam_server.models import Criteria as CriteriaRow
from exam_server.placings import answers, policy, rows
from exam_server.placings.policy import Policy
from exam_server.placings.published import awaited, published
from exam_server.placings.service import newest_selection
from exam_server.ranking import ground
from exam_server.ranking.chain import Standing
from exam_server.ranking.contents import criteria_of, position_of
from exam_server.ranking.ground import Ground
from exam_server.scores import service as scores
from exam_server.scores.service import Scored

Words = dict[str, str]
"""A text as it was announced: {id, en}."""

Out = Literal["", "not_chosen", "absent", "unlisted"]
"""Why there is no placing: no sitting chosen, not sat, or (never by itself) not listed although sat."""


@dataclass(frozen=True)
class Part:
    """A component of the own total: its share of full marks, its weight, and so its points."""

    key: str
    label: Words | str
    share: Fraction
    weight: Fraction
    most: int

    @property
    def points(self) -> Fraction:
        return self.share * self.weight

    @property
    def value(self) -> Fraction:
        """As it was given: of `most`."""
        return self.share * self.most


@dataclass(frozen=True)
class Placed:
    """What the announced list says of one candidate."""

    number: str
    rank: int | None
    reserve: int | None
    total: Fraction
    parts: tuple[Part, ...]
    failed: tuple[tuple[Words, str], ...]
    """Must-haves that are not met: its announced text, and what the office noted."""


@dataclass(frozen=True)
class OwnResult:
    """Before the announcement `published_at` is empty and so is everything that the result says."""

    place: Ground
    published_at: datetime | None
    awaited_at: datetime | None
    """When it will be: made already, or else as the schedule announces it."""
    policy: Policy
    score: Scored | None
    out: Out
    standing: Standing | None
    placed: Placed | None
    happened: tuple[PlaceEvent, ...]
    notes: tuple[Words, ...]


def own(db: Database, candidate_id: int, now: datetime) -> OwnResult | None:
    """None for who entered no selection."""
    with db.read() as tx:
        activity_id = newest_selection(tx, candidate_id)
        if activity_id is None:
            return None
        place, announcement = ground.of_activity(tx, activity_id), published(tx, activity_id, now)
        shown = policy.of(tx, activity_id, announcement)
        sat = _sat(tx, candidate_id, activity_id)
        if announcement is None:
            score = _score(tx, place, sat[0].id, None) if sat and shown.score else None
            return OwnResult(place, None, _when(tx, place, now), shown, score, "", None, None, (), ())
        return _announced(tx, place, announcement, shown, sat, now)


def _announced(
    tx: Session, place: Ground, announcement: ResultAnnouncement, shown: Policy,
    sat: tuple[Attempt, Sitting] | None, now: datetime,
) -> OwnResult:  # fmt: skip
    frozen = tx.get_one(SelectionList, announcement.list_id)
    placing = tx.get(Placing, (frozen.id, sat[0].id)) if sat else None
    score = standing = placed = None
    happened: Sequence[PlaceEvent] = ()
    if placing is not None:
        happened = rows.stored(tx, place.activity_id, placing.attempt_id)
        standing = rows.standing(placing, happened, now)
        placed = _placed(tx, place, frozen, placing)
        score = _score(tx, place, placing.attempt_id, frozen.result_number) if shown.score else None
    notes = answers.corrections(tx, place.activity_id, frozen.result_number)
    return OwnResult(
        place, announcement.publish_at, None, shown, score, _out(placing, sat, now), standing, placed,
        tuple(happened), notes,
    )  # fmt: skip


def _out(placing: Placing | None, sat: tuple[Attempt, Sitting] | None, now: datetime) -> Out:
    if placing is not None:
        return ""
    if sat is None:
        return "not_chosen"
    return "absent" if status(facts_of(*sat), now)[0] == "absent" else "unlisted"


def _sat(tx: Session, candidate_id: int, activity_id: int) -> tuple[Attempt, Sitting] | None:
    row = tx.execute(
        sa.select(Attempt, Sitting)
        .join(Booking, Booking.id == Attempt.booking_id)
        .join(Sitting, Sitting.id == Booking.sitting_id)
        .where(Attempt.candidate_id == candidate_id, Attempt.activity_id == activity_id)
    ).one_or_none()
    return (row.Attempt, row.Sitting) if row else None


def _score(tx: Session, place: Ground, attempt_id: int, version: int | None) -> Scored | None:
    return scores.in_force(tx, place.activity_id, version, [attempt_id]).get(attempt_id)


def _when(tx: Session, place: Ground, now: datetime) -> datetime | None:
    announced = awaited(tx, place.activity_id, now)
    if announced is not None:
        return announced
    return tx.scalar(
        sa.select(Phase.opens_at)
        .where(Phase.recruitment_id == place.recruitment_id, Phase.kind == "result", Phase.opens_at > now)
        .order_by(Phase.position)
        .limit(1)
    )


def _placed(tx: Session, place: Ground, frozen: SelectionList, placing: Placing) -> Placed:
    detail, texts = placing.detail, _texts(tx, place)
    criteria = criteria_of(tx.get_one(CriteriaRow, frozen.criteria_id).content)
    shares = {key: Fraction(share) for key, share in detail["shares"].items()}
    parts = tuple(
        Part(one.key, texts.get(position_of(one.key)) or one.label, shares.get(one.key, Fraction(0)),
             one.weight, one.most)
        for one in criteria.components
    )  # fmt: skip
    why = _why(tx, placing.attempt_id) if detail["failed"] else {}
    failed = tuple((texts.get(one, {}), why.get(one, "")) for one in detail["failed"])
    return Placed(detail["number"], placing.rank, placing.reserve, Fraction(detail["total"]), parts, failed)


def _texts(tx: Session, place: Ground) -> dict[int, Words]:
    """Announced requirements by position."""
    rows = tx.execute(
        sa.select(Requirement.position, Requirement.text)
        .where(Requirement.recruitment_id == place.recruitment_id)
    )  # fmt: skip
    return {row.position: row.text for row in rows}


def _why(tx: Session, attempt_id: int) -> dict[int, str]:
    """What the office noted last of each must-have that is not met."""
    rows = tx.execute(
        sa.select(GateCheck.requirement, GateCheck.note)
        .where(GateCheck.attempt_id == attempt_id, GateCheck.met.is_(False))
        .order_by(GateCheck.id)
    )  # fmt: skip
    return {row.requirement: row.note for row in rows}
