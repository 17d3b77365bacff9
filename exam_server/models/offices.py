"""Offices, a year's recruitment, its two activities, and everything an announcement says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id


class Office(Base):
    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # the regency's number in the statistics office's own list
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    regency: Mapped[str]
    province: Mapped[str]
    zone: Mapped[str]  # a name of the IANA list: Asia/Jakarta, Asia/Makassar, Asia/Jayapura
    kecamatan: Mapped[list[Any]]


class Recruitment(Base):
    """One year's recruitment of one office, as its numbered document announced it."""

    __tablename__ = "recruitment"
    __table_args__ = (sa.UniqueConstraint("office_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    year: Mapped[int]
    title: Mapped[dict[str, Any]]
    document_number: Mapped[str]
    document_date: Mapped[date] = mapped_column(sa.Date)
    place: Mapped[str]
    signatories: Mapped[list[Any]]  # [{"title": {id, en}, "name": ...}] in the order of signing
    texts: Mapped[dict[str, Any]]  # intro, closing, steps, rules: each {id, en} or a list of them
    published_at: Mapped[datetime | None]


class Activity(Base):
    """Registration or selection: what a candidate applies to, and whose rules an exam is sat under."""

    __tablename__ = "activity"
    __table_args__ = (
        sa.UniqueConstraint("recruitment_id", "kind"),
        # the target of foreign keys which also say the year and the kind
        sa.UniqueConstraint("id", "year", "kind"),
        sa.CheckConstraint("kind IN ('registration', 'selection')", name="kind_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    year: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    blueprint: Mapped[list[Any]]  # strata of the draw; empty for registration
    own_score: Mapped[str] = mapped_column(default="after_announcement")


class Phase(Base):
    """A stage of the announced schedule; both instants are empty when the stage has no dates of its own."""

    __tablename__ = "phase"
    __table_args__ = (
        sa.UniqueConstraint("recruitment_id", "position"),
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.CheckConstraint("(opens_at IS NULL) = (closes_at IS NULL)", name="has_both_ends_or_none"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    position: Mapped[int]
    kind: Mapped[str]  # announcement, registration, screening, test, final, result
    title: Mapped[dict[str, Any]]
    note: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]  # half-open: the first instant that is outside


class Requirement(Base):
    __tablename__ = "requirement"
    __table_args__ = (
        sa.UniqueConstraint("recruitment_id", "position"),
        sa.CheckConstraint("kind IN ('must', 'preference')", name="kind_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    position: Mapped[int]
    kind: Mapped[str]
    text: Mapped[dict[str, Any]]
    proof: Mapped[str]


class Channel(Base):
    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    position: Mapped[int]
    kind: Mapped[str]
    label: Mapped[str]
    url: Mapped[str | None]


class Question(Base):
    """A question people ask about the recruitment, with the office's answer (exam questions are items)."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"))
    position: Mapped[int]
    question: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any]]


class Notice(Base):
    """A dated word of the office to everybody, such as a change of the schedule."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(sa.ForeignKey("recruitment.id"), index=True)
    published_at: Mapped[datetime]
    text: Mapped[dict[str, Any]]
