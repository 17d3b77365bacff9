"""Accounts, what they may do, and the revocable sessions under which they are signed in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id


class Account(Base):
    """A person who signs in; it outlives one recruitment."""

    __tablename__ = "account"
    __table_args__ = (sa.CheckConstraint("email = lower(trim(email))", name="email_is_normal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role an account holds, for one office or (without an office) for all; ended, never removed."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.CheckConstraint(
            "role IN ('superadmin', 'admin', 'screener', 'proctor')", name="role_is_known"
        ),
        sa.CheckConstraint(
            "(role = 'superadmin') = (office_id IS NULL)", name="only_superadmin_has_no_office"
        ),
        sa.Index("ix_role_grant_account", "account_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))
    role: Mapped[str]
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ServerSession(Base):
    """One signed-in browser; only the hash of its 256-bit token is here, and ending it acts at once."""

    __tablename__ = "server_session"
    __table_args__ = (
        sa.CheckConstraint("expires_at > opened_at", name="expires_after_opening"),
        # the session watch asks every second who was signed out lately
        sa.Index("ix_server_session_ended", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str]  # what the browser calls itself, shortened
