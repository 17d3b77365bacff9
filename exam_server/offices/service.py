"""Offices and their announcements, as the public may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import N_, NotFound, Refusal
from exam_server.models import (
    Activity,
    Channel,
    Guide,
    Notice,
    Office,
    Phase,
    Question,
    Recruitment,
    Requirement,
)
from exam_server.offices.rules import Standing, is_open, standing


class UnknownOffice(NotFound):
    code = "unknown_office"
    sentence = N_("Kantor ini tidak terdaftar pada layanan ini.")


class EmptyNotice(Refusal):
    code = "empty_notice"
    status = 422
    sentence = N_("Pemberitahuan masih kosong, jadi belum diterbitkan. Tulis isinya dalam bahasa Indonesia.")


@dataclass(frozen=True)
class OfficeCard:
    id: int
    code: str
    slug: str
    name: str
    regency: str
    province: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Stage:
    kind: str
    title: dict[str, Any]
    note: dict[str, Any]
    opens_at: datetime | None
    closes_at: datetime | None
    standing: Standing

    @property
    def last_instant(self) -> datetime | None:
        """The last instant inside, for naming the last day: `closes_at` itself is the day after."""
        return self.closes_at - timedelta(microseconds=1) if self.closes_at else None


@dataclass(frozen=True)
class Announcement:
    """Everything a public page says: bilingual texts are {id, en}."""

    office: OfficeCard
    year: int
    title: dict[str, Any]
    document_number: str
    document_date: date
    place: str
    texts: dict[str, Any]
    signatories: list[Any]
    stages: tuple[Stage, ...]
    requirements: tuple[Requirement, ...]
    channels: tuple[Channel, ...]
    questions: tuple[Question, ...]
    notices: tuple[Notice, ...]
    activities: tuple[str, ...]
    guides: tuple[tuple[str, dict[str, Any]], ...] = ()  # (public id, title)


@dataclass(frozen=True)
class Headline:
    """An office with its newest recruitment in one glance; all are empty when nothing is published."""

    office: OfficeCard
    year: int | None
    title: dict[str, Any] | None
    open_stages: tuple[Stage, ...]

    @property
    def registration(self) -> Stage | None:
        """The registration stage while it is open."""
        return next((stage for stage in self.open_stages if stage.kind == "registration"), None)


def headlines(db: Database, now: datetime) -> list[Headline]:
    """Every office, in the order of names, with what is open there at `now`."""
    with db.read() as tx:
        found = []
        for office in tx.scalars(sa.select(Office).order_by(Office.name)):
            newest = _newest(tx, office.id, now)
            current = stages(tx, newest.id, now) if newest else ()
            open_stages = tuple(stage for stage in current if stage.standing == "open")
            year, title = (newest.year, newest.title) if newest else (None, None)
            found.append(Headline(card_of(office), year, title, open_stages))
        return found


def offices(db: Database) -> list[OfficeCard]:
    """Every office of this installation, by name."""
    with db.read() as tx:
        return [card_of(office) for office in tx.scalars(sa.select(Office).order_by(Office.name))]


def find_office(db: Database, name: str) -> OfficeCard:
    """The office whose code or slug is `name`; raises UnknownOffice."""
    with db.read() as tx:
        return card_of(_find(tx, name))


def announcement(db: Database, slug: str, now: datetime) -> Announcement:
    """The newest published recruitment of an office; raises UnknownOffice or NotFound."""
    with db.read() as tx:
        office = _find(tx, slug)
        recruitment = _newest(tx, office.id, now)
        if recruitment is None:
            raise NotFound
        return _announcement(tx, office, recruitment, now)


def preview(db: Database, office_id: int, year: int, now: datetime) -> Announcement:
    """What the public page of that year says, or would say while it is a draft; raises NotFound."""
    with db.read() as tx:
        wanted = sa.select(Recruitment).where(Recruitment.office_id == office_id, Recruitment.year == year)
        recruitment = tx.scalar(wanted)
        if recruitment is None:
            raise NotFound
        return _announcement(tx, tx.get_one(Office, office_id), recruitment, now)


def add_notice(db: Database, recruitment_id: int, text: dict[str, str], actor_id: int, now: datetime) -> int:
    """A dated word to everybody ({id, en}; English may be absent); its id. Raises NotFound, EmptyNotice."""
    said = {language: words for language in ("id", "en") if (words := text.get(language, "").strip())}
    if "id" not in said:
        raise EmptyNotice
    with db.write() as tx:
        return publish_notice(tx, recruitment_id, said, actor_id, now)


def publish_notice(
    tx: Session, recruitment_id: int, said: dict[str, str], actor_id: int | None, now: datetime
) -> int:
    """As above, inside the transaction of the act that the public is told of; raises NotFound."""
    recruitment = tx.get(Recruitment, recruitment_id)
    if recruitment is None:
        raise NotFound
    notice = Notice(recruitment_id=recruitment_id, published_at=now, text=said)
    tx.add(notice)
    tx.flush()
    audit.record(tx, now=now, act="notice.published", object_kind="notice", object_id=notice.id,
                 actor_id=actor_id, office_id=recruitment.office_id, detail={"text": said})  # fmt: skip
    return notice.id


def _newest(tx: Session, office_id: int, now: datetime) -> Recruitment | None:
    return tx.scalar(
        sa.select(Recruitment)
        .where(Recruitment.office_id == office_id, Recruitment.published_at <= now)
        .order_by(Recruitment.year.desc())
        .limit(1)
    )


def _announcement(tx: Session, office: Office, recruitment: Recruitment, now: datetime) -> Announcement:
    def belonging(table: type[Any]) -> tuple[Any, ...]:
        rows = sa.select(table).where(table.recruitment_id == recruitment.id)
        return tuple(tx.scalars(rows.order_by(table.position)))

    notices = sa.select(Notice).where(Notice.recruitment_id == recruitment.id, Notice.published_at <= now)
    newest_first = notices.order_by(Notice.published_at.desc(), Notice.id.desc())
    names = sa.select(Activity.name).where(Activity.recruitment_id == recruitment.id).order_by(Activity.kind)
    offered = sa.select(Guide.public_id, Guide.title).where(Guide.recruitment_id == recruitment.id)
    return Announcement(
        office=card_of(office), year=recruitment.year, title=recruitment.title,
        document_number=recruitment.document_number, document_date=recruitment.document_date,
        place=recruitment.place, texts=recruitment.texts, signatories=recruitment.signatories,
        stages=stages(tx, recruitment.id, now), requirements=belonging(Requirement),
        channels=belonging(Channel), questions=belonging(Question), notices=tuple(tx.scalars(newest_first)),
        activities=tuple(tx.scalars(names)),
        guides=tuple((one.public_id, one.title) for one in tx.execute(offered.order_by(Guide.id))),
    )  # fmt: skip


def stages(tx: Session, recruitment_id: int, now: datetime) -> tuple[Stage, ...]:
    """The announced schedule in its own order, each stage with where it stands."""
    phases = sa.select(Phase).where(Phase.recruitment_id == recruitment_id).order_by(Phase.position)
    return tuple(_stage(phase, now) for phase in tx.scalars(phases))


def stage_is_open(tx: Session, recruitment_id: int, kind: str, now: datetime) -> bool:
    """True while the announced stage admits acts; a stage nobody announced never does."""
    phase = tx.scalar(sa.select(Phase).where(Phase.recruitment_id == recruitment_id, Phase.kind == kind))
    return phase is not None and is_open(phase.opens_at, phase.closes_at, now)


def _find(tx: Session, name: str) -> Office:
    office = tx.scalar(sa.select(Office).where(sa.or_(Office.code == name, Office.slug == name.lower())))
    if office is None:
        raise UnknownOffice
    return office


def card_of(office: Office) -> OfficeCard:
    """An office as everybody may see it."""
    return OfficeCard(office.id, office.code, office.slug, office.name, office.regency, office.province,
                      ZoneInfo(office.zone))  # fmt: skip


def _stage(phase: Phase, now: datetime) -> Stage:
    return Stage(phase.kind, phase.title, phase.note, phase.opens_at, phase.closes_at,
                 standing(phase.opens_at, phase.closes_at, now))  # fmt: skip
