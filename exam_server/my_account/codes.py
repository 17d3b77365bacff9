"""An official's own second step: proposed on a page, kept once a code proves it, removed by a code."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from exam_server import audit, mail, throttle, tokens
from exam_server.accounts import credentials, entrance, second_factor
from exam_server.accounts.second_factor import Proposal
from exam_server.db import Database
from exam_server.my_account import letters
from exam_server.tokens import LinkExpired

PURPOSE = "second-factor"
PROPOSAL_LIFE = timedelta(minutes=30)


def propose(db: Database, secret: str, account_id: int, now: datetime) -> tuple[str, Proposal] | None:
    """A fresh proposal and the token that brings it back; None when there is a second step already.

    Nothing is stored: looking at a page changes nothing.
    """
    with db.read() as tx:
        who = credentials.by_id(tx, account_id)
    if who is None or who.second_factor:
        return None
    fresh = second_factor.new_secret()
    token = tokens.sign(secret, PURPOSE, account_id, who.password_hash, now + PROPOSAL_LIFE, fresh)
    return token, second_factor.propose(fresh, who.email)


def proposed(db: Database, secret: str, account_id: int, token: str, now: datetime) -> Proposal:
    """The proposal that was shown; raises LinkUnknown, LinkExpired (also of another account)."""
    claim = tokens.read(secret, PURPOSE, token, now)
    with db.read() as tx:
        who = credentials.by_id(tx, account_id)
    if who is None or claim.subject != account_id or not tokens.fits(claim, who.password_hash):
        raise LinkExpired
    return second_factor.propose(claim.word, who.email)


def confirm(db: Database, account_id: int, proposal: Proposal, code: str, now: datetime) -> None:
    """Needed at every sign-in from now on; again changes nothing; raises WrongCode, TooMany."""
    key = entrance.count_code(db, account_id, now)
    try:
        with db.write() as tx:
            second_factor.confirm(tx, account_id, proposal.secret, code, now)
            throttle.give_back(tx, key)
            audit.record(tx, now=now, act="second_factor.set", object_kind="account", object_id=account_id,
                         actor_id=account_id)  # fmt: skip
            person = mail.reader(tx, account_id)
            mail.write_to(tx, person, letters.told(person, letters.FACTOR_SET), now)
    except IntegrityError:
        return  # two taps on the button: the first has set it


def remove(db: Database, account_id: int, code: str, now: datetime) -> None:
    """Not needed any more; raises WrongCode, TooMany."""
    key = entrance.count_code(db, account_id, now)
    with db.write() as tx:
        second_factor.spend(tx, account_id, code, now)
        second_factor.remove(tx, account_id)
        throttle.give_back(tx, key)
        audit.record(tx, now=now, act="second_factor.removed", object_kind="account", object_id=account_id,
                     actor_id=account_id)  # fmt: skip
        person = mail.reader(tx, account_id)
        mail.write_to(tx, person, letters.told(person, letters.FACTOR_REMOVED), now)
