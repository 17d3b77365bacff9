"""`make demo`: both offices with their announcements, a bank, staff, sittings, and people in every state.

Running it again changes nothing that is there; when no sitting can be entered any more it adds new ones.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.accounts import service as accounts
from exam_server.accounts.passwords import hash_password
from exam_server.bank import intake
from exam_server.db import Database
from exam_server.demo import announce, happenings, notices, people, selecting
from exam_server.demo.announce import Announced
from exam_server.demo.people import email_of
from exam_server.language import DEFAULT
from exam_server.models import Account, Activity, Office, Recruitment, RoleGrant, Sitting, SittingProctor

BANK = Path(__file__).parent / "bank"
ANNOUNCED_DAYS_AGO = 14
HOUR = timedelta(hours=1)
STAFF = (
    ("pengawas", "proctor", "Pengawas"),
    ("penyaring", "screener", "Penyaring"),
    ("admin", "admin", "Admin"),
)


class Login(NamedTuple):
    who: str
    email: str


def ensure(db: Database, now: datetime, password: str, data_dir: Path | None = None) -> list[Login]:
    """The demo stands afterwards, the files of its people in `data_dir`; the logins worth trying."""
    with db.read() as tx:
        filled = tx.scalar(sa.select(sa.func.count(Office.id)))
    if not filled:
        _fill(db, now, password, data_dir)
    _refresh_sittings(db, now)
    return _logins(db)


def _fill(db: Database, now: datetime, password: str, data_dir: Path | None) -> None:
    password_hash = hash_password(password)
    reports = [intake.read(path, DEFAULT) for path in sorted(BANK.glob("*.csv"))]
    for said in announce.read_all():
        announced_on = now.date() - timedelta(days=ANNOUNCED_DAYS_AGO)
        with db.write() as tx:
            place = announce.bring_in(tx, said, announced_on)
            sittings = _first_sittings(tx, place, now)
        for report in reports:
            intake.bring_in(db, place.office_id, report, now)
        for word, role, title in STAFF:
            account_id = accounts.register(
                db, f"{word}@{place.slug}.example", f"{title} {place.name}", password_hash, now
            )
            accounts.grant_role(db, account_id, role, place.office_id, now)
            if role == "proctor":
                proctor_id = account_id
                _assign(db, account_id, place.selection_id, now)
        notices.publish(db, place.slug, place.registration_id, account_id, now - timedelta(days=3))
        people.populate(db, place, sittings, now, password_hash, people.Crowd(), data_dir)
        happenings.happen(db, sittings["now"], proctor_id, now)
        selecting.prepare(db, place.selection_id, account_id, now)
    account_id = accounts.register(db, "superadmin@pusat.example", "Superadmin", password_hash, now)
    accounts.grant_role(db, account_id, "superadmin", None, now)


def _assign(db: Database, account_id: int, activity_id: int, now: datetime) -> None:
    """The demo's proctor watches every sitting of the activity."""
    with db.write() as tx:
        for sitting_id in tx.scalars(sa.select(Sitting.id).where(Sitting.activity_id == activity_id)).all():
            tx.add(SittingProctor(sitting_id=sitting_id, account_id=account_id, assigned_at=now))


def _first_sittings(tx: Session, place: Announced, now: datetime) -> dict[str, str]:
    """Yesterday's, the one that runs now, and tomorrow's; public ids by word."""
    today = now.astimezone(place.zone).date()

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(today + timedelta(days=days), time(hour), place.zone)

    running = now.replace(second=0, microsecond=0) - timedelta(minutes=45)
    named = {
        "yesterday": _sitting(tx, place.selection_id, "Sesi 1", at(-1, 8), 2 * HOUR, 40),
        "now": _sitting(tx, place.selection_id, "Sesi hari ini", running, 6 * HOUR, 40),
        "tomorrow": _sitting(tx, place.selection_id, "Sesi 2", at(1, 8), 2 * HOUR, 12),
    }
    _sitting(tx, place.selection_id, "Sesi 3", at(1, 13), 2 * HOUR, 40)
    friday = 1 + (4 - (today + timedelta(days=1)).weekday()) % 7
    _sitting(tx, place.selection_id, "Sesi 4", at(friday, 11), 2 * HOUR, 40)
    return {word: sitting.public_id for word, sitting in named.items()}


def _sitting(tx: Session, activity_id: int, label: str, starts_at: datetime, length: timedelta,
             capacity: int) -> Sitting:  # fmt: skip
    sitting = Sitting(activity_id=activity_id, label=label, place="Daring", starts_at=starts_at,
                      ends_at=starts_at + length, capacity=capacity, allowed_seconds=3600,
                      grace_seconds=10)  # fmt: skip
    tx.add(sitting)
    tx.flush()
    return sitting


def _refresh_sittings(db: Database, now: datetime) -> None:
    """A demo started on another day still has a session to enter and one to choose."""
    with db.write() as tx:
        for activity_id in tx.scalars(sa.select(Activity.id).where(Activity.kind == "selection")):
            open_now = sa.select(Sitting.id).where(
                Sitting.activity_id == activity_id, Sitting.starts_at <= now, Sitting.ends_at > now + 2 * HOUR
            )
            if tx.scalar(open_now) is None:
                start = now.replace(second=0, microsecond=0)
                today = _sitting(tx, activity_id, "Sesi hari ini", start, 6 * HOUR, 40)
                tomorrow = _sitting(tx, activity_id, "Sesi besok", start + 24 * HOUR, 2 * HOUR, 40)
                for proctor in tx.scalars(_proctors(activity_id)).all():
                    tx.add_all(SittingProctor(sitting_id=one.id, account_id=proctor, assigned_at=now)
                               for one in (today, tomorrow))  # fmt: skip


def _proctors(activity_id: int) -> sa.Select[int]:
    return (
        sa.select(RoleGrant.account_id)
        .join(Activity, Activity.office_id == RoleGrant.office_id)
        .where(Activity.id == activity_id, RoleGrant.role == "proctor", RoleGrant.ended_at.is_(None))
    )


def _logins(db: Database) -> list[Login]:
    with db.read() as tx:
        slugs = list(tx.scalars(sa.select(Office.slug).join(Recruitment).order_by(Office.slug)))
        known = set(tx.scalars(sa.select(Account.email)))
    crowd = people.Crowd()
    wanted = [
        login
        for slug in slugs
        for login in (
            Login("calon mitra, Diterima, belum memilih sesi", email_of(crowd.first("accepted"), slug)),
            Login("calon mitra, sesinya sedang dibuka", email_of(crowd.first("now_ready"), slug)),
            Login("calon mitra, sedang mengerjakan", email_of(crowd.first("now_running"), slug)),
            Login("pengawas", f"pengawas@{slug}.example"),
            Login("penyaring (seleksi administrasi)", f"penyaring@{slug}.example"),
            Login("admin kantor", f"admin@{slug}.example"),
        )
    ]
    wanted.append(Login("superadmin", "superadmin@pusat.example"))
    return [login for login in wanted if login.email in known]


def describe(logins: list[Login], address: str, password: str) -> str:
    """What the terminal says before the server starts."""
    rows = [f"  {login.email:<28} {login.who}" for login in logins]
    return "\n".join([f"Alamat: {address}", "Masuk (kata sandi semua akun demo: " + password + ")", *rows])
