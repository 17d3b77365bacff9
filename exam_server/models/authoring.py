"""Around the bank: why a revision was made, who reviewed it, tags, pictures inside texts, and imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import only_grows


class RevisionNote(Base):
    """Why a revision was made, in its author's words."""

    __tablename__ = "revision_note"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("item_revision.id"), primary_key=True)
    why: Mapped[str]


class RevisionPicture(Base):
    """A picture that stands inside the text of a revision, there by its hash."""

    __tablename__ = "revision_picture"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("item_revision.id"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(sa.ForeignKey("picture.id"), primary_key=True)


class ItemReview(Base):
    """What a second person said of one revision; whoever wrote it cannot be that person."""

    __tablename__ = "item_review"
    __table_args__ = (
        sa.CheckConstraint("verdict IN ('accepted', 'returned')", name="verdict_is_known"),
        sa.Index("ix_item_review_revision", "revision_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("item_revision.id"))
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    verdict: Mapped[str]
    note: Mapped[str]
    reviewed_at: Mapped[datetime]


class ItemTag(Base):
    """A word by which an item is found."""

    __tablename__ = "item_tag"

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)


class ImportDraft(Base):
    """A file somebody looks at before it is imported: the file, sealed, and what was chosen for it."""

    __tablename__ = "import_draft"
    __table_args__ = (sa.Index("ix_import_draft_office", "office_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    filename: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes]  # bank.codec: the bytes of the file
    report: Mapped[bytes]  # bank.codec: what reading it gave
    choices: Mapped[dict[str, Any]]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime]


class ImportBatch(Base):
    """One import: all of it came in together, and may be taken back together while it is not used."""

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        sa.Index("ix_import_batch_office", "office_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    filename: Mapped[str]
    format: Mapped[str]
    sha256: Mapped[str]
    imported_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    imported_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class ImportRow(Base):
    """A revision that came in with a batch; `former_id` is the one before it, empty when the item was new."""

    __tablename__ = "import_row"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("item_revision.id"), primary_key=True)
    former_id: Mapped[int | None] = mapped_column(sa.ForeignKey("item_revision.id"))


only_grows(RevisionNote.__table__)  # type: ignore[arg-type]
only_grows(RevisionPicture.__table__)  # type: ignore[arg-type]
only_grows(ItemReview.__table__)  # type: ignore[arg-type]
only_grows(ImportRow.__table__)  # type: ignore[arg-type]
