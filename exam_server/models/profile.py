"""What a candidate tells of themselves, and the files that prove it; both outlive one recruitment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id


class Profile(Base):
    """One row per candidate, filled in step by step; empty until told."""

    __tablename__ = "profile"
    __table_args__ = (
        sa.CheckConstraint("length(nik) = 16", name="nik_has_16_digits"),
        sa.CheckConstraint("sex IN ('m', 'f')", name="sex_is_known"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    nik: Mapped[str | None] = mapped_column(unique=True)
    birth_place: Mapped[str | None]
    birth_date: Mapped[date | None] = mapped_column(sa.Date)
    sex: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))  # whose regency they live in
    regency: Mapped[str | None]  # told in words when none of the offices covers it
    kecamatan: Mapped[str | None]
    desa: Mapped[str | None]
    education: Mapped[str | None]
    major: Mapped[str | None]
    occupation: Mapped[str | None]
    civil_servant: Mapped[bool | None]
    devices: Mapped[list[Any] | None]
    vehicles: Mapped[list[Any] | None]
    experienced: Mapped[bool | None]
    experience: Mapped[str | None]
    saved_at: Mapped[datetime]


class Document(Base):
    """One upload: its file lies under `stored_name`, its receipt is `sha256` and `uploaded_at`."""

    __tablename__ = "document"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('ktp', 'photo', 'ijazah')", name="kind_is_known"),
        sa.CheckConstraint("pages > 0", name="has_pages"),
        sa.Index("ix_document_account", "account_id", "kind"),
        sa.Index("uq_document_newest", "account_id", "kind", unique=True,
                 sqlite_where=sa.text("replaced_at IS NULL AND purged_at IS NULL"),
                 postgresql_where=sa.text("replaced_at IS NULL AND purged_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    kind: Mapped[str]
    sha256: Mapped[str]  # of the bytes as they were sent
    size: Mapped[int]  # bytes as they were sent
    media_type: Mapped[str]  # image/jpeg, image/png, application/pdf: as sent
    pages: Mapped[int]  # each kept as one JPEG
    stored_name: Mapped[str] = mapped_column(unique=True)
    uploaded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
