"""Signing in, step by step: every try is counted before it is heard, and a good one is given back.

Strangers who guess cannot lock anybody out: a browser in which the account has signed in before counts by
itself. One address may fail often, because a whole school signs in behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from exam_server import throttle, tokens
from exam_server.accounts import credentials, devices, second_factor, service
from exam_server.accounts.credentials import Credentials, Proof
from exam_server.accounts.rules import network, normal_email
from exam_server.db import Database
from exam_server.errors import N_, Refusal

FAILURES = 5
FAILURES_OF_ADDRESS = 600
WINDOW = timedelta(minutes=15)
SECOND_STEP = timedelta(minutes=5)
PURPOSE = "second-step"


class SecondStepOver(Refusal):
    code = "second_step_over"
    status = 401
    sentence = N_("Waktu untuk langkah kedua sudah habis. Masuk kembali dengan surel dan kata sandi Anda.")


@dataclass(frozen=True)
class Browser:
    """Where a try comes from: network address, what the browser calls itself, its long-lived token or ""."""

    address: str
    agent: str
    device: str


@dataclass(frozen=True)
class Knock:
    """A try that was counted under `key`; `who` is None when nobody has that address."""

    who: Credentials | None
    key: str
    address_key: str


@dataclass(frozen=True)
class Entry:
    """The two tokens that a browser gets: for this session, and to be known the next time."""

    session: str
    device: str


def knock(db: Database, email: str, browser: Browser, now: datetime) -> Knock:
    """Count one try, before any slow work; raises TooMany. Known and unknown addresses are treated alike."""
    address_key = "sign-in:from:" + tokens.fingerprint(network(browser.address))
    with db.write() as tx:
        who = credentials.by_email(tx, email)
        known = devices.knows(tx, who.account_id if who else 0, browser.device)
        key = "sign-in:" + tokens.fingerprint(normal_email(email))
        if known:
            key += ":" + tokens.fingerprint(browser.device)
        throttle.check(tx, address_key, FAILURES_OF_ADDRESS, WINDOW, now)
        throttle.take(tx, key, FAILURES, WINDOW, now)
    return Knock(who, key, address_key)


def failed(db: Database, tried: Knock, now: datetime) -> None:
    """The address made one more mistake; raises TooMany when it was one too many."""
    with db.write() as tx:
        throttle.take(tx, tried.address_key, FAILURES_OF_ADDRESS, WINDOW, now)


def was_right(db: Database, tried: Knock) -> None:
    """The password was right, though nobody comes in by it yet: the try does not count."""
    with db.write() as tx:
        throttle.give_back(tx, tried.key)


def enter(db: Database, tried: Knock, proof: Proof, browser: Browser, now: datetime) -> Entry:
    """In by password alone."""
    with db.write() as tx:
        throttle.give_back(tx, tried.key)
        _keep_newer(tx, proof)
        return _let_in(tx, proof.who.account_id, browser, now)


def ask_second_step(db: Database, secret: str, tried: Knock, proof: Proof, now: datetime) -> str:
    """A token for the page that asks for the code; it dies with the password and after `SECOND_STEP`."""
    with db.write() as tx:
        throttle.give_back(tx, tried.key)
        _keep_newer(tx, proof)
    return tokens.sign(secret, PURPOSE, proof.who.account_id, proof.newer, now + SECOND_STEP)


def finish_second_step(
    db: Database, secret: str, token: str, code: str, browser: Browser, now: datetime
) -> Entry:
    """In by password and code; raises SecondStepOver, WrongCode, TooMany."""
    try:
        claim = tokens.read(secret, PURPOSE, token, now)
    except (tokens.LinkUnknown, tokens.LinkExpired) as problem:
        raise SecondStepOver from problem
    key = count_code(db, claim.subject, now)
    with db.write() as tx:
        who = credentials.by_id(tx, claim.subject)
        if who is None or not tokens.fits(claim, who.password_hash):
            raise SecondStepOver
        second_factor.spend(tx, who.account_id, code, now)
        throttle.give_back(tx, key)
        return _let_in(tx, who.account_id, browser, now)


def count_code(db: Database, account_id: int, now: datetime) -> str:
    """One more code was typed for this account; what to give back when it was right; raises TooMany."""
    key = f"code:{account_id}"
    with db.write() as tx:
        throttle.take(tx, key, FAILURES, WINDOW, now)
    return key


def _keep_newer(tx: Session, proof: Proof) -> None:
    if proof.newer != proof.who.password_hash:
        credentials.replace_hash(tx, proof.who.account_id, proof.who.password_hash, proof.newer)


def _let_in(tx: Session, account_id: int, browser: Browser, now: datetime) -> Entry:
    session = service.start_session(tx, account_id, browser.agent, now)
    return Entry(session, service.remember_device(tx, account_id, browser.device, now))
