"""The trail as an official may read it: rows of own offices, and those without one about own people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.models import Account, AuditEntry, Office
from exam_server.trail import rules, subjects
from exam_server.trail.rules import PAGE, Wanted

EXPORTED = 1000
"""Rows of one look at the database while the whole trail leaves."""


@dataclass(frozen=True)
class Reader:
    """Who reads; `offices` are ids, None stands for every office; days are those of `zone`."""

    account_id: int
    offices: tuple[int, ...] | None
    zone: ZoneInfo


@dataclass(frozen=True)
class Row:
    """One row of the trail with the names that belong to it.

    `person` is whom it is about, empty for nobody or for somebody the reader has nothing to do with;
    `person_id` is the public id of a candidate whose file the reader may open.
    """

    id: int
    at: datetime
    act: str
    detail: dict[str, Any]
    object_kind: str
    object_id: int
    actor: str | None
    office: str | None
    person: str | None
    person_id: str | None


@dataclass(frozen=True)
class Page:
    """`older`: the number before which the next page begins; none on the last one."""

    rows: tuple[Row, ...]
    older: int | None


def page(db: Database, reader: Reader, sought: Wanted, before: int | None, most: int = PAGE) -> Page:
    """The newest rows that the reader may see and looks for, those before the given row only."""
    conditions = [*_reach(reader), *_narrowed(reader, sought)]
    if before is not None:
        conditions.append(AuditEntry.id < before)
    with db.read() as tx:
        found = tx.execute(_entries().where(*conditions).order_by(AuditEntry.id.desc()).limit(most + 1)).all()
        rows = named(tx, found[:most], reader)
    return Page(rows, rows[-1].id if len(found) > most else None)


def acts(db: Database, reader: Reader) -> list[str]:
    """Every act that stands in what the reader may see."""
    with db.read() as tx:
        rows = sa.select(AuditEntry.act).where(*_reach(reader)).distinct().order_by(AuditEntry.act)
        return list(tx.scalars(rows))


def exported(db: Database, reader: Reader, sought: Wanted, now: datetime) -> Iterator[Row]:
    """All rows that are looked for, newest first, read little by little; that they leave is kept first."""
    with db.write() as tx:
        newest = tx.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0
        for office_id in reader.offices or (None,):
            audit.record(tx, now=now, act="trail.exported", object_kind="trail", object_id=newest,
                         actor_id=reader.account_id, office_id=office_id,
                         detail={"filters": sought.named})  # fmt: skip
    return _until(db, reader, sought, newest + 1)


def _until(db: Database, reader: Reader, sought: Wanted, before: int | None) -> Iterator[Row]:
    while before is not None:
        part = page(db, reader, sought, before, EXPORTED)
        yield from part.rows
        before = part.older


def of_person(tx: Session, reader: Reader, account_id: int) -> tuple[Row, ...]:
    """What the reader may see of everything about or by one account, oldest first."""
    them = sa.select(Account.id).where(Account.id == account_id)
    conditions = [sa.or_(subjects.about(them), subjects.of_their_sittings(account_id),
                         AuditEntry.actor_id == account_id)]  # fmt: skip
    if reader.offices is not None:
        conditions.append(AuditEntry.office_id.is_(None) | AuditEntry.office_id.in_(reader.offices))
    return named(tx, tx.execute(_entries().where(*conditions).order_by(AuditEntry.id)).all(), reader)


def _entries() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(AuditEntry, Account.name.label("actor"), Office.name.label("office"))
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .outerjoin(Office, Office.id == AuditEntry.office_id)
    )


def _reach(reader: Reader) -> list[sa.ColumnElement[bool]]:
    """A refused try is about the one who tried, too."""
    if reader.offices is None:
        return []
    near = subjects.serving_or_applied(reader.offices)
    tried = (AuditEntry.act == "access.refused") & AuditEntry.actor_id.in_(near)
    of_nobody = AuditEntry.office_id.is_(None) & (subjects.about(near) | tried)
    return [AuditEntry.office_id.in_(reader.offices) | of_nobody]


def _narrowed(reader: Reader, sought: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if sought.person:
        people = sa.select(Account.id).where(
            Account.name.icontains(sought.person, autoescape=True)
            | Account.email.icontains(sought.person, autoescape=True)
        )
        found.append(AuditEntry.actor_id.in_(people) | subjects.about(people))
    if sought.kind:
        found.append(AuditEntry.object_kind == sought.kind)
    if sought.object:
        found.append(_object(sought))
    if sought.act:
        found.append(AuditEntry.act == sought.act)
    first, last = rules.span(sought, reader.zone)
    found += [AuditEntry.at >= first] if first else []
    found += [AuditEntry.at < last] if last else []
    return found


def _object(sought: Wanted) -> sa.ColumnElement[bool]:
    named_so = subjects.known_as(sought.object, [sought.kind] if sought.kind else subjects.PUBLIC_IDS)
    number = rules.number(sought.object)
    return named_so if number is None else named_so | (AuditEntry.object_id == number)


def named(tx: Session, found: Sequence[Any], reader: Reader) -> tuple[Row, ...]:
    """The rows with the people they are about, in two statements."""
    owners = subjects.owners(tx, {(row[0].object_kind, row[0].object_id) for row in found})
    people = _people(tx, sorted(set(owners.values())), reader)
    made = []
    for entry, actor, office in found:
        person = people.get(owners.get((entry.object_kind, entry.object_id), 0))
        # what somebody was refused may belong to a person of another office
        shown = person is not None and (entry.act != "access.refused" or person.near)
        made.append(Row(
            entry.id, entry.at, entry.act, entry.detail, entry.object_kind, entry.object_id, actor, office,
            person.name if person and shown else None,
            person.public_id if person and person.applied else None,
        ))  # fmt: skip
    return tuple(made)


def _people(tx: Session, ids: list[int], reader: Reader) -> dict[int, Any]:
    """By id, with what they have to do with the reader's offices: `applied` there, or anything (`near`)."""
    if not ids:
        return {}
    near: sa.ColumnElement[bool] = sa.true()
    if reader.offices is not None:
        near = Account.id.in_(subjects.serving_or_applied(reader.offices))
    rows = tx.execute(
        sa.select(Account.id, Account.name, Account.public_id, near.label("near"),
                  Account.id.in_(subjects.applied(reader.offices)).label("applied"))
        .where(Account.id.in_(ids))
    )  # fmt: skip
    return {row.id: row for row in rows}
