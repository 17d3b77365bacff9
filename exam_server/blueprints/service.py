"""The plan of one selection's papers: what it asks of the bank, and what the bank can give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Activity, Attempt, BankItem, Paper, Recruitment
from exam_server.recruitments import service as recruitments
from exam_server.recruitments.service import Save, Sheet
from question_bank.blueprint import (
    BankTooSmall,
    Blueprint,
    Overlap,
    Ref,
    Stratum,
    expected_overlap,
    shortfall,
)

EDITS, SECTION = "admin", "activities"
"""The plan belongs to this section of the recruitment, whose rules decide whether it may change."""


class Official(Protocol):
    """Who asks."""

    @property
    def id(self) -> int: ...

    def may(self, office_id: int, *roles: str) -> bool: ...


@dataclass(frozen=True)
class Plan:
    """A selection with its plan; `drawn` counts papers drawn by it, `begun` attempts that run or ran."""

    public_id: str
    name: str
    office_id: int
    year: int
    published: bool
    drawn: int
    begun: int


@dataclass(frozen=True)
class Line:
    """One stratum: reviewed items that fit it, drafts that would, and how many it lacks beside the others."""

    stratum: Stratum
    reviewed: int
    drafts: int
    lacking: int


@dataclass(frozen=True)
class Weighed:
    """A plan against the bank; no overlap while the bank cannot fill it."""

    lines: tuple[Line, ...]
    total: int
    overlap: Overlap | None

    @property
    def lacking(self) -> int:
        return sum(line.lacking for line in self.lines)


def own(db: Database, person: Official, public_id: str, now: datetime) -> Plan:
    """For an admin of its office; anybody else finds nothing (NotFound) and leaves a row in the trail."""
    with db.read() as tx:
        row = tx.execute(
            sa.select(Activity, Recruitment.published_at)
            .join(Recruitment, Recruitment.id == Activity.recruitment_id)
            .where(Activity.public_id == public_id, Activity.kind == "selection")
        ).one_or_none()
        if row is None:
            raise NotFound
        one = row.Activity
        drawn = tx.scalar(_attempts(one.id).join(Paper, Paper.attempt_id == Attempt.id)) or 0
        begun = tx.scalar(_attempts(one.id).where(Attempt.started_at.is_not(None))) or 0
    if not person.may(one.office_id, EDITS):
        audit.refuse_foreign(db, person.id, "activity", one.id, now)
    return Plan(one.public_id, one.name, one.office_id, one.year, row.published_at is not None, drawn, begun)


def _attempts(activity_id: int) -> sa.Select[int]:
    return sa.select(sa.func.count(Attempt.id)).where(Attempt.activity_id == activity_id)


def weigh(db: Database, office_id: int, blueprint: Blueprint) -> Weighed:
    """What the reviewed items of the office's bank make of this plan."""
    with db.read() as tx:
        refs, drafts = bank.refs(tx, office_id), _drafts(tx, office_id)
    short = _shortfall(refs, blueprint)
    lines = tuple(
        Line(one, sum(map(one.takes, refs)), sum(map(one.takes, drafts)), lacking)
        for one, lacking in zip(blueprint.strata, short, strict=True)
    )
    try:
        overlap = expected_overlap(refs, blueprint) if blueprint.total else None
    except BankTooSmall:
        overlap = None
    return Weighed(lines, blueprint.total, overlap)


def _shortfall(refs: Sequence[Ref], blueprint: Blueprint) -> list[int]:
    """How many each stratum lacks, in their order; equal strata are told apart by it."""
    missing = shortfall(refs, blueprint)
    counts = []
    for stratum in blueprint.strata:
        place = next((at for at, (one, _) in enumerate(missing) if one == stratum), None)
        counts.append(0 if place is None else missing.pop(place)[1])
    return counts


def _drafts(tx: Session, office_id: int) -> list[Ref]:
    rows = tx.execute(
        sa.select(BankItem.id, BankItem.topic, BankItem.difficulty)
        .where(BankItem.office_id == office_id, BankItem.state == "draft")
    )  # fmt: skip
    return [Ref(row.id, row.topic, row.difficulty, 0) for row in rows]


def sheet(db: Database, plan: Plan) -> Sheet:
    """The section to which the plan belongs, as it stands."""
    return recruitments.sheet(db, plan.office_id, plan.year, SECTION)


def save(
    db: Database, plan: Plan, strata: list[dict[str, Any]], reason: str, seen: str, actor_id: int,
    now: datetime,
) -> None:  # fmt: skip
    """The plan is kept, the rest of its section stays; raises what `recruitments.service.save` does."""
    values = sheet(db, plan).values | {"strata": strata}
    recruitments.save(db, plan.office_id, plan.year, Save(SECTION, values, reason, seen), actor_id, now)
