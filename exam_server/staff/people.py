"""Who serves an office: people with their roles, and invitations that wait; one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.instants import ELSEWHERE
from exam_server.models import (
    Account,
    Application,
    Invitation,
    Office,
    RoleGrant,
    SecondFactor,
    ServerSession,
)
from exam_server.staff.rules import Actor, Role


@dataclass(frozen=True)
class HeldRole:
    """A role as the page names it; a superadmin's has neither office nor slug."""

    role: str
    office_id: int | None
    office: str | None
    slug: str | None


@dataclass(frozen=True)
class Person:
    """An official; the roles are those of today."""

    id: int
    public_id: str
    name: str
    email: str
    roles: tuple[HeldRole, ...]
    second_factor: bool
    last_sign_in: datetime | None
    disabled_at: datetime | None

    @property
    def held(self) -> frozenset[Role]:
        return frozenset((role.role, role.office_id) for role in self.roles)


@dataclass(frozen=True)
class Waiting:
    """An invitation that was neither accepted nor withdrawn."""

    public_id: str
    name: str
    email: str
    role: str
    office: str | None
    inviter: str | None
    invited_at: datetime
    expires_at: datetime
    zone: ZoneInfo


def people(db: Database, actor: Actor) -> list[Person]:
    """Everybody with a role for one of the actor's offices, by name, with all roles that they hold."""
    signed_in = (
        sa.select(ServerSession.account_id, sa.func.max(ServerSession.opened_at).label("at"))
        .group_by(ServerSession.account_id)
        .subquery()
    )
    rows = (
        sa.select(Account, RoleGrant.role, RoleGrant.office_id, Office.name, Office.slug,
                  SecondFactor.confirmed_at, signed_in.c.at)
        .join_from(Account, RoleGrant, (RoleGrant.account_id == Account.id) & RoleGrant.ended_at.is_(None))
        .outerjoin(Office, Office.id == RoleGrant.office_id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .outerjoin(signed_in, signed_in.c.account_id == Account.id)
        .order_by(Account.name, Account.id, Office.name, RoleGrant.role)
    )  # fmt: skip
    if actor.offices is not None:
        here = sa.select(RoleGrant.account_id).where(
            RoleGrant.office_id.in_(actor.offices), RoleGrant.ended_at.is_(None)
        )
        rows = rows.where(Account.id.in_(here))
    with db.read() as tx:
        found = tx.execute(rows).all()
    return [_person(list(group)) for _, group in groupby(found, key=lambda row: row[0].id)]


def _person(rows: list[Any]) -> Person:
    account, *_, confirmed_at, last = rows[0]
    roles = tuple(dict.fromkeys(HeldRole(*row[1:5]) for row in rows))
    return Person(account.id, account.public_id, account.name, account.email, roles, confirmed_at is not None,
                  last, account.disabled_at)  # fmt: skip


def waiting(db: Database, actor: Actor) -> list[Waiting]:
    """Invitations for the actor's offices that nobody accepted yet, newest first; some may have expired."""
    rows = (
        sa.select(Invitation, Office.name, Office.zone, Account.name)
        .outerjoin(Office, Office.id == Invitation.office_id)
        .outerjoin(Account, Account.id == Invitation.invited_by)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
    )
    if actor.offices is not None:
        rows = rows.where(Invitation.office_id.in_(actor.offices))
    with db.read() as tx:
        return [
            Waiting(one.public_id, one.name, one.email, one.role, office, inviter, one.invited_at,
                    one.expires_at, ZoneInfo(zone) if zone else ELSEWHERE)
            for one, office, zone, inviter in tx.execute(rows)
        ]  # fmt: skip


def roles_of(tx: Session, account_id: int) -> frozenset[Role]:
    """What the account holds now."""
    held = sa.select(RoleGrant.role, RoleGrant.office_id).where(
        RoleGrant.account_id == account_id, RoleGrant.ended_at.is_(None)
    )
    return frozenset((role, office_id) for role, office_id in tx.execute(held))


def has_applied(tx: Session, account_id: int) -> bool:
    """True for a candidate's account, which never becomes an official's."""
    entry = sa.select(Application.id).where(Application.candidate_id == account_id).limit(1)
    return tx.scalar(entry) is not None
