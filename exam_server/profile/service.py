"""A candidate's own data: looked up, and saved one step at a time; only the fields of that step change."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, retelling
from exam_server.db import Database
from exam_server.errors import N_, NotFound, Refusal
from exam_server.models import Account, Desa, Office, Profile
from exam_server.profile.entries import Place, Typed, read
from exam_server.profile.rules import STEPS, Facts, Said, Step

COLUMNS = tuple(field.name for field in fields(Facts) if field.name != "name")


class WrongEntries(Refusal):
    """Something typed cannot be right; `problems` has the sentence of each such field."""

    code = "wrong_entries"
    status = 422
    sentence = N_(
        "Isian belum tersimpan karena ada yang perlu diperbaiki; keterangannya ada di samping isian."
    )

    def __init__(self, problems: dict[str, Said]) -> None:
        super().__init__()
        self.problems = problems
        self.details = {"fields": sorted(problems)}


class NikTaken(Refusal):
    code = "nik_taken"
    sentence = N_("NIK ini sudah dipakai akun lain, dan satu NIK hanya untuk satu akun. Bila NIK ini memang "
                  "milik Anda, minta kantor memeriksanya.")  # fmt: skip


def facts(tx: Session, account_id: int) -> Facts:
    """Everything this account told so far, None where untold; raises NotFound without an account."""
    account, profile = tx.get(Account, account_id), tx.get(Profile, account_id)
    if account is None:
        raise NotFound
    if profile is None:
        return Facts(name=account.name)
    office = tx.get(Office, profile.office_id) if profile.office_id else None
    values: dict[str, Any] = {column: getattr(profile, column) for column in COLUMNS}
    return Facts(name=account.name, **(values | {"regency": office.regency if office else profile.regency}))


def facts_of(db: Database, account_id: int) -> Facts:
    """As `facts`, in a look of its own."""
    with db.read() as tx:
        return facts(tx, account_id)


def places(db: Database) -> list[Place]:
    """The regencies of the offices, by name, each with its list of kecamatan."""
    with db.read() as tx:
        return _places(tx)


def desa(db: Database, slug: str) -> dict[str, list[str]]:
    """What the office of that short name lists as its desa, by kecamatan: suggestions, not a rule."""
    listed: dict[str, list[str]] = {}
    with db.read() as tx:
        wanted = sa.select(Desa).join(Office, Office.id == Desa.office_id).where(Office.slug == slug)
        for one in tx.scalars(wanted.order_by(Desa.kecamatan, Desa.name)):
            listed.setdefault(one.kecamatan, []).append(one.name)
    return listed


def save_step(db: Database, account_id: int, step: str, typed: Typed, now: datetime) -> None:
    """The fields of `step`, as typed, are cleaned and kept; raises NotFound, WrongEntries, NikTaken."""
    chosen = next((one for one in STEPS if one.name == step), None)
    if chosen is None:
        raise NotFound
    try:
        _save(db, account_id, chosen, typed, now)
    except IntegrityError:
        # Another tab of this person was first with the row, which is no reason to refuse: the second try
        # finds it. What is still refused is the NIK.
        _save_after_another(db, account_id, chosen, typed, now)


def _save_after_another(db: Database, account_id: int, step: Step, typed: Typed, now: datetime) -> None:
    try:
        _save(db, account_id, step, typed, now)
    except IntegrityError as problem:
        raise NikTaken from problem


def _save(db: Database, account_id: int, step: Step, typed: Typed, now: datetime) -> None:
    with db.write() as tx:
        values, problems = read(step, typed, _places(tx), now.date())
        if problems:
            raise WrongEntries(problems)
        _keep(tx, account_id, step, values, now)


def _keep(tx: Session, account_id: int, step: Step, values: dict[str, Any], now: datetime) -> None:
    account = tx.get_one(Account, account_id)
    profile = tx.get(Profile, account_id)
    if profile is None:
        profile = Profile(account_id=account_id, saved_at=now)
        tx.add(profile)
    changed = []
    for name in step.fields:
        row: Account | Profile = account if name == "name" else profile
        if getattr(row, name) != values[name]:
            setattr(row, name, values[name])
            changed.append(name)
    profile.saved_at = now
    tx.flush()
    if not retelling.SHOWN.isdisjoint(changed):
        retelling.person(tx, account_id)
    audit.record(tx, now=now, act="profile.saved", object_kind="account", object_id=account_id,
                 actor_id=account_id, detail={"step": step.name, "fields": changed})  # fmt: skip


def _places(tx: Session) -> list[Place]:
    rows = tx.scalars(sa.select(Office).order_by(Office.regency))
    return [Place(one.id, one.slug, one.regency, tuple(one.kecamatan)) for one in rows]
