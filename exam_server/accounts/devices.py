"""Known browsers: where an account has signed in before, told from a stranger's by a long-lived token.

The hash binds the token to the account, so that one phone may be known to everybody who shares it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import KnownDevice

LIFE = timedelta(days=400)
"""The longest that browsers keep a cookie."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def knows(tx: Session, account_id: int, token: str) -> bool:
    """True when the account has signed in in this browser before."""
    found = sa.select(KnownDevice.id).where(KnownDevice.token_hash == hash_of(account_id, token))
    return tx.scalar(found) is not None


def token_for(token: str) -> str:
    """The browser's token, or 256 fresh random bits when it has none that could be ours."""
    return token if TOKEN.fullmatch(token) else secrets.token_urlsafe(32)


def hash_of(account_id: int, token: str) -> str:
    return hashlib.sha256(f"{account_id}:{token}".encode()).hexdigest()
