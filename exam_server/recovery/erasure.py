"""The right to be forgotten: what says who a person was goes; acts stay, told by ids only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail, retelling
from exam_server.accounts.credentials import end_sessions
from exam_server.documents import service as documents
from exam_server.errors import N_
from exam_server.models import (
    Account,
    Application,
    ApplicationVersion,
    Attempt,
    DeviceCheck,
    FieldCheck,
    HelpRequest,
    KnownDevice,
    Mail,
    Phase,
    Preference,
    Profile,
    Screening,
    ScreeningEvent,
    ServerSession,
)
from exam_server.recovery import letters
from exam_server.recovery.cases import Case
from exam_server.recovery.people import Entry, Person
from exam_server.recovery.refusals import AccountDisabled, OfficialAccount, StillRunning
from exam_server.recovery.rules import has_ended

PREVIEW = N_("Dokumen, profil (termasuk NIK), isi pendaftaran, dan isi surel {name} dihapus; akunnya "
             "ditutup dan semua perangkatnya dikeluarkan. Ini tidak dapat dibatalkan. Yang tinggal "
             "hanyalah catatan tindakan dengan nomor, hasil tes tanpa nama, dan berita acara sesi yang sudah "
             "ditetapkan.")  # fmt: skip
FORGOTTEN = "(dihapus)"
UNUSABLE = "-"
"""No password has this as its hash."""


def subject(tx: Session, request: HelpRequest) -> int | None:
    """Who asked."""
    return request.account_id


def check(tx: Session, case: Case) -> None:
    """Raises OfficialAccount, AccountDisabled, StillRunning."""
    person = case.known()
    if person.roles:
        raise OfficialAccount
    if person.disabled_at:
        raise AccountDisabled
    running = first_running(tx, person, case.now)
    if running:
        raise StillRunning(year=running.year, office=running.office)


def first_running(tx: Session, person: Person, now: datetime) -> Entry | None:
    """An entry whose recruitment has not told its result."""
    ids = {entry.recruitment_id for entry in person.entries}
    results = tx.execute(
        sa.select(Phase.recruitment_id, Phase.opens_at).where(
            Phase.recruitment_id.in_(ids), Phase.kind == "result"
        )
    ).all()
    for entry in person.entries:
        opened = [opens_at for recruitment_id, opens_at in results if recruitment_id == entry.recruitment_id]
        if not has_ended(opened, now):
            return entry
    return None


def grant(tx: Session, case: Case, secret: str) -> None:
    """Nothing in this installation says any more who this account was."""
    person = case.known()
    former = mail.reader(tx, person.account_id)
    account = tx.get_one(Account, person.account_id)
    nobody = f"dihapus-{account.public_id}@dihapus.invalid".lower()
    documents.purge(tx, account.id, case.now)
    _forget_requests(tx, account.id, nobody)
    _forget_profile(tx, case)
    _forget_applications(tx, case)
    _forget_letters(tx, case, nobody)
    end_sessions(tx, account.id, case.now)
    _forget_browsers(tx, account.id)
    account.name, account.email, account.password_hash = FORGOTTEN, nobody, UNUSABLE
    account.disabled_at = case.now
    tx.flush()
    retelling.person(tx, account.id)
    audit.record(tx, now=case.now, act="account.erased", object_kind="account", object_id=account.id,
                 actor_id=case.official.id, office_id=case.request.office_id,
                 detail={"request": case.request.public_id})  # fmt: skip
    mail.post(tx, letters.erased(former.language, former.name), former.email, case.now)


def _forget_requests(tx: Session, account_id: int, nobody: str) -> None:
    """Their own, and those that strangers asked about their NIK: before the profile forgets it."""
    nik = sa.select(Profile.nik).where(Profile.account_id == account_id).scalar_subquery()
    of_strangers = HelpRequest.account_id.is_(None) & (HelpRequest.nik == nik)
    about = (HelpRequest.account_id == account_id) | of_strangers
    tx.execute(
        sa.update(HelpRequest).where(about)
        .values(nik=None, name=FORGOTTEN, email=nobody, explanation="")
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _forget_profile(tx: Session, case: Case) -> None:
    told: dict[str, Any] = {
        column.name: sa.null() for column in Profile.__table__.columns if column.nullable
    }  # fmt: skip
    told["saved_at"] = case.now
    tx.execute(sa.update(Profile).where(Profile.account_id == case.known().account_id).values(told))


def _forget_applications(tx: Session, case: Case) -> None:
    ids = sa.select(Application.id).where(Application.candidate_id == case.known().account_id)
    tx.execute(
        sa.update(ApplicationVersion)
        .where(ApplicationVersion.application_id.in_(ids), ApplicationVersion.purged_at.is_(None))
        .values(data={}, documents={}, purged_at=case.now)
        .execution_options(synchronize_session=False)
    )
    tx.execute(
        sa.update(ScreeningEvent)
        .where(ScreeningEvent.application_id.in_(ids), ScreeningEvent.purged_at.is_(None))
        .values(text=None, fields=[], purged_at=case.now)
        .execution_options(synchronize_session=False)
    )
    tx.execute(
        sa.update(Screening).where(Screening.application_id.in_(ids)).values(reason_text=None)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    tx.execute(
        sa.update(FieldCheck).where(FieldCheck.application_id.in_(ids)).values(note="")
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _forget_letters(tx: Session, case: Case, nobody: str) -> None:
    """Their bodies and addresses; what has not left stays here for good."""
    person = case.known()
    to_them = (Mail.account_id == person.account_id) | (Mail.recipient == person.email)
    tx.execute(
        sa.update(Mail).where(to_them, Mail.sent_at.is_(None), Mail.given_up_at.is_(None))
        .values(given_up_at=case.now).execution_options(synchronize_session=False)
    )  # fmt: skip
    tx.execute(
        sa.update(Mail).where(to_them).values(body="", recipient=nobody, problem=None)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _forget_browsers(tx: Session, account_id: int) -> None:
    tx.execute(sa.delete(KnownDevice).where(KnownDevice.account_id == account_id))
    tx.execute(sa.delete(Preference).where(Preference.account_id == account_id))
    tx.execute(sa.delete(DeviceCheck).where(DeviceCheck.account_id == account_id))
    for table, owner in ((ServerSession, ServerSession.account_id), (Attempt, Attempt.candidate_id)):
        tx.execute(sa.update(table).where(owner == account_id).values(device="")
                   .execution_options(synchronize_session=False))  # fmt: skip
