"""Acts that need two officials: what one asked for, exactly, and what another said to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import guard


class Approval(Base):
    """One act that waits for a second official; once decided it never changes."""

    __tablename__ = "approval"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('granted', 'refused', 'withdrawn')", name="outcome_is_known"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_with_an_instant"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("outcome = 'withdrawn' OR decided_by <> asked_by", name="needs_two_people"),
        sa.CheckConstraint("expires_at > asked_at", name="expires_after_asking"),
        sa.Index("ix_approval_office", "office_id", "decided_at"),
        # one open question about one thing at a time
        sa.Index("uq_approval_open", "kind", "object_kind", "object_id", unique=True,
                 sqlite_where=sa.text("decided_at IS NULL"),
                 postgresql_where=sa.text("decided_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    kind: Mapped[str]  # dotted, as the act that follows is audited: sitting.moved
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    object_kind: Mapped[str]
    object_id: Mapped[int]
    payload: Mapped[dict[str, Any]]  # what exactly will be done
    evidence: Mapped[dict[str, Any]]  # what the second official is shown besides
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    answer: Mapped[str | None]


guard(Approval.__table__, "keeps_decision", "UPDATE", "OLD.decided_at IS NOT NULL")  # type: ignore[arg-type]
guard(Approval.__table__, "keeps_delete", "DELETE")  # type: ignore[arg-type]
