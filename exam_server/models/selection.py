"""Sittings with their seats, and bookings: the one choice a candidate has."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import guard, only_grows


class Sitting(Base):
    """A scheduled slot with capacity; the numbers of its exam are its own columns."""

    __tablename__ = "sitting"
    __table_args__ = (
        sa.UniqueConstraint("id", "activity_id"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("capacity > 0", name="has_seats"),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name="never_overbooked"),
        sa.CheckConstraint("allowed_seconds > 0 AND grace_seconds >= 0", name="allows_time"),
        sa.CheckConstraint(
            "ends_at - starts_at >= allowed_seconds * 1000000", name="is_long_enough_for_one"
        ),
        sa.Index("ix_sitting_activity", "activity_id", "starts_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    label: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    allowed_seconds: Mapped[int]
    grace_seconds: Mapped[int] = mapped_column(default=10)


class Booking(Base):
    """The irrevocable choice of a sitting: the schema refuses a change, a removal and a second choice."""

    __tablename__ = "booking"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "activity_id"),
        sa.ForeignKeyConstraint(["sitting_id", "activity_id"], ["sitting.id", "sitting.activity_id"]),
        sa.ForeignKeyConstraint(
            ["candidate_id", "activity_id"], ["application.candidate_id", "application.activity_id"]
        ),
        sa.Index("ix_booking_sitting", "sitting_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    chosen_at: Mapped[datetime]


only_grows(Booking.__table__, ("candidate_id", "activity_id"))  # type: ignore[arg-type]
# A seat once taken stays taken, and a sitting is moved in time, never removed.
guard(Sitting.__table__, "keeps_seats", "UPDATE", "NEW.taken < OLD.taken")  # type: ignore[arg-type]
guard(Sitting.__table__, "keeps_delete", "DELETE")  # type: ignore[arg-type]
