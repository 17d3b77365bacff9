"""Whoever draws a paper and whoever takes items out of the bank at the same moment: one of them waits.

SQLite has one writer at a time. On PostgreSQL a draw holds the bank of its office together with other draws,
and a change of the whole bank holds it alone; what is read after that is what the one before has committed.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

BANK = 7207  # arbitrary numbers that name these locks among PostgreSQL's advisory locks
PICTURES = 7208


def while_drawn(tx: Session, office_id: int) -> None:
    """Until this transaction ends nobody changes the office's bank as a whole; others may draw as well."""
    if _postgresql(tx):
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(BANK, office_id)))


def while_changed(tx: Session, office_id: int) -> None:
    """Until this transaction ends nobody draws from the office's bank, nor changes it as a whole."""
    if _postgresql(tx):
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(BANK, office_id)))


def while_pictures_come(tx: Session) -> None:
    """Until this transaction ends nobody else adds pictures: the same one may come from two offices."""
    if _postgresql(tx):
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(PICTURES)))


def _postgresql(tx: Session) -> bool:
    return tx.get_bind().dialect.name == "postgresql"
