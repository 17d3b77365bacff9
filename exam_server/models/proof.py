"""What proves an attempt: its sealed journal, its scores and receipts, the pledge, and rescue files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import only_grows


class JournalEntry(Base):
    """One fact of one attempt, in order; each seal covers the one before, so nothing can be slipped in."""

    __tablename__ = "attempt_journal"
    __table_args__ = (
        # take-overs are counted for every row of the board
        sa.Index("ix_attempt_journal_joined", "attempt_id",
                 sqlite_where=sa.text("kind = 'joined'"), postgresql_where=sa.text("kind = 'joined'")),
    )  # fmt: skip

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    data: Mapped[str]  # canonical JSON, exactly as it was sealed
    seal: Mapped[str]


class Score(Base):
    """What an attempt is worth as its journal stood at `number`, by the key versions it names."""

    __tablename__ = "score"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    keys_sha256: Mapped[str] = mapped_column(primary_key=True)
    keys: Mapped[list[Any]]  # [[revision id, key version], ...] in the order of the paper
    correct: Mapped[int]
    wrong: Mapped[int]
    blank: Mapped[int]
    out_of: Mapped[int]
    scored_at: Mapped[datetime]


class Receipt(Base):
    """What a candidate can show: the closed attempt as its journal stood at `number`, under a signed code."""

    __tablename__ = "receipt"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    number: Mapped[int]
    paper_sha256: Mapped[str]
    answers_seal: Mapped[str]
    journal_seal: Mapped[str]
    started_at: Mapped[datetime]
    finalised_at: Mapped[datetime]
    how: Mapped[str]
    answered: Mapped[int]
    items: Mapped[int]
    issued_at: Mapped[datetime]


class Pledge(Base):
    """The integrity pledge, confirmed before the start; `wording` is the text as it was shown."""

    __tablename__ = "integrity_pledge"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    wording: Mapped[str]
    confirmed_at: Mapped[datetime]


class RescueFile(Base):
    """What a page kept when its network never returned: it could be forged, so it is evidence only."""

    __tablename__ = "rescue_file"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    sha256: Mapped[str]
    content: Mapped[str]
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]


only_grows(JournalEntry.__table__)  # type: ignore[arg-type]
only_grows(Score.__table__)  # type: ignore[arg-type]
only_grows(Receipt.__table__, ("attempt_id", "number"))  # type: ignore[arg-type]
only_grows(Pledge.__table__)  # type: ignore[arg-type]
only_grows(RescueFile.__table__, ("attempt_id", "sha256"))  # type: ignore[arg-type]
