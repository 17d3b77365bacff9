"""Before the day: practice runs that count for nothing, and what a device check found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import guard


class PracticeRun(Base):
    """One practice of one person on the real runner; as many as they like, one at a time."""

    __tablename__ = "practice_run"
    __table_args__ = (
        sa.CheckConstraint("deadline_at > started_at", name="lasts"),
        sa.Index("ix_practice_run_account", "account_id"),
        sa.Index("uq_practice_run_open", "account_id", unique=True,
                 sqlite_where=sa.text("finalised_at IS NULL"),
                 postgresql_where=sa.text("finalised_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    finalised_at: Mapped[datetime | None]
    lease: Mapped[int] = mapped_column(default=0)
    lease_session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("server_session.id"))


class PracticeResponse(Base):
    """The newest choice at one position of a practice."""

    __tablename__ = "practice_response"

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("practice_run.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    option: Mapped[int | None]
    flagged: Mapped[bool]


class DeviceCheck(Base):
    """What a page found out about its own device and network; the office sees the newest of each person."""

    __tablename__ = "device_check"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('good', 'weak', 'bad')", name="outcome_is_known"),
        sa.Index("ix_device_check_account", "account_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]
    device: Mapped[str]
    outcome: Mapped[str]
    facts: Mapped[dict[str, Any]]


guard(PracticeResponse.__table__, "keeps_order", "UPDATE", "NEW.seq <= OLD.seq")  # type: ignore[arg-type]
