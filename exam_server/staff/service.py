"""Inviting officials: a role waits behind a link of seven days until the owner of the address takes it.

The link is tied to the invitation as it stood: sent again, withdrawn or accepted, the old one opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail, tokens
from exam_server.accounts.rules import usable_email, usable_name
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.instants import ELSEWHERE
from exam_server.language import DEFAULT
from exam_server.models import Account, Invitation, Office, to_micros
from exam_server.staff import letters, people, rules
from exam_server.staff.refusals import (
    AccountStopped,
    AlreadyHolds,
    AlreadyInvited,
    CandidateAddress,
    InvitationOver,
    NotYourOffice,
    OfficeMissing,
    RoleUnknown,
)
from exam_server.staff.rules import Actor

LIFE = timedelta(days=7)
PURPOSE = "staff-invitation"


@dataclass(frozen=True)
class Wanted:
    """Who is invited for what; `office_id` is None for a superadmin."""

    email: str
    name: str
    role: str
    office_id: int | None


def invite(db: Database, secret: str, wanted: Wanted, actor: Actor | None, now: datetime) -> str:
    """The path of the link, which leaves by mail when an official invites (without one: the command line).

    Raises EmailUnusable, NameUnusable, RoleUnknown, OfficeMissing, NotYourOffice, CandidateAddress,
    AccountStopped, AlreadyHolds, AlreadyInvited.
    """
    email, name = usable_email(wanted.email), usable_name(wanted.name)
    check_role(wanted.role, wanted.office_id, actor)
    with db.write() as tx:
        if actor is not None:  # a form sent twice invites once
            tx.execute(sa.select(Account.id).where(Account.id == actor.id).with_for_update())
        account = tx.scalar(sa.select(Account).where(Account.email == email))
        if account is not None:
            _may_become(tx, account, wanted)
        _make_room(tx, email, wanted, now)
        row = Invitation(
            email=email, name=name, office_id=wanted.office_id, role=wanted.role, invited_at=now,
            invited_by=actor.id if actor else None, expires_at=now + LIFE,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        return _send(tx, secret, row, actor, "invitation.sent", now)


def check_role(role: str, office_id: int | None, actor: Actor | None) -> None:
    """Raises RoleUnknown, OfficeMissing, and NotYourOffice when this official may not give it."""
    if role not in rules.ROLES:
        raise RoleUnknown
    if not rules.is_a_role(role, office_id):
        raise OfficeMissing
    if actor is not None and not rules.may_grant(actor, role, office_id):
        raise NotYourOffice


def _may_become(tx: Session, account: Account, wanted: Wanted) -> None:
    if account.disabled_at is not None:
        raise AccountStopped
    if people.has_applied(tx, account.id):
        raise CandidateAddress
    if (wanted.role, wanted.office_id) in people.roles_of(tx, account.id):
        raise AlreadyHolds


def _make_room(tx: Session, email: str, wanted: Wanted, now: datetime) -> None:
    """One open invitation per address and role: an expired one gives way, a live one can be sent again."""
    same = tx.scalars(
        sa.select(Invitation).where(
            Invitation.email == email, Invitation.role == wanted.role,
            Invitation.office_id.is_not_distinct_from(wanted.office_id),
            Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
        )
    ).all()  # fmt: skip
    if any(now < one.expires_at for one in same):
        raise AlreadyInvited
    for one in same:
        one.withdrawn_at = now


def resend(db: Database, secret: str, actor: Actor, public_id: str, now: datetime) -> str:
    """A fresh link for seven days; the older one opens nothing any more. Raises NotFound, InvitationOver."""
    invitation_id = _within_reach(db, actor, public_id, now)
    with db.write() as tx:
        row = _still_open(tx, invitation_id, invited_at=now, expires_at=now + LIFE)
        return _send(tx, secret, row, actor, "invitation.resent", now)


def withdraw(db: Database, actor: Actor, public_id: str, now: datetime) -> None:
    """The link opens nothing any more. Raises NotFound, InvitationOver."""
    invitation_id = _within_reach(db, actor, public_id, now)
    with db.write() as tx:
        row = _still_open(tx, invitation_id, withdrawn_at=now)
        _record(tx, row, actor, "invitation.withdrawn", now)


def _within_reach(db: Database, actor: Actor, public_id: str, now: datetime) -> int:
    with db.read() as tx:
        row = tx.execute(
            sa.select(Invitation.id, Invitation.office_id).where(Invitation.public_id == public_id)
        ).one_or_none()
    if row is None:
        raise NotFound
    if not actor.looks_after(row.office_id):
        audit.refuse_foreign(db, actor.id, "invitation", row.id, now)
    return int(row.id)


def _still_open(tx: Session, invitation_id: int, **values: datetime) -> Invitation:
    """The invitation with these values; one statement decides against accepting at the same moment."""
    change = sa.update(Invitation).where(
        Invitation.id == invitation_id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )
    if tx.connection().execute(change.values(**values)).rowcount != 1:
        raise InvitationOver
    return tx.get_one(Invitation, invitation_id)


def _send(tx: Session, secret: str, row: Invitation, actor: Actor | None, act: str, now: datetime) -> str:
    path = "/join/" + tokens.sign(secret, PURPOSE, row.id, as_it_stands(row), row.expires_at)
    if actor is not None:
        office = tx.get(Office, row.office_id) if row.office_id else None
        account_id = tx.scalar(sa.select(Account.id).where(Account.email == row.email))
        language = mail.reader(tx, account_id).language if account_id else DEFAULT
        letter = letters.invitation(
            language, name=row.name, inviter=actor.name,
            role=row.role, office=office.name if office else None, path=path, until=row.expires_at,
            zone=ZoneInfo(office.zone) if office else ELSEWHERE,
        )  # fmt: skip
        mail.post(tx, letter, row.email, now, account_id)
    _record(tx, row, actor, act, now)
    return path


def as_it_stands(row: Invitation) -> str:
    """What using, withdrawing or sending the invitation again changes."""
    over = row.accepted_at or row.withdrawn_at
    return f"{to_micros(row.expires_at)}:{to_micros(over) if over else ''}"


def _record(tx: Session, row: Invitation, actor: Actor | None, act: str, now: datetime) -> None:
    audit.record(
        tx, now=now, act=act, object_kind="invitation", object_id=row.id, office_id=row.office_id,
        actor_id=actor.id if actor else None, detail={"role": row.role},
    )  # fmt: skip
