"""A lost e-mail address: the official's word sends a link to the new one, and only that link changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, mail, tokens
from exam_server.accounts.credentials import end_sessions
from exam_server.db import Database
from exam_server.errors import N_
from exam_server.models import Account, HelpRequest
from exam_server.recovery import letters, people
from exam_server.recovery.cases import Case
from exam_server.recovery.refusals import AccountDisabled, EmailInUse, OfficialAccount, OtherOffice
from exam_server.recovery.rules import LINK_LIFE, masked
from exam_server.tokens import LinkExpired, LinkUnknown

PURPOSE = "recovery.email"
PREVIEW = N_("Tautan konfirmasi (24 jam, sekali pakai) dikirim ke alamat baru, dan pemberitahuan ke "
             "alamat lama {masked_email}. Alamat baru berlaku setelah tautan itu dipakai; saat itu semua "
             "perangkat akun ini dikeluarkan.")  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What a link that still fits would do."""

    account_id: int
    request_id: int
    office_id: int | None
    old_email: str
    new_email: str

    @property
    def masked_old(self) -> str:
        """Enough of the former address for its owner to know it again."""
        return masked(self.old_email)


def subject(tx: Session, request: HelpRequest) -> int | None:
    """The account in whose profile the NIK stands."""
    return people.holder_of(tx, request.nik)


def check(tx: Session, case: Case) -> None:
    """Raises NobodyKnown, OfficialAccount, AccountDisabled, OtherOffice, EmailInUse."""
    person = case.known()
    if person.roles:
        raise OfficialAccount
    if person.disabled_at:
        raise AccountDisabled
    if not case.official.superadmin and person.home_office_id != case.request.office_id:
        raise OtherOffice
    if people.with_email(tx, case.request.email) is not None:
        raise EmailInUse


def grant(tx: Session, case: Case, secret: str) -> None:
    """Two letters leave: the link to the new address, a warning to the old one; nothing else changes yet."""
    person = case.known()
    account = tx.get_one(Account, person.account_id)
    token = tokens.sign(secret, PURPOSE, account.id, _bound(account), case.now + LINK_LIFE,
                        case.request.public_id)  # fmt: skip
    owner = mail.reader(tx, account.id)
    mail.post(tx, letters.confirm_email(owner.language, owner.name, token), case.request.email, case.now,
              account.id)  # fmt: skip
    warning = letters.email_leaving(owner.language, owner.name, masked(case.request.email))
    mail.write_to(tx, owner, warning, case.now)
    audit.record(tx, now=case.now, act="email.link_sent", object_kind="account", object_id=account.id,
                 actor_id=case.official.id, office_id=case.request.office_id,
                 detail={"request": case.request.public_id})  # fmt: skip


def look(db: Database, secret: str, token: str, now: datetime) -> Change:
    """What this link would do; raises LinkUnknown, LinkExpired (also when it was used)."""
    with db.read() as tx:
        return _change(tx, secret, token, now, lock=False)


def use(db: Database, secret: str, token: str, now: datetime) -> None:
    """The account has its new address and is signed out everywhere.

    Raises LinkUnknown, LinkExpired (also when it was used), EmailInUse.
    """
    try:
        with db.write() as tx:
            _apply(tx, _change(tx, secret, token, now, lock=True), now)
    except IntegrityError as problem:
        raise EmailInUse from problem


def _change(tx: Session, secret: str, token: str, now: datetime, lock: bool) -> Change:
    claim = tokens.read(secret, PURPOSE, token, now)
    account = tx.get(Account, claim.subject, with_for_update=lock)
    request = tx.scalar(
        sa.select(HelpRequest).where(HelpRequest.public_id == claim.word, HelpRequest.outcome == "granted")
    )
    if account is None or request is None:
        raise LinkUnknown
    if account.disabled_at or not tokens.fits(claim, _bound(account)):
        raise LinkExpired
    return Change(account.id, request.id, request.office_id, account.email, request.email)


def _apply(tx: Session, change: Change, now: datetime) -> None:
    owner = mail.reader(tx, change.account_id)
    changed = tx.execute(
        sa.update(Account)
        .where(Account.id == change.account_id, Account.email == change.old_email)
        .values(email=change.new_email)
        .returning(Account.id)
    ).scalar()
    if changed is None:  # the same link, a moment earlier
        raise LinkExpired
    end_sessions(tx, change.account_id, now)
    mail.write_to(tx, owner, letters.email_changed(owner.language, owner.name), now)
    audit.record(tx, now=now, act="email.changed", object_kind="account", object_id=change.account_id,
                 actor_id=change.account_id, office_id=change.office_id,
                 detail={"request": change.request_id, "how": "recovery"})  # fmt: skip


def _bound(account: Account) -> str:
    """A used link no longer fits, nor one after its owner, warned at the old address, set a new password."""
    return f"{account.email} {account.password_hash}"
