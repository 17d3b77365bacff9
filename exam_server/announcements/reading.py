"""Announcements as everybody may read them: which are out, what each says, and whether one is what it was.

What an announcement says never changes, so each is read from the database and taken apart once in a process.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.announcements.document import NUMBER, OUTCOME, Content, Row
from exam_server.announcements.refusals import NothingAnnounced, UnknownSeal
from exam_server.announcements.rules import seal
from exam_server.db import Database
from exam_server.models import Activity, Office, Phase, Recruitment, ResultAnnouncement
from exam_server.offices.service import OfficeCard, UnknownOffice, card_of

KEPT = 6
"""Announcements that a process keeps taken apart; the newest of each office is asked for again and again."""

SHORTEST = 16
"""So many digits of a hash are enough to ask by."""

Outcome = Literal["newest", "superseded", "changed"]


@dataclass(frozen=True)
class Version:
    """One announcement that is out; `year` is its recruitment's."""

    public_id: str
    number: int
    year: int
    sha256: str
    publish_at: datetime


@dataclass(frozen=True)
class Standing:
    """What an office has announced; `expected_at` is when the next one comes out, where that is known.

    `versions` are of the newest recruitment, newest first; `former` is the last of each earlier year.
    """

    office: OfficeCard
    year: int | None
    versions: tuple[Version, ...]
    former: tuple[Version, ...]
    expected_at: datetime | None

    @property
    def newest(self) -> Version | None:
        return self.versions[0] if self.versions else None

    def version(self, year: str, number: str) -> Version:
        """The one that was asked for, the newest when nothing was; raises NothingAnnounced."""
        known = self.former if year and year != str(self.year) else self.versions
        for one in known:
            if number in ("", str(one.number)) and year in ("", str(one.year)):
                return one
        raise NothingAnnounced


@dataclass(frozen=True)
class Read:
    """One announcement taken apart; `places` is where a number stands among the rows."""

    text: str
    sha256: str
    content: Content
    places: dict[str, int]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.content["zone"])

    def find(self, typed: str) -> Row | None:
        """The row of that number, however it was typed."""
        place = self.places.get(plain(typed))
        return None if place is None else self.content["rows"][place]

    def listed(self, *outcomes: str) -> list[Row]:
        return [row for row in self.content["rows"] if row[OUTCOME] in outcomes]


@dataclass(frozen=True)
class Verified:
    """What a hash or a code stands for."""

    outcome: Outcome
    office: OfficeCard
    version: Version
    newest: Version


def plain(typed: str) -> str:
    """A participant's number without what people put between its signs."""
    return "".join(typed.split()).upper()


class Shelf:
    """The announcements that were read last; one shelf per process, since what is read never changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Read] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, db: Database, public_id: str) -> Read:
        """Raises NothingAnnounced."""
        found = self._kept.get(public_id)
        if found is None:
            found = _read(db, public_id)
        with self._lock:
            self._kept[public_id] = found
            self._kept.move_to_end(public_id)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def _read(db: Database, public_id: str) -> Read:
    table = ResultAnnouncement
    with db.read() as tx:
        row = tx.execute(
            sa.select(table.content, table.sha256).where(table.public_id == public_id)
        ).one_or_none()
    if row is None:
        raise NothingAnnounced
    content = json.loads(row.content)
    places = {plain(one[NUMBER]): place for place, one in enumerate(content["rows"])}
    return Read(row.content, row.sha256, content, places)


def of_office(db: Database, slug: str, now: datetime) -> Standing:
    """What is out at `now`; raises UnknownOffice."""
    with db.read() as tx:
        office = tx.scalar(sa.select(Office).where(Office.slug == slug.lower()))
        if office is None:
            raise UnknownOffice
        return _standing(tx, office, now)


def verify(db: Database, typed: str, now: datetime) -> Verified:
    """By the whole hash, its first 16 digits or more, or the code of an announcement; raises UnknownSeal."""
    said, table = "".join(typed.split()), ResultAnnouncement
    wanted = table.public_id == said
    if len(said) >= SHORTEST and all(one in "0123456789abcdef" for one in said.lower()):
        wanted = wanted | table.sha256.startswith(said.lower(), autoescape=True)
    with db.read() as tx:
        row = tx.execute(
            sa.select(table.content, table.activity_id, Office, *_VERSION)
            .join(Activity, Activity.id == table.activity_id)
            .join(Office, Office.id == Activity.office_id)
            .where(wanted, table.publish_at <= now)
            .order_by(table.id).limit(1)
        ).one_or_none()  # fmt: skip
        if row is None:
            raise UnknownSeal
        content, activity_id, office, *told = row
        version = Version(*cast(tuple[Any, ...], told))
        newest = _versions(tx, table.activity_id == activity_id, now)[0]
    outcome: Outcome = "newest" if newest.number == version.number else "superseded"
    if seal(content) != version.sha256:
        outcome = "changed"
    return Verified(outcome, card_of(office), version, newest)


_VERSION = (
    ResultAnnouncement.public_id, ResultAnnouncement.number, Activity.year, ResultAnnouncement.sha256,
    ResultAnnouncement.publish_at,
)  # fmt: skip


def _versions(tx: Session, which: sa.ColumnElement[bool], now: datetime) -> list[Version]:
    """The newest first."""
    rows = tx.execute(
        sa.select(*_VERSION)
        .join(Activity, Activity.id == ResultAnnouncement.activity_id)
        .where(which, ResultAnnouncement.publish_at <= now)
        .order_by(Activity.year.desc(), ResultAnnouncement.number.desc())
    )
    return [Version(*row) for row in rows]


def _standing(tx: Session, office: Office, now: datetime) -> Standing:
    year = tx.scalar(
        sa.select(sa.func.max(Recruitment.year))
        .where(Recruitment.office_id == office.id, Recruitment.published_at <= now)
    )  # fmt: skip
    known = _versions(tx, Activity.office_id == office.id, now)
    versions = tuple(one for one in known if one.year == year)
    former: dict[int, Version] = {}
    for one in known:
        if one.year != year:
            former.setdefault(one.year, one)
    return Standing(card_of(office), year, versions, tuple(former.values()),
                    None if versions else _expected(tx, office.id, year, now))  # fmt: skip


def _expected(tx: Session, office_id: int, year: int | None, now: datetime) -> datetime | None:
    """The announced date, while it is ahead."""
    at: Any = tx.scalar(
        sa.select(Phase.opens_at)
        .join(Recruitment, Recruitment.id == Phase.recruitment_id)
        .where(Recruitment.office_id == office_id, Recruitment.year == year, Phase.kind == "result",
               Phase.opens_at > now)
        .order_by(Phase.position).limit(1)
    )  # fmt: skip
    found: datetime | None = at
    return found
