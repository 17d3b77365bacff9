"""A candidate's entry in an activity."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base


class Application(Base):
    """One entry; its status is derived from these instants, and there are two "Diterima": one per kind."""

    __tablename__ = "application"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "activity_id"),
        # one office per recruitment year
        sa.UniqueConstraint("candidate_id", "year", "kind"),
        sa.ForeignKeyConstraint(
            ["activity_id", "year", "kind"], ["activity.id", "activity.year", "activity.kind"]
        ),
        sa.CheckConstraint("accepted_at >= applied_at", name="accepted_after_applying"),
        sa.Index("ix_application_activity", "activity_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    activity_id: Mapped[int]
    year: Mapped[int]
    kind: Mapped[str]
    applied_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
