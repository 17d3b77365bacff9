"""A NIK that stands in somebody else's profile is freed, unless its holder may be the rightful one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail
from exam_server.errors import N_
from exam_server.models import HelpRequest, Profile
from exam_server.recovery import letters, people
from exam_server.recovery.cases import Case
from exam_server.recovery.refusals import HolderHasApplied, NikFree

PREVIEW = N_("NIK dihapus dari profil akun {masked_email}. Pemiliknya dan pemohon diberi tahu lewat "
             "surel, dan pemohon dapat mengisi NIK itu di profilnya. Dokumen dan akun itu sendiri tidak "
             "berubah.")  # fmt: skip


def subject(tx: Session, request: HelpRequest) -> int | None:
    """The other account that holds the NIK."""
    holder = people.holder_of(tx, request.nik)
    return None if holder == request.account_id else holder


def check(tx: Session, case: Case) -> None:
    """Raises NikFree, HolderHasApplied (a superadmin decides that one)."""
    if case.person is None:
        raise NikFree
    applied = any(entry.year >= case.now.year for entry in case.person.entries)
    if (applied or case.person.has_booked) and not case.official.superadmin:
        raise HolderHasApplied


def grant(tx: Session, case: Case, secret: str) -> None:
    """The NIK leaves the holder's profile; both are told."""
    person = case.known()
    freed = tx.execute(
        sa.update(Profile)
        .where(Profile.account_id == person.account_id, Profile.nik == case.request.nik)
        .values(nik=None)
        .returning(Profile.account_id)
    ).scalar()
    if freed is None:  # its holder changed it a moment ago
        raise NikFree
    audit.record(tx, now=case.now, act="nik.freed", object_kind="account", object_id=person.account_id,
                 actor_id=case.official.id, office_id=case.request.office_id,
                 detail={"request": case.request.public_id})  # fmt: skip
    holder = mail.reader(tx, person.account_id)
    mail.write_to(tx, holder, letters.nik_freed(holder.language, holder.name), case.now)
