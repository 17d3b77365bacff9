"""Where a final selection takes place: its activity, its office, and the announced stage it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, instants
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Activity, Office, Phase, Recruitment
from exam_server.ranking.refusals import DecisionOutsidePhase
from exam_server.sittings.watching import Official

DECIDES = "admin"


@dataclass(frozen=True)
class Ground:
    """A selection activity; both instants of its final stage, or none when that has no dates."""

    activity_id: int
    public_id: str
    activity: str
    recruitment_id: int
    year: int
    office_id: int
    office: str
    slug: str
    regency: str
    zone: ZoneInfo
    kecamatan: tuple[str, ...]
    opens_at: datetime | None
    closes_at: datetime | None


def _wanted() -> sa.Select[Activity, Office, Recruitment]:
    return (
        sa.select(Activity, Office, Recruitment)
        .join(Office, Office.id == Activity.office_id)
        .join(Recruitment, Recruitment.id == Activity.recruitment_id)
        .where(Activity.kind == "selection")
    )


def of_activity(tx: Session, activity_id: int) -> Ground:
    """Raises NotFound when it is no selection."""
    return _only(tx, _wanted().where(Activity.id == activity_id))


def of_public(tx: Session, public_id: str) -> Ground:
    """Raises NotFound."""
    return _only(tx, _wanted().where(Activity.public_id == public_id))


def own(db: Database, public_id: str, person: Official, now: datetime) -> Ground:
    """Of an office whose admin this is; anybody else finds nothing (NotFound), and the trail keeps it."""
    with db.read() as tx:
        ground = of_public(tx, public_id)
    held = person.offices(DECIDES)
    if held is not None and ground.office_id not in held:
        audit.refuse_foreign(db, person.id, "activity", ground.activity_id, now)
    return ground


def of_offices(db: Database, office_ids: list[int] | None) -> list[Ground]:
    """The selections of these offices (None: of all), the newest year first."""
    wanted = _wanted().order_by(Activity.year.desc(), Office.name)
    if office_ids is not None:
        wanted = wanted.where(Activity.office_id.in_(office_ids))
    with db.read() as tx:
        return [_ground(tx, *row) for row in tx.execute(wanted).all()]


def in_phase(ground: Ground, now: datetime) -> bool:
    """Whether the announced stage is under way; one without dates always is."""
    return ground.opens_at is None or ground.closes_at is None or ground.opens_at <= now < ground.closes_at


def require_phase(ground: Ground, now: datetime) -> None:
    """Raises DecisionOutsidePhase, which names the announced window."""
    if in_phase(ground, now) or ground.opens_at is None or ground.closes_at is None:
        return
    raise DecisionOutsidePhase(
        opens=instants.moment(ground.opens_at, ground.zone, "id"),
        closes=instants.moment(ground.closes_at, ground.zone, "id"),
    )


def hold(tx: Session, activity_id: int) -> None:
    """Until this transaction ends no score, mark or criterion of the activity changes elsewhere."""
    tx.execute(sa.select(Activity.id).where(Activity.id == activity_id).with_for_update())


def _only(tx: Session, wanted: sa.Select[Activity, Office, Recruitment]) -> Ground:
    row = tx.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    return _ground(tx, *row)


def _ground(tx: Session, activity: Activity, office: Office, recruitment: Recruitment) -> Ground:
    stage = tx.execute(
        sa.select(Phase.opens_at, Phase.closes_at)
        .where(Phase.recruitment_id == recruitment.id, Phase.kind == "final")
        .order_by(Phase.position)
    ).first()
    opens_at, closes_at = stage or (None, None)
    return Ground(
        activity.id, activity.public_id, activity.name, recruitment.id, activity.year, office.id, office.name,
        office.slug, office.regency, ZoneInfo(office.zone), tuple(office.kecamatan), opens_at, closes_at,
    )  # fmt: skip
