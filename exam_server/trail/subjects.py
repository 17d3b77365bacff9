"""Whom a row of the trail is about, and by which public id its object is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from exam_server.models import (
    Account,
    Activity,
    Application,
    Approval,
    Attempt,
    AuditEntry,
    Booking,
    Document,
    HelpRequest,
    Invitation,
    RoleGrant,
    Screening,
    Sitting,
)

Column = InstrumentedAttribute[Any]
Object = tuple[str, int]
"""(kind, id) as the trail names it."""

OWNERS: Mapping[str, tuple[Column, Column]] = {
    "account": (Account.id, Account.id),
    "application": (Application.id, Application.candidate_id),
    "attempt": (Attempt.id, Attempt.candidate_id),
    "booking": (Booking.id, Booking.candidate_id),
    "document": (Document.id, Document.account_id),
    "help_request": (HelpRequest.id, HelpRequest.account_id),
    "invitation": (Invitation.id, Invitation.account_id),
}
"""Kind -> (its id, the account it is about)."""

PUBLIC_IDS: Mapping[str, tuple[Column, Column]] = {
    "account": (Account.id, Account.public_id),
    "activity": (Activity.id, Activity.public_id),
    "application": (Screening.application_id, Screening.public_id),
    "approval": (Approval.id, Approval.public_id),
    "attempt": (Attempt.id, Attempt.public_id),
    "booking": (Booking.id, Booking.public_id),
    "document": (Document.id, Document.public_id),
    "help_request": (HelpRequest.id, HelpRequest.public_id),
    "invitation": (Invitation.id, Invitation.public_id),
    "sitting": (Sitting.id, Sitting.public_id),
}
"""Kind -> (its id, its name for the outside)."""


def about(people: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """True of rows whose object is, or belongs to, one of these accounts (a SELECT of ids)."""
    theirs = {kind: sa.select(number).where(owner.in_(people)) for kind, (number, owner) in OWNERS.items()}
    return sa.or_(*(
        (AuditEntry.object_kind == kind) & AuditEntry.object_id.in_(own)
        for kind, own in (theirs | {"account": people}).items()
    ))  # fmt: skip


def of_their_sittings(account_id: int) -> sa.ColumnElement[bool]:
    """True of rows about a sitting that this account chose."""
    chosen = sa.select(Booking.sitting_id).where(Booking.candidate_id == account_id)
    return (AuditEntry.object_kind == "sitting") & AuditEntry.object_id.in_(chosen)


def known_as(public_id: str, kinds: Collection[str]) -> sa.ColumnElement[bool]:
    """True of rows whose object has this public id, among these kinds."""
    return sa.or_(sa.false(), *(
        (AuditEntry.object_kind == kind)
        & AuditEntry.object_id.in_(sa.select(number).where(name == public_id))
        for kind, (number, name) in PUBLIC_IDS.items() if kind in kinds
    ))  # fmt: skip


def serving_or_applied(offices: Collection[int]) -> sa.Select[Any]:
    """Ids of accounts with an application or (ever) a role in one of these offices."""
    served = sa.select(RoleGrant.account_id).where(RoleGrant.office_id.in_(offices))
    return sa.select(served.union(applied(offices)).subquery().c[0])


def applied(offices: Collection[int] | None) -> sa.Select[Any]:
    """Ids of accounts with an application in one of these offices (None: in any)."""
    entries = sa.select(Application.candidate_id)
    if offices is None:
        return entries
    return entries.join(Activity, Activity.id == Application.activity_id).where(
        Activity.office_id.in_(offices)
    )


def owners(tx: Session, objects: Collection[Object]) -> dict[Object, int]:
    """The account that each of the objects is about, in one statement; nobody's are missing."""
    asked = []
    for kind, (number, owner) in OWNERS.items():
        if ids := sorted({found for known, found in objects if known == kind}):
            asked.append(
                sa.select(sa.literal(kind).label("kind"), number.label("number"), owner.label("owner"))
                .where(number.in_(ids), owner.is_not(None))
            )  # fmt: skip
    if not asked:
        return {}
    return {(row.kind, row.number): row.owner for row in tx.execute(sa.union_all(*asked))}
