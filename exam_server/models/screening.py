"""Screening: what was sent, what was compared, and what was decided about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import changes_only_to_forget


class ApplicationVersion(Base):
    """An application as it was sent: typed data and files; it changes only to forget a person."""

    __tablename__ = "application_version"
    __table_args__ = (sa.UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    number: Mapped[int]
    sent_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]  # the profile's fields by name, and the statements that were confirmed
    documents: Mapped[dict[str, Any]]  # {kind: document id}
    purged_at: Mapped[datetime | None]


class Screening(Base):
    """Where the screening of one application stands, in instants; one row per entry in registration."""

    __tablename__ = "screening"
    __table_args__ = (
        sa.CheckConstraint("decision IN ('accepted', 'rejected')", name="decision_is_known"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_with_an_instant"),
        sa.CheckConstraint(
            "decision <> 'rejected' OR reason_code IS NOT NULL", name="rejected_with_a_reason"
        ),
        sa.CheckConstraint("(asked_at IS NULL) = (due_at IS NULL)", name="asked_with_a_deadline"),
        sa.CheckConstraint("due_at > asked_at", name="due_after_asking"),
        sa.CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claimed_until_an_instant"),
        sa.Index("ix_screening_queue", "activity_id", "sent_at", "application_id"),
    )  # fmt: skip

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    version: Mapped[int]  # the number of the newest version
    sent_at: Mapped[datetime]  # when that came
    asked_at: Mapped[datetime | None]  # a correction was asked for, until due_at
    due_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # every field of this version was compared and agrees
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    reason_code: Mapped[str | None]
    reason_text: Mapped[str | None]
    claimed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    claimed_until: Mapped[datetime | None]


class FieldCheck(Base):
    """An official compared one field of one version with the files; the newest word counts."""

    __tablename__ = "field_check"
    __table_args__ = (sa.CheckConstraint("verdict IN ('agrees', 'differs')", name="verdict_is_known"),)

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    note: Mapped[str]
    checked_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    checked_at: Mapped[datetime]


class ScreeningEvent(Base):
    """What happened to an application, in order; its words about a person can be forgotten, its acts not."""

    __tablename__ = "screening_event"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('sent', 'correction', 'accepted', 'rejected')", name="kind_is_known"
        ),
        sa.Index("ix_screening_event_application", "application_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    version: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    reason_code: Mapped[str | None]
    text: Mapped[str | None]
    fields: Mapped[list[Any]]  # of a correction: [{"field", "note"}]
    due_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]


for _table in (ApplicationVersion.__table__, ScreeningEvent.__table__):
    changes_only_to_forget(_table)  # type: ignore[arg-type]
