"""What stands around an account: second factor, known browsers, invitations, requests for help, throttles."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id


class Preference(Base):
    """The language in which a person is written to."""

    __tablename__ = "preference"
    __table_args__ = (sa.CheckConstraint("language IN ('id', 'en')", name="language_is_known"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    language: Mapped[str]


class SecondFactor(Base):
    """An official's TOTP secret; it counts from `confirmed_at` on, and each time step is used once."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class KnownDevice(Base):
    """A browser in which this account has signed in before; only the hash of its token is here."""

    __tablename__ = "known_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Throttle(Base):
    """How often something was tried since `since`; the key names what and by whom."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


class Invitation(Base):
    """An official-to-be: the role waits until the owner of the address accepts it."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint("email = lower(trim(email))", name="email_is_normal"),
        sa.CheckConstraint("role IN ('superadmin', 'admin', 'screener', 'proctor')", name="role_is_known"),
        sa.CheckConstraint(
            "(role = 'superadmin') = (office_id IS NULL)", name="only_superadmin_has_no_office"
        ),
        sa.CheckConstraint("expires_at > invited_at", name="expires_after_inviting"),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="accepted_or_withdrawn"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    email: Mapped[str]
    name: Mapped[str]
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))
    role: Mapped[str]
    invited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))  # empty: the command line
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class HelpRequest(Base):
    """A person who cannot go on alone asks the office; an official answers, with a reason."""

    __tablename__ = "help_request"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('nik', 'email', 'second_factor', 'erasure')", name="kind_is_known"),
        sa.CheckConstraint("outcome IN ('granted', 'refused')", name="outcome_is_known"),
        sa.CheckConstraint("(outcome IS NULL) = (resolved_at IS NULL)", name="resolved_with_an_outcome"),
        sa.Index("ix_help_request_office", "office_id", "resolved_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    kind: Mapped[str]
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))  # empty: asked by a stranger
    nik: Mapped[str | None]
    name: Mapped[str]
    email: Mapped[str]
    explanation: Mapped[str]
    asked_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    outcome: Mapped[str | None]
    answer: Mapped[str | None]
