"""The audit trail: who did what to whom, when and why; it only grows, and each row seals the last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base
from exam_server.models.guards import only_grows


class AuditEntry(Base):
    __tablename__ = "audit"
    __table_args__ = (sa.Index("ix_audit_object", "object_kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))  # empty: the system itself
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))
    act: Mapped[str]  # dotted: booking.chosen, attempt.closed
    object_kind: Mapped[str]
    object_id: Mapped[int]
    detail: Mapped[dict[str, Any]]
    seal: Mapped[str] = mapped_column(unique=True)  # SHA-256 over the former seal and this row


only_grows(AuditEntry.__table__, ("seal",))  # type: ignore[arg-type]
