"""A year's recruitment from its first draft to its publication, and every change after it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Activity, Office, Recruitment
from exam_server.offices import service as offices
from exam_server.recruitments import changing, copying, keeping, progress, rules
from exam_server.recruitments.changing import Changes, Wording
from exam_server.recruitments.fields import Values
from exam_server.recruitments.refusals import (
    AlreadyPublished,
    NotComplete,
    NotPublished,
    SectionChanged,
    UnknownSource,
    YearTaken,
    YearUnreadable,
)
from exam_server.recruitments.sections import BY_NAME, SECTIONS


@dataclass(frozen=True)
class Sheet:
    """One section as it stands; `seen` tells a later save whether it still stands so."""

    values: Values
    seen: str
    published_at: datetime | None


@dataclass(frozen=True)
class Save:
    """What an official wants kept of a section."""

    section: str
    values: Values
    reason: str = ""
    seen: str = ""
    wording: Wording | None = None


@dataclass(frozen=True)
class Proposal:
    """A change of announced dates before it is made: what the public will read, and how many get a letter."""

    wording: Wording
    letters: int
    about: str


def start(
    db: Database, office_id: int, year: int, source_id: int | None, actor_id: int, now: datetime,
    within: list[int] | None = None,
) -> None:  # fmt: skip
    """A draft of that year, empty or (`source_id`) copied; raises YearUnreadable, YearTaken, UnknownSource.

    `within` are the offices whose drafts the official may see; what is published everybody may copy.
    """
    if not rules.EARLIEST_YEAR <= year <= rules.LATEST_YEAR:
        raise YearUnreadable("year")
    try:
        with db.write() as tx:
            _start(tx, office_id, year, source_id, actor_id, now, within)
    except IntegrityError as problem:
        raise YearTaken("year", year=year) from problem


def _start(
    tx: Session, office_id: int, year: int, source_id: int | None, actor_id: int, now: datetime,
    within: list[int] | None,
) -> None:  # fmt: skip
    taken = sa.select(Recruitment.id).where(Recruitment.office_id == office_id, Recruitment.year == year)
    if tx.scalar(taken) is not None:
        raise YearTaken("year", year=year)
    office = tx.get_one(Office, office_id)
    source = None
    if source_id is not None:
        source = next((one for one in copying.sources(tx, within) if one.recruitment.id == source_id), None)
        if source is None:
            raise UnknownSource("source")
    made = (
        copying.empty(office, year, now) if source is None else copying.like(source.recruitment, office, year)
    )
    tx.add(made)
    tx.flush()
    for kind, name in copying.activity_names(year).items():
        tx.add(
            Activity(
                recruitment_id=made.id, office_id=office_id, year=year, kind=kind, name=name, blueprint=[]
            )
        )
    tx.flush()
    if source is not None:
        copying.fill(tx, source, made, ZoneInfo(office.zone))
    audit.record(
        tx,
        now=now,
        act="recruitment.started",
        object_kind="recruitment",
        object_id=made.id,
        actor_id=actor_id,
        office_id=office_id,
        detail={"year": year, "copied_from": source_id},
    )


def sources(db: Database, within: list[int] | None) -> list[copying.Source]:
    """What a new recruitment may be copied from, newest first."""
    with db.read() as tx:
        return copying.sources(tx, within)


def look(db: Database, office_id: int, year: int) -> Recruitment:
    """The recruitment of that year; raises NotFound."""
    with db.read() as tx:
        return _find(tx, office_id, year)


def _find(tx: Session, office_id: int, year: int, lock: bool = False) -> Recruitment:
    wanted = sa.select(Recruitment).where(Recruitment.office_id == office_id, Recruitment.year == year)
    found = tx.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def sheet(db: Database, office_id: int, year: int, section: str) -> Sheet:
    """One section of a recruitment; raises NotFound."""
    with db.read() as tx:
        recruitment = _find(tx, office_id, year)
        values = keeping.values_of(tx, section, recruitment, _zone(tx, office_id))
        return Sheet(values, fingerprint(values), recruitment.published_at)


def everything(db: Database, office_id: int, year: int) -> dict[str, Values]:
    """All sections by name; raises NotFound."""
    with db.read() as tx:
        recruitment, zone = _find(tx, office_id, year), _zone(tx, office_id)
        return {one.name: keeping.values_of(tx, one.name, recruitment, zone) for one in SECTIONS}


def leftovers(db: Database, office_id: int, year: int) -> dict[str, list[tuple[str, str]]]:
    """Names of other offices, and other years, that still stand in a text, each with its section's title."""
    texts = copying.texts_of(everything(db, office_id, year))
    titled = {BY_NAME[name].title: text for name, text in texts.items()}
    with db.read() as tx:
        names = copying.other_offices(tx, office_id)
    return {"offices": rules.standing_names(titled, names), "years": rules.other_years(titled, year)}


def fingerprint(value: object) -> str:
    """The same for the same values; short, because it only has to tell two versions apart."""
    said = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def propose(db: Database, office_id: int, year: int, save: Save, now: datetime) -> Proposal | None:
    """What saving would tell the public; None when no announced date changes. Raises what `save` does."""
    with db.read() as tx:
        recruitment, zone = _find(tx, office_id, year), _zone(tx, office_id)
        _, changes = _judge(tx, recruitment, save, zone, now)
        if not changes:
            return None
        wording = changing.wording(changes, rules.usable_reason(save.reason), zone)
        told = len(changing.people(tx, recruitment.id))
        return Proposal(wording, told, fingerprint([save.values, save.reason]))


def save(db: Database, office_id: int, year: int, save: Save, actor_id: int, now: datetime) -> int:
    """The section is kept; how many letters left because an announced date changed.

    Raises NotFound, SectionChanged; of a published recruitment ReasonMissing and what `changing.check` does.
    """
    with db.write() as tx:
        recruitment, zone = _find(tx, office_id, year, lock=True), _zone(tx, office_id)
        fields, changes = _judge(tx, recruitment, save, zone, now)
        if not fields:
            return 0
        keeping.keep(tx, save.section, recruitment, save.values, zone)
        detail: dict[str, object] = {"section": save.section, "fields": fields}
        letters = 0
        if recruitment.published_at is not None:
            detail["reason"] = reason = rules.usable_reason(save.reason)
            if changes:
                wording = save.wording or changing.wording(changes, reason, zone)
                office = tx.get_one(Office, office_id)
                detail["letters"] = letters = changing.tell(tx, office, recruitment.id, wording, now)
        act = "recruitment.changed" if recruitment.published_at else "recruitment.saved"
        audit.record(tx, now=now, act=act, object_kind="recruitment", object_id=recruitment.id,
                     actor_id=actor_id, office_id=office_id, detail=detail)  # fmt: skip
        return letters


def _judge(
    tx: Session, recruitment: Recruitment, save: Save, zone: ZoneInfo, now: datetime
) -> tuple[list[str], Changes]:
    """(names of the parts that change, announced windows that change)"""
    old = keeping.values_of(tx, save.section, recruitment, zone)
    if save.seen and save.seen != fingerprint(old):
        raise SectionChanged
    fields = changed_parts(old, save.values)
    if not fields or recruitment.published_at is None:
        return fields, []
    rules.usable_reason(save.reason)
    return fields, changing.check(tx, save.section, recruitment, old, save.values, zone, now)


def changed_parts(old: Values, new: Values) -> list[str]:
    """Names of fields, and of rows by their number; a row that is gone counts as changed."""
    parts = []
    for name, value in new.items():
        if not isinstance(value, list):
            parts += [name] if value != old[name] else []
            continue
        length = max(len(value), len(old[name]))
        parts += [f"{name} {number}" for number in range(1, length + 1)
                  if value[number - 1 : number] != old[name][number - 1 : number]]  # fmt: skip
    return parts


def publish(db: Database, office_id: int, year: int, actor_id: int, now: datetime) -> None:
    """The announcement is public from now on; raises NotFound, AlreadyPublished, NotComplete."""
    with db.write() as tx:
        recruitment = _find(tx, office_id, year, lock=True)
        if recruitment.published_at is not None:
            raise AlreadyPublished
        office = tx.get_one(Office, office_id)
        missing = rules.missing(progress.facts_of(tx, [office], {office_id: recruitment}, now)[office_id])
        if missing:
            raise NotComplete([item.title for item in missing], [item.code for item in missing])
        recruitment.published_at = now
        audit.record(tx, now=now, act="recruitment.published", object_kind="recruitment",
                     object_id=recruitment.id, actor_id=actor_id, office_id=office_id,
                     detail={"year": year})  # fmt: skip


def add_notice(
    db: Database, office_id: int, year: int, text: dict[str, str], actor_id: int, now: datetime
) -> None:
    """A dated word to everybody; raises NotFound, NotPublished, EmptyNotice."""
    recruitment = look(db, office_id, year)
    if recruitment.published_at is None:
        raise NotPublished
    offices.add_notice(db, recruitment.id, text, actor_id, now)


def checklist(db: Database, office_id: int, year: int, now: datetime) -> list[rules.Item]:
    """What is done and what is missing of that year; raises NotFound."""
    with db.read() as tx:
        recruitment, office = _find(tx, office_id, year), tx.get_one(Office, office_id)
        return rules.checklist(progress.facts_of(tx, [office], {office_id: recruitment}, now)[office_id])


def _zone(tx: Session, office_id: int) -> ZoneInfo:
    return ZoneInfo(tx.get_one(Office, office_id).zone)
