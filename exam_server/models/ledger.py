"""Time: the ledger of each attempt, what the server knows of its own outages, and its last sign of life."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base
from exam_server.models.guards import only_grows


class LedgerEntry(Base):
    """Seconds that belong to one attempt, with reason, author and evidence; its deadline is their sum."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.CheckConstraint("seconds > 0", name="only_adds"),
        sa.CheckConstraint("kind IN ('start', 'accommodation', 'extra', 'outage')", name="kind_is_known"),
        sa.CheckConstraint("(kind = 'start') = (author_id IS NULL)", name="granted_by_somebody"),
        sa.CheckConstraint("(kind = 'outage') = (outage_id IS NOT NULL)", name="outage_is_named"),
        sa.UniqueConstraint("attempt_id", "outage_id"),
        sa.Index("uq_ledger_entry_start", "attempt_id", unique=True,
                 sqlite_where=sa.text("kind = 'start'"), postgresql_where=sa.text("kind = 'start'")),
        sa.Index("ix_ledger_entry_attempt", "attempt_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    kind: Mapped[str]
    seconds: Mapped[int]
    reason_code: Mapped[str]
    reason: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    outage_id: Mapped[int | None] = mapped_column(sa.ForeignKey("server_outage.id"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]


class Outage(Base):
    """A time during which no worker could write: measured by the server itself, never told by anybody."""

    __tablename__ = "server_outage"
    __table_args__ = (sa.CheckConstraint("ended_at > began_at", name="ends_after_it_began"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class ServerHeartbeat(Base):
    """One row: the last instant at which some worker could write."""

    __tablename__ = "server_heartbeat"
    __table_args__ = (sa.CheckConstraint("id = 1", name="is_the_only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


only_grows(LedgerEntry.__table__)  # type: ignore[arg-type]
only_grows(Outage.__table__)  # type: ignore[arg-type]
