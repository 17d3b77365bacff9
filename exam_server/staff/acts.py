"""What an official does to another: give and end roles, stop an account, take off a lost second step.

Nobody does it to themselves, the last superadmin stays, and each act is kept in the trail with its reason.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.accounts import credentials
from exam_server.accounts.second_factor_reset import Word
from exam_server.accounts.second_factor_reset import reset_second_factor as reset
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Account, RoleGrant
from exam_server.staff import people, rules
from exam_server.staff.refusals import (
    AlreadyHolds,
    AlreadyStopped,
    BeyondYou,
    LastSuperadmin,
    NothingToReset,
    NotYourself,
    ReasonMissing,
    RoleNotHeld,
)
from exam_server.staff.rules import SUPERADMIN, Actor, Role
from exam_server.staff.service import check_role


def grant(
    db: Database, actor: Actor, public_id: str, role: str, office_id: int | None, now: datetime
) -> None:
    """The role acts from the person's next request on.

    Raises NotFound, RoleUnknown, OfficeMissing, NotYourOffice, AlreadyStopped, AlreadyHolds.
    """
    account_id = _within_reach(db, actor, public_id, now)
    check_role(role, office_id, actor)
    with db.write() as tx:
        account = _locked(tx, account_id)
        if account.disabled_at is not None:
            raise AlreadyStopped
        if (role, office_id) in people.roles_of(tx, account_id):
            raise AlreadyHolds
        tx.add(RoleGrant(account_id=account_id, role=role, office_id=office_id, granted_at=now))
        _record(tx, actor, "role.granted", account_id, office_id, now, role=role)


def end_role(
    db: Database, actor: Actor, public_id: str, role: str, office_id: int | None, reason: str, now: datetime
) -> None:
    """The role is over from the person's next request on.

    Raises NotFound, ReasonMissing, NotYourself, BeyondYou, LastSuperadmin, RoleNotHeld.
    """
    account_id, why = _within_reach(db, actor, public_id, now), _reason(reason)
    with db.write() as tx:
        _hold_superadmins(tx)
        _locked(tx, account_id)
        theirs = _not_oneself(tx, actor, account_id)
        if not rules.may_end(actor, theirs, office_id):
            raise BeyondYou
        if (role, office_id) == SUPERADMIN:
            _must_not_be_the_last(tx, account_id)
        held = sa.update(RoleGrant).where(
            RoleGrant.account_id == account_id, RoleGrant.role == role, RoleGrant.ended_at.is_(None),
            RoleGrant.office_id.is_not_distinct_from(office_id),
        )  # fmt: skip
        if not tx.connection().execute(held.values(ended_at=now)).rowcount:
            raise RoleNotHeld
        _record(tx, actor, "role.ended", account_id, office_id, now, role=role, reason=why)


def disable(db: Database, actor: Actor, public_id: str, reason: str, now: datetime) -> None:
    """Nobody signs in with the account any more, and who is in is out.

    Raises NotFound, ReasonMissing, NotYourself, BeyondYou, LastSuperadmin, AlreadyStopped.
    """
    account_id, why = _within_reach(db, actor, public_id, now), _reason(reason)
    with db.write() as tx:
        _hold_superadmins(tx)
        account = _locked(tx, account_id)
        theirs = _stoppable(tx, actor, account_id)
        if account.disabled_at is not None:
            raise AlreadyStopped
        if SUPERADMIN in theirs:
            _must_not_be_the_last(tx, account_id)
        account.disabled_at = now
        credentials.end_sessions(tx, account_id, now)
        _record(tx, actor, "account.disabled", account_id, _common_office(theirs), now, reason=why)


def reset_second_factor(db: Database, actor: Actor, public_id: str, reason: str, now: datetime) -> None:
    """The lost phone counts no more, every session is over, and the owner is told by mail.

    Raises NotFound, ReasonMissing, NotYourself, BeyondYou, NothingToReset.
    """
    account_id, why = _within_reach(db, actor, public_id, now), _reason(reason)
    with db.write() as tx:
        _locked(tx, account_id)
        theirs = _stoppable(tx, actor, account_id)
        if not rules.may_reset(actor, theirs):
            raise BeyondYou
        if not reset(tx, account_id, Word(actor.id, _common_office(theirs), why), now):
            raise NothingToReset


def _within_reach(db: Database, actor: Actor, public_id: str, now: datetime) -> int:
    """An official of an office the actor looks after; others are not there, and the trail keeps the try."""
    with db.read() as tx:
        account_id = tx.scalar(sa.select(Account.id).where(Account.public_id == public_id))
        theirs = people.roles_of(tx, account_id) if account_id else frozenset()
    if account_id is None:
        raise NotFound
    if not theirs or not (actor.is_superadmin or any(actor.looks_after(place) for _, place in theirs)):
        audit.refuse_foreign(db, actor.id, "account", account_id, now)
    return account_id


def _reason(text: str) -> str:
    tidy = " ".join(text.split())
    if len(tidy) < rules.SHORTEST_REASON:
        raise ReasonMissing(least=rules.SHORTEST_REASON)
    return tidy


def _locked(tx: Session, account_id: int) -> Account:
    return tx.scalars(sa.select(Account).where(Account.id == account_id).with_for_update()).one()


def _not_oneself(tx: Session, actor: Actor, account_id: int) -> frozenset[Role]:
    if account_id == actor.id:
        raise NotYourself
    return people.roles_of(tx, account_id)


def _stoppable(tx: Session, actor: Actor, account_id: int) -> frozenset[Role]:
    theirs = _not_oneself(tx, actor, account_id)
    if not rules.may_stop(actor, theirs):
        raise BeyondYou
    return theirs


def _hold_superadmins(tx: Session) -> None:
    """Taken before any other lock: two superadmins who end each other at once do so one after the other."""
    tx.execute(
        sa.select(RoleGrant.id)
        .where(RoleGrant.role == "superadmin", RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.id)
        .with_for_update()
    )


def _must_not_be_the_last(tx: Session, account_id: int) -> None:
    """A statement of its own, after the lock, so that it sees what the one before left."""
    able = (
        sa.select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == "superadmin", RoleGrant.ended_at.is_(None), Account.disabled_at.is_(None))
    )
    if set(tx.scalars(able)) <= {account_id}:
        raise LastSuperadmin


def _common_office(theirs: frozenset[Role]) -> int | None:
    """The one office in which the person serves, for the trail; None when there are several or none."""
    places = {place for _, place in theirs}
    return places.pop() if len(places) == 1 else None


def _record(tx: Session, actor: Actor, act: str, account_id: int, office_id: int | None, now: datetime,
            **detail: str) -> None:  # fmt: skip
    audit.record(tx, now=now, act=act, object_kind="account", object_id=account_id, actor_id=actor.id,
                 office_id=office_id, detail=dict(detail))  # fmt: skip
