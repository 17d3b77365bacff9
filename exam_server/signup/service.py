"""A new account and a forgotten password: whoever asks is told the same, and only the mailbox learns more.

A link belongs to one purpose and to one password: signing up again replaces the password that nobody has
activated yet, so a link never activates a password that came with another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, mail, throttle, tokens
from exam_server.accounts import credentials, postbox
from exam_server.accounts import service as accounts
from exam_server.accounts.credentials import Credentials
from exam_server.accounts.rules import network, normal_email
from exam_server.db import Database
from exam_server.mail import Letter
from exam_server.signup import letters
from exam_server.tokens import Claim, LinkExpired

ACTIVATION, RESET = "activation", "password-reset"
ACTIVATION_LIFE, RESET_LIFE = timedelta(hours=24), timedelta(hours=1)
HOUR = timedelta(hours=1)
ASKS_OF_ADDRESS = 600
"""Per hour and network address: a school of 300 signs up in one lesson, and some of them twice."""

ASKS_OF_EMAIL = 3
"""Per hour: how often one e-mail address may be typed where a letter is asked for again."""


def count_sign_up(db: Database, address: str, now: datetime) -> None:
    """One more sign-up from this network address; raises TooMany."""
    with db.write() as tx:
        throttle.take(tx, _from("sign-up", address), ASKS_OF_ADDRESS, HOUR, now)


def count_ask(db: Database, purpose: str, email: str, address: str, now: datetime) -> None:
    """One more wish for a letter; raises TooMany, for known and unknown e-mail addresses alike."""
    with db.write() as tx:
        throttle.take(tx, _from(purpose, address), ASKS_OF_ADDRESS, HOUR, now)
        throttle.take(tx, f"{purpose}:{tokens.fingerprint(normal_email(email))}", ASKS_OF_EMAIL, HOUR, now)


def _from(act: str, address: str) -> str:
    return f"{act}:from:{tokens.fingerprint(network(address))}"


def sign_up(
    db: Database, secret: str, email: str, name: str, password_hash: str, language: str, now: datetime
) -> None:
    """An account that waits for its activation, or a letter to the owner of the one there is already."""
    may_write = postbox.may_write(db, email, now)
    wanted = Wanted(secret, normal_email(email), name, password_hash, language)
    try:
        with db.write() as tx:
            letter = _sign_up(tx, wanted, now)
            _post(tx, letter, wanted.email, may_write, now)
    except IntegrityError:
        # somebody with the same address was a moment earlier: it is known by now
        with db.write() as tx:
            letter = _sign_up(tx, wanted, now)
            _post(tx, letter, wanted.email, may_write, now)


@dataclass(frozen=True)
class Wanted:
    """What somebody signs up with; `secret` signs the link."""

    secret: str
    email: str
    name: str
    password_hash: str
    language: str


def _sign_up(tx: Session, wanted: Wanted, now: datetime) -> Letter:
    known = credentials.by_email(tx, wanted.email, even_disabled=True)
    if known is None:
        account_id = accounts.add_account(tx, wanted.email, wanted.name, wanted.password_hash, now, None)
    else:
        account_id = known.account_id
        audit.record(tx, now=now, act="account.signed_up_again", object_kind="account", object_id=account_id)
        if not credentials.start_over(tx, account_id, wanted.name, wanted.password_hash):
            return letters.already_known(wanted.language)
    accounts.prefer_language(tx, account_id, wanted.language)
    return _activation(wanted.secret, account_id, wanted.password_hash, wanted.language, now)


def _activation(secret: str, account_id: int, password_hash: str, language: str, now: datetime) -> Letter:
    token = tokens.sign(secret, ACTIVATION, account_id, password_hash, now + ACTIVATION_LIFE)
    return letters.activation(language, f"/activate/{token}", ACTIVATION_LIFE)


def _post(tx: Session, letter: Letter | None, email: str, may_write: bool, now: datetime) -> None:
    if letter and may_write:
        mail.post(tx, letter, email, now)


def resend(db: Database, secret: str, email: str, language: str, now: datetime) -> None:
    """A new activation link to whom one was promised; who is active is told so; a stranger gets nothing."""
    may_write = postbox.may_write(db, email, now)
    with db.write() as tx:
        who = credentials.by_email(tx, email)
        letter = None
        if who and who.active:
            letter = letters.already_known(language)
        elif who:
            letter = _activation(secret, who.account_id, who.password_hash, language, now)
        _post(tx, letter, normal_email(email), may_write, now)


def is_active(db: Database, secret: str, token: str, now: datetime) -> bool:
    """True when this link's account is active already, false when the link would activate it.

    Raises LinkUnknown, and LinkExpired when a later sign-up replaced the password.
    """
    claim = tokens.read(secret, ACTIVATION, token, now)
    with db.read() as tx:
        return _activatable(tx, claim).active


def activate(db: Database, secret: str, token: str, now: datetime) -> None:
    """The account may sign in from now on; again changes nothing; raises LinkUnknown, LinkExpired."""
    claim = tokens.read(secret, ACTIVATION, token, now)
    with db.write() as tx:
        who = _activatable(tx, claim)
        if credentials.activate(tx, who.account_id, who.password_hash, now):
            audit.record(tx, now=now, act="account.activated", object_kind="account",
                         object_id=who.account_id, actor_id=who.account_id)  # fmt: skip


def _activatable(tx: Session, claim: Claim) -> Credentials:
    who = credentials.by_id(tx, claim.subject)
    if who is None or not (who.active or tokens.fits(claim, who.password_hash)):
        raise LinkExpired
    return who


def send_reset(db: Database, secret: str, email: str, language: str, now: datetime) -> None:
    """A link to the owner of the account at this address; a stranger gets nothing."""
    may_write = postbox.may_write(db, email, now)
    with db.write() as tx:
        who = credentials.by_email(tx, email)
        letter = None
        if who:
            token = tokens.sign(secret, RESET, who.account_id, _bound_to(who), now + RESET_LIFE)
            letter = letters.reset(language, f"/password/new/{token}", RESET_LIFE)
        _post(tx, letter, normal_email(email), may_write, now)


def owner_of(db: Database, secret: str, token: str, now: datetime) -> Credentials:
    """Whose password the link may set; raises LinkUnknown, LinkExpired."""
    claim = tokens.read(secret, RESET, token, now)
    with db.read() as tx:
        return _owner(tx, claim)


def set_password(
    db: Database, secret: str, token: str, password_hash: str, language: str, now: datetime
) -> None:
    """The new password counts, and every browser has to sign in with it; raises LinkUnknown, LinkExpired.

    An account that was not active is now: who reads its mail has shown that the address is theirs.
    """
    claim = tokens.read(secret, RESET, token, now)
    with db.write() as tx:
        who = _owner(tx, claim)
        if not credentials.replace_hash(tx, who.account_id, who.password_hash, password_hash):
            raise LinkExpired
        credentials.activate(tx, who.account_id, password_hash, now)
        credentials.end_sessions(tx, who.account_id, now)
        credentials.forget_devices(tx, who.account_id)
        audit.record(tx, now=now, act="account.password_reset", object_kind="account",
                     object_id=who.account_id, actor_id=who.account_id)  # fmt: skip
        mail.post(tx, letters.password_replaced(language), who.email, now, who.account_id)


def _owner(tx: Session, claim: Claim) -> Credentials:
    who = credentials.by_id(tx, claim.subject)
    if who is None or not tokens.fits(claim, _bound_to(who)):
        raise LinkExpired
    return who


def _bound_to(who: Credentials) -> str:
    """A link to an address that is not the account's any more opens nothing."""
    return f"{who.email} {who.password_hash}"
