"""A confirmation: signed over act, parameters, people and actor, short-lived, and good once."""

from __future__ import annotations

import secrets
from datetime import datetime

from exam_server import throttle, tokens
from exam_server.acts.refusals import ConfirmExpired, ConfirmUnknown, ConfirmUsed
from exam_server.acts.rules import CONFIRM_WITHIN
from exam_server.db import Database

PURPOSE = "board-act"


def sign(secret: str, told: str, actor_id: int, now: datetime) -> str:
    """The token with which that official may confirm exactly this (`told`) until CONFIRM_WITHIN is over."""
    until = now + CONFIRM_WITHIN
    return tokens.sign(secret, PURPOSE, actor_id, told, until, secrets.token_urlsafe(12))


def use(db: Database, secret: str, token: str, told: str, actor_id: int, now: datetime) -> None:
    """The token is used up, by this one call. Raises ConfirmUnknown, ConfirmExpired, ConfirmUsed."""
    try:
        claim = tokens.read(secret, PURPOSE, token, now)
    except tokens.LinkExpired as problem:
        raise ConfirmExpired from problem
    except tokens.LinkUnknown as problem:
        raise ConfirmUnknown from problem
    if claim.subject != actor_id or not tokens.fits(claim, told):
        raise ConfirmUnknown
    try:
        with db.write() as tx:  # one statement decides between two who confirm at once
            throttle.take(tx, f"act:{claim.word}", 1, 2 * CONFIRM_WITHIN, now)
    except throttle.TooMany as problem:
        raise ConfirmUsed from problem
