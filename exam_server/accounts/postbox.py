"""How many letters strangers may cause to one mailbox: whoever types an address must not flood its owner."""

from __future__ import annotations

from datetime import datetime, timedelta

from exam_server import throttle, tokens
from exam_server.accounts.rules import normal_email
from exam_server.db import Database

LETTERS = 5
WINDOW = timedelta(hours=1)


def may_write(db: Database, email: str, now: datetime) -> bool:
    """True, and counted, while fewer than `LETTERS` were asked for within `WINDOW`; nobody is told."""
    try:
        with db.write() as tx:
            throttle.take(tx, "letters:" + tokens.fingerprint(normal_email(email)), LETTERS, WINDOW, now)
    except throttle.TooMany:
        return False
    return True
