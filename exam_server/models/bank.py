"""The bank at rest: items, their immutable revisions, their versioned keys, their pictures."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base
from exam_server.models.guards import only_grows


class BankItem(Base):
    """A place in an office's bank; what it says is in its revisions."""

    __tablename__ = "item"
    __table_args__ = (
        sa.UniqueConstraint("office_id", "code"),
        sa.CheckConstraint("state IN ('draft', 'reviewed', 'retired')", name="state_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    code: Mapped[str]
    topic: Mapped[str]
    difficulty: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[datetime]


class ItemRevision(Base):
    """One wording of an item, sealed by the codec; papers refer to it, so it never changes."""

    __tablename__ = "item_revision"
    __table_args__ = (sa.UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    number: Mapped[int]
    content: Mapped[bytes]  # bank.codec: what a candidate may see, without the key
    options: Mapped[int]
    shuffle: Mapped[bool]
    picture_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"))
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class ItemKey(Base):
    """A version of the key of one revision; a wrong key is corrected by a further version."""

    __tablename__ = "item_key"
    __table_args__ = (sa.UniqueConstraint("revision_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("item_revision.id"))
    version: Mapped[int]
    content: Mapped[bytes]  # bank.codec: accepted options (0-based, original order) and the explanation
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class Picture(Base):
    """A picture of an item, kept once per content; the bytes are sealed by the codec."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    content: Mapped[bytes]
    width: Mapped[int]
    height: Mapped[int]


only_grows(ItemRevision.__table__, ("item_id", "number"))  # type: ignore[arg-type]
only_grows(ItemKey.__table__, ("revision_id", "version"))  # type: ignore[arg-type]
only_grows(Picture.__table__, ("sha256",))  # type: ignore[arg-type]
