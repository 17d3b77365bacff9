"""An office's own data: made, changed, and its list of desa replaced."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.models import Desa, Office, OfficeDetail, Phase, Recruitment
from exam_server.offices.service import OfficeCard, card_of
from exam_server.recruitments import desa as table
from exam_server.recruitments.fields import Values
from exam_server.recruitments.refusals import CodeTaken, KecamatanInUse, SlugIsFixed, SlugTaken, ZoneIsFixed

COLUMNS = ("name", "code", "slug", "regency", "province", "zone", "kecamatan")
DETAILS = ("address", "phone", "email")


def add_office(db: Database, values: Values, actor_id: int, now: datetime) -> OfficeCard:
    """A new office; raises CodeTaken, SlugTaken."""
    try:
        return _add(db, values, actor_id, now)
    except IntegrityError:
        # somebody else was first: the second try finds their office and says its name
        return _add(db, values, actor_id, now)


def _add(db: Database, values: Values, actor_id: int, now: datetime) -> OfficeCard:
    with db.write() as tx:
        _check_free(tx, values, None)
        office = Office(**{name: values[name] for name in COLUMNS})
        tx.add(office)
        tx.flush()
        tx.add(OfficeDetail(office_id=office.id, **{name: values[name] for name in DETAILS}))
        audit.record(tx, now=now, act="office.added", object_kind="office", object_id=office.id,
                     actor_id=actor_id, office_id=office.id, detail={"code": office.code})  # fmt: skip
        return card_of(office)


def values_of(db: Database, office_id: int) -> Values:
    """What is kept of an office, as its form shows it."""
    with db.read() as tx:
        return _values(tx, tx.get_one(Office, office_id))


def _values(tx: Session, office: Office) -> Values:
    detail = tx.get(OfficeDetail, office.id)
    return {name: getattr(office, name) for name in COLUMNS} | {
        name: getattr(detail, name) if detail else "" for name in DETAILS
    }


def is_announced(db: Database, office_id: int) -> bool:
    """True once any announcement of this office came out."""
    with db.read() as tx:
        return _is_announced(tx, office_id)


def _is_announced(tx: Session, office_id: int) -> bool:
    wanted = sa.select(Recruitment.id).where(
        Recruitment.office_id == office_id, Recruitment.published_at.is_not(None)
    )
    return tx.scalar(wanted.limit(1)) is not None


def change_office(db: Database, office_id: int, values: Values, actor_id: int, now: datetime) -> OfficeCard:
    """Raises CodeTaken, SlugTaken, SlugIsFixed, ZoneIsFixed, KecamatanInUse."""
    try:
        return _change(db, office_id, values, actor_id, now)
    except IntegrityError:
        return _change(db, office_id, values, actor_id, now)


def _change(db: Database, office_id: int, values: Values, actor_id: int, now: datetime) -> OfficeCard:
    with db.write() as tx:
        office = tx.get_one(Office, office_id, with_for_update=True)
        before = _values(tx, office)
        changed = [name for name in (*COLUMNS, *DETAILS) if values[name] != before[name]]
        if not changed:
            return card_of(office)
        _check_free(tx, values, office_id)
        _check_fixed(tx, office, changed)
        _check_kecamatan(tx, office_id, values["kecamatan"])
        if "zone" in changed:
            _keep_days(tx, office_id, ZoneInfo(office.zone), ZoneInfo(values["zone"]))
        for name in COLUMNS:
            setattr(office, name, values[name])
        detail = tx.get(OfficeDetail, office_id)
        if detail is None:
            tx.add(OfficeDetail(office_id=office_id, **{name: values[name] for name in DETAILS}))
        else:
            for name in DETAILS:
                setattr(detail, name, values[name])
        audit.record(tx, now=now, act="office.changed", object_kind="office", object_id=office_id,
                     actor_id=actor_id, office_id=office_id, detail={"fields": changed})  # fmt: skip
        tx.flush()
        return card_of(office)


def _check_free(tx: Session, values: Values, own: int | None) -> None:
    for other in tx.scalars(
        sa.select(Office).where(sa.or_(Office.code == values["code"], Office.slug == values["slug"]))
    ):
        if other.id == own:
            continue
        if other.code == values["code"]:
            raise CodeTaken("code", office=other.name)
        raise SlugTaken("slug", office=other.name, slug=values["slug"])


def _check_fixed(tx: Session, office: Office, changed: list[str]) -> None:
    """What links and announced instants stand on."""
    if {"slug", "zone"} & set(changed) and _is_announced(tx, office.id):
        raise SlugIsFixed("slug") if "slug" in changed else ZoneIsFixed("zone")


def _check_kecamatan(tx: Session, office_id: int, kecamatan: list[str]) -> None:
    used = tx.scalars(sa.select(Desa.kecamatan).where(Desa.office_id == office_id).distinct())
    if gone := sorted(set(used) - set(kecamatan)):
        raise KecamatanInUse("kecamatan", kecamatan=", ".join(gone))


def _keep_days(tx: Session, office_id: int, old: ZoneInfo, new: ZoneInfo) -> None:
    """A draft's stages keep their days when its clock turns out to be another."""
    drafts = sa.select(Recruitment.id).where(Recruitment.office_id == office_id)
    for phase in tx.scalars(sa.select(Phase).where(Phase.recruitment_id.in_(drafts))):
        if phase.opens_at and phase.closes_at:
            phase.opens_at = phase.opens_at.astimezone(old).replace(tzinfo=new)
            phase.closes_at = phase.closes_at.astimezone(old).replace(tzinfo=new)


def desa_of(db: Database, office_id: int) -> dict[str, list[str]]:
    """Every desa of an office, by kecamatan."""
    found: dict[str, list[str]] = defaultdict(list)
    with db.read() as tx:
        wanted = sa.select(Desa).where(Desa.office_id == office_id).order_by(Desa.kecamatan, Desa.name)
        for one in tx.scalars(wanted):
            found[one.kecamatan].append(one.name)
    return dict(found)


def check_desa(db: Database, office_id: int, data: bytes) -> list[table.Place]:
    """What the file would bring; nothing is kept. Raises DesaRefused."""
    with db.read() as tx:
        return table.read(data, tx.get_one(Office, office_id).kecamatan)


def replace_desa(db: Database, office_id: int, data: bytes, actor_id: int, now: datetime) -> int:
    """The file's list is the office's list now, all of it or (DesaRefused) nothing; how many desa."""
    with db.write() as tx:
        office = tx.get_one(Office, office_id, with_for_update=True)
        places = table.read(data, office.kecamatan)
        tx.execute(sa.delete(Desa).where(Desa.office_id == office_id))
        tx.add_all(Desa(office_id=office_id, kecamatan=one.kecamatan, name=one.name) for one in places)
        audit.record(tx, now=now, act="office.desa_replaced", object_kind="office", object_id=office_id,
                     actor_id=actor_id, office_id=office_id, detail={"count": len(places)})  # fmt: skip
        return len(places)
