"""The outbox: a letter is written in the transaction of the act that it tells, and leaves after it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id


class Mail(Base):
    """One letter; once it is sent its body is blanked, because links in it open doors."""

    __tablename__ = "mail"
    __table_args__ = (
        sa.CheckConstraint("tries >= 0", name="tries_are_counted"),
        # what the worker asks for in each round
        sa.Index("ix_mail_due", "next_at", sqlite_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
                 postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    written_at: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    problem: Mapped[str | None]
