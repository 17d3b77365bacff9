"""The queue of one activity: counts, filters and pages; as many statements for 5,000 rows as for 50."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exam_server.db import Database
from exam_server.models import (
    Account,
    Activity,
    Application,
    ApplicationVersion,
    Office,
    Phase,
    Screening,
    from_micros,
    to_micros,
)
from exam_server.offices.rules import Standing as StageStanding
from exam_server.offices.rules import standing as stage_standing
from exam_server.profile.rules import from_json
from exam_server.registration.rules import Finding, Where, consistency
from exam_server.screening.cases import Desk, Official, desk_of, facts
from exam_server.screening.rules import STANDINGS, Standing, standing
from exam_server.screening.standings import standing_at

PAGE = 50
AT_A_TIME = 200
"""Rows fetched at once while a page is sought whose rows only Python can tell."""


@dataclass(frozen=True)
class Wanted:
    """What the queue is narrowed to; empty = everything."""

    state: str = ""
    text: str = ""
    kecamatan: str = ""
    flagged: bool = False


@dataclass(frozen=True)
class Row:
    """One application; `findings` are those that are not met."""

    public_id: str
    name: str
    kecamatan: str
    sent_at: datetime
    version: int
    state: Standing
    until: datetime | None
    findings: tuple[Finding, ...]
    checked: bool
    claimed_by: str | None
    claimed_until: datetime | None


@dataclass(frozen=True)
class Counts:
    """Applications by standing; `ready` of the waiting ones were compared and agree in everything."""

    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STANDINGS, 0))
    ready: int = 0

    @property
    def all(self) -> int:
        return sum(self.by_state.values())

    @property
    def decided(self) -> int:
        return self.by_state["accepted"] + self.by_state["rejected"]


@dataclass(frozen=True)
class Queue:
    """One page; `next_key` opens the following one."""

    rows: tuple[Row, ...]
    next_key: str | None
    counts: Counts
    stage: StageStanding | None
    closes_at: datetime | None


@dataclass(frozen=True)
class Card:
    """One activity in the list of those that an official screens."""

    desk: Desk
    counts: Counts


def desks(db: Database, official: Official, now: datetime) -> list[Card]:
    """Registration activities of the official's offices, newest first, each with its progress."""
    wanted = sa.select(Activity, Office).join(Office, Office.id == Activity.office_id)
    wanted = wanted.where(Activity.kind == "registration")
    if official.offices is not None:
        wanted = wanted.where(Activity.office_id.in_(official.offices))
    with db.read() as tx:
        found = [desk_of(*row) for row in tx.execute(wanted.order_by(Activity.year.desc(), Office.name))]
        counted = _counts(tx, Screening.activity_id.in_([desk.id for desk in found]), now)
    return [Card(desk, counted.get(desk.id, Counts())) for desk in found]


def queue(db: Database, desk: Desk, wanted: Wanted, after: str, now: datetime) -> Queue:
    """At most PAGE applications, oldest sending first; `after` is the `next_key` of the page before."""
    with db.read() as tx:
        stage = tx.execute(
            sa.select(Phase.opens_at, Phase.closes_at)
            .where(Phase.recruitment_id == desk.recruitment_id, Phase.kind == "screening")
        ).one_or_none()  # fmt: skip
        counts = _counts(tx, Screening.activity_id == desk.id, now).get(desk.id, Counts())
        rows = _rows(tx, desk, wanted, after, now)
    more = f"{to_micros(rows[PAGE - 1].sent_at)}-{rows[PAGE - 1].public_id}" if len(rows) > PAGE else None
    return Queue(
        tuple(rows[:PAGE]), more, counts,
        stage_standing(stage.opens_at, stage.closes_at, now) if stage else None,
        stage.closes_at if stage else None,
    )  # fmt: skip


def _counts(tx: Session, which: sa.ColumnElement[bool], now: datetime) -> dict[int, Counts]:
    """Counts per activity, in one statement."""
    state = standing_at(now).label("state")
    inner = sa.select(Screening.activity_id, state, Screening.checked_at).where(which).subquery()
    found: dict[int, Counts] = {}
    for activity_id, word, count, checked in tx.execute(
        sa.select(inner.c.activity_id, inner.c.state, sa.func.count(), sa.func.count(inner.c.checked_at))
        .group_by(inner.c.activity_id, inner.c.state)
    ):  # fmt: skip
        former = found.get(activity_id, Counts())
        ready = checked if word == "waiting" else former.ready
        found[activity_id] = Counts(former.by_state | {word: count}, ready)
    return found


def _rows(tx: Session, desk: Desk, wanted: Wanted, after: str, now: datetime) -> list[Row]:
    """One page and the first row of the next; flagged ones are sought row by row."""
    statement = _statement(desk, wanted, after, now)
    if not wanted.flagged:
        return [_row(desk, found, now) for found in tx.execute(statement.limit(PAGE + 1))]
    with contextlib.closing(tx.execute(statement, execution_options={"yield_per": AT_A_TIME})) as streamed:
        told = (_row(desk, found, now) for found in streamed)
        return list(itertools.islice((row for row in told if row.findings), PAGE + 1))


def _statement(desk: Desk, wanted: Wanted, after: str, now: datetime) -> sa.Select[Any]:
    claimer = aliased(Account)
    statement = (
        sa.select(Screening, Application.applied_at, Account.name, ApplicationVersion.data,
                  claimer.name.label("claimer"))
        .join(Application, Application.id == Screening.application_id)
        .join(Account, Account.id == Application.candidate_id)
        .join(ApplicationVersion, sa.and_(ApplicationVersion.application_id == Screening.application_id,
                                          ApplicationVersion.number == Screening.version))
        .outerjoin(claimer, claimer.id == Screening.claimed_by)
        .where(Screening.activity_id == desk.id)
        .order_by(Screening.sent_at, Screening.application_id)
    )  # fmt: skip
    if wanted.state in STANDINGS:
        statement = statement.where(standing_at(now) == wanted.state)
    if wanted.text.strip():
        statement = statement.where(Account.name.icontains(wanted.text.strip(), autoescape=True))
    if wanted.kecamatan:
        statement = statement.where(ApplicationVersion.data["kecamatan"].as_string() == wanted.kecamatan)
    key = _key(after)
    return statement if key is None else statement.where(_beyond(*key))


def _key(after: str) -> tuple[datetime, str] | None:
    """The place after which a page begins; what nobody was given by us begins at the front."""
    micros, dash, public_id = after.partition("-")
    return (from_micros(int(micros)), public_id) if dash and micros.isdecimal() and len(micros) < 18 else None


def _beyond(sent_at: datetime, public_id: str) -> sa.ColumnElement[bool]:
    same = aliased(Screening)
    place = sa.select(same.application_id).where(same.public_id == public_id).scalar_subquery()
    later = sa.or_(Screening.sent_at > sent_at, Screening.application_id > place)
    return sa.and_(Screening.sent_at >= sent_at, later)


def _row(desk: Desk, found: Any, now: datetime) -> Row:
    screening, applied_at, name, data, claimer = found
    state, until = standing(facts(screening), now)
    held = screening.claimed_until is not None and screening.claimed_until > now
    return Row(
        public_id=screening.public_id, name=name, kecamatan=data.get("kecamatan") or "",
        sent_at=screening.sent_at, version=screening.version, state=state, until=until,
        findings=findings(desk, data, applied_at), checked=screening.checked_at is not None,
        claimed_by=claimer if held else None, claimed_until=screening.claimed_until if held else None,
    )  # fmt: skip


def findings(desk: Desk, data: dict[str, Any], applied_at: datetime) -> tuple[Finding, ...]:
    """What of a version is not met, or contradicts itself, on the day of the first sending."""
    place = Where(desk.office_id, desk.office_code, desk.regency, desk.kecamatan)
    found = consistency(from_json(data), desk.zone, applied_at.astimezone(desk.zone).date(), place)
    return tuple(one for one in found if one.tone != "ok")
