"""What an office plans with: lists of desa and holidays, guides, who watches a sitting, and its moves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import only_grows


class OfficeDetail(Base):
    """Where an office is found."""

    __tablename__ = "office_detail"

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), primary_key=True)
    address: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]


class Desa(Base):
    """A desa or kelurahan of an office's regency."""

    __tablename__ = "desa"
    __table_args__ = (sa.UniqueConstraint("office_id", "kecamatan", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    kecamatan: Mapped[str]
    name: Mapped[str]


class Holiday(Base):
    """A public holiday, for warnings when sittings are planned and chosen."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    name: Mapped[dict[str, Any]]


class Guide(Base):
    """A file that the announcement offers for reading."""

    __tablename__ = "guide"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"), index=True)
    title: Mapped[dict[str, Any]]
    filename: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes]
    added_at: Mapped[datetime]


class SittingProctor(Base):
    """Who watches which sitting."""

    __tablename__ = "sitting_proctor"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    assigned_at: Mapped[datetime]


class SittingMove(Base):
    """A sitting moved in time, with the approval behind it; the bookings in it stay as they are."""

    __tablename__ = "sitting_move"
    __table_args__ = (sa.CheckConstraint("to_starts_at > from_starts_at", name="only_to_a_later_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), index=True)
    approval_id: Mapped[int] = mapped_column(sa.ForeignKey("approval.id"), unique=True)
    from_starts_at: Mapped[datetime]
    from_ends_at: Mapped[datetime]
    to_starts_at: Mapped[datetime]
    to_ends_at: Mapped[datetime]
    reason: Mapped[str]
    moved_at: Mapped[datetime]


only_grows(SittingMove.__table__, ("approval_id",))  # type: ignore[arg-type]


class Reminder(Base):
    """A reminder that was sent: one of each kind for each application or booking."""

    __tablename__ = "reminder"

    kind: Mapped[str] = mapped_column(primary_key=True)
    object_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime]
