"""Whom a request is about: which account, since when, with which entries and roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Account, Activity, Application, Booking, Office, Profile, RoleGrant
from exam_server.recovery.rules import masked


@dataclass(frozen=True)
class Entry:
    """One entry in an activity; `kind` is registration or selection."""

    office_id: int
    office: str
    recruitment_id: int
    year: int
    kind: str
    booked: bool


@dataclass(frozen=True)
class Person:
    """An account as an official compares it; entries are newest first."""

    account_id: int
    name: str
    email: str
    since: datetime
    disabled_at: datetime | None
    roles: frozenset[tuple[str, int | None]]
    entries: tuple[Entry, ...]
    home_office_id: int | None
    """Of the newest entry, else of the profile."""

    @property
    def masked_email(self) -> str:
        """Enough of the address for its owner to know it again."""
        return masked(self.email)

    @property
    def has_booked(self) -> bool:
        """True when a sitting was ever chosen."""
        return any(entry.booked for entry in self.entries)


def holder_of(tx: Session, nik: str | None) -> int | None:
    """The account in whose profile this NIK stands."""
    return tx.scalar(sa.select(Profile.account_id).where(Profile.nik == nik)) if nik else None


def with_email(tx: Session, email: str) -> int | None:
    """The account that signs in with this address (in its normal spelling)."""
    return tx.scalar(sa.select(Account.id).where(Account.email == email))


def person(tx: Session, account_id: int) -> Person:
    """All that a decision about this account needs, in four statements."""
    account = tx.get_one(Account, account_id)
    found = entries(tx, account_id)
    living_in = tx.scalar(sa.select(Profile.office_id).where(Profile.account_id == account_id))
    return Person(
        account_id=account_id, name=account.name, email=account.email, since=account.created_at,
        disabled_at=account.disabled_at, roles=_roles(tx, account_id), entries=found,
        home_office_id=found[0].office_id if found else living_in,
    )  # fmt: skip


def entries(tx: Session, account_id: int) -> tuple[Entry, ...]:
    """The entries of an account, newest first."""
    rows = tx.execute(
        sa.select(Activity.office_id, Office.name, Activity.recruitment_id, Application.year,
                  Application.kind, Booking.id)
        .join_from(Application, Activity, Activity.id == Application.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .outerjoin(Booking, (Booking.candidate_id == Application.candidate_id)
                   & (Booking.activity_id == Application.activity_id))
        .where(Application.candidate_id == account_id)
        .order_by(Application.applied_at.desc(), Application.id.desc())
    )  # fmt: skip
    return tuple(Entry(office_id, office, recruitment_id, year, kind, booking is not None)
                 for office_id, office, recruitment_id, year, kind, booking in rows)  # fmt: skip


def _roles(tx: Session, account_id: int) -> frozenset[tuple[str, int | None]]:
    held = sa.select(RoleGrant.role, RoleGrant.office_id).where(
        RoleGrant.account_id == account_id, RoleGrant.ended_at.is_(None)
    )
    return frozenset((role, office_id) for role, office_id in tx.execute(held))
