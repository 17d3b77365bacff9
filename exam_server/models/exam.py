"""Attempts, the paper each was drawn, its responses, every version of them, and what came too late."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import after_create, guard, only_grows

RESPONSE_COLUMNS = "attempt_id, position, seq, option, flagged, arrived_at"
NEW_RESPONSE = ", ".join(f"NEW.{column}" for column in RESPONSE_COLUMNS.split(", "))


class Attempt(Base):
    """One candidate's run at one booking; it opens with the booking and keeps the numbers it is sat under."""

    __tablename__ = "attempt"
    __table_args__ = (
        sa.CheckConstraint("(started_at IS NULL) = (deadline_at IS NULL)", name="deadline_comes_with_start"),
        sa.CheckConstraint("deadline_at >= started_at", name="deadline_after_start"),
        sa.CheckConstraint("finalised_at >= started_at", name="finalised_after_start"),
        sa.CheckConstraint("(finalised_at IS NULL) = (how IS NULL)", name="closing_says_how"),
        sa.CheckConstraint("how IN ('submitted', 'clock', 'official')", name="how_is_known"),
        # the sweeper's alarm clock: only what runs
        sa.Index(
            "ix_attempt_running", "deadline_at",
            sqlite_where=sa.text("finalised_at IS NULL AND started_at IS NOT NULL"),
            postgresql_where=sa.text("finalised_at IS NULL AND started_at IS NOT NULL"),
        ),
        sa.Index("ix_attempt_sitting", "sitting_id"),
        sa.Index("ix_attempt_activity", "activity_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), unique=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    allowed_seconds: Mapped[int]
    grace_seconds: Mapped[int]
    started_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]  # cached: start + allowed + ledger; rewritten only with the ledger
    finalised_at: Mapped[datetime | None]
    how: Mapped[str | None]
    lease: Mapped[int] = mapped_column(default=0)  # fencing number: a save under an older one is refused
    lease_session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("server_session.id"))
    device: Mapped[str] = mapped_column(default="")
    last_contact_at: Mapped[datetime | None]
    rev: Mapped[int] = mapped_column(default=0)  # grows with every change the board can see


class Paper(Base):
    """What one attempt was drawn; the stored order is the truth, the seed is evidence."""

    __tablename__ = "paper"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    content: Mapped[str]  # JSON: [[revision id, [original option behind each displayed one]], ...]
    sha256: Mapped[str]
    seed: Mapped[str]
    drawn_at: Mapped[datetime]


class Response(Base):
    """The newest choice at one position; every version of it is in the journal, put there by the schema."""

    __tablename__ = "response"
    __table_args__ = (sa.CheckConstraint("position >= 1 AND seq >= 1", name="counts_from_one"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    option: Mapped[int | None]  # as displayed, from 1; empty when cleared
    flagged: Mapped[bool]
    arrived_at: Mapped[datetime]


class ResponseJournal(Base):
    """Every accepted version of every response, in order."""

    __tablename__ = "response_journal"
    __table_args__ = (sa.Index("ix_response_journal_attempt", "attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    position: Mapped[int]
    seq: Mapped[int]
    option: Mapped[int | None]
    flagged: Mapped[bool]
    arrived_at: Mapped[datetime]


class LateAnswer(Base):
    """An answer that came too late, from an older device or after closing: evidence, not scored as it is."""

    __tablename__ = "late_answer"
    __table_args__ = (sa.Index("ix_late_answer_attempt", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    position: Mapped[int]
    seq: Mapped[int]
    option: Mapped[int | None]
    flagged: Mapped[bool]
    lease: Mapped[int]
    arrived_at: Mapped[datetime]
    reason: Mapped[str]


only_grows(Paper.__table__)  # type: ignore[arg-type]
only_grows(ResponseJournal.__table__)  # type: ignore[arg-type]
only_grows(LateAnswer.__table__)  # type: ignore[arg-type]
guard(Attempt.__table__, "keeps_delete", "DELETE")  # type: ignore[arg-type]
guard(Attempt.__table__, "keeps_start", "UPDATE",  # type: ignore[arg-type]
      "OLD.started_at IS NOT NULL AND OLD.started_at IS NOT NEW.started_at")  # fmt: skip
guard(Response.__table__, "keeps_delete", "DELETE")  # type: ignore[arg-type]
guard(Response.__table__, "keeps_order", "UPDATE", "NEW.seq <= OLD.seq")  # type: ignore[arg-type]

JOURNAL = f"INSERT INTO response_journal ({RESPONSE_COLUMNS}) VALUES ({NEW_RESPONSE})"
JOURNAL_SQLITE = [
    f"CREATE TRIGGER response_journals_{event.lower()} AFTER {event} ON response BEGIN {JOURNAL}; END"
    for event in ("INSERT", "UPDATE")
]
JOURNAL_POSTGRES = [
    f"CREATE OR REPLACE FUNCTION journal_response() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {JOURNAL}; RETURN NULL; END $$",
    "CREATE TRIGGER response_journals AFTER INSERT OR UPDATE ON response "
    "FOR EACH ROW EXECUTE FUNCTION journal_response()",
]
for _statement in JOURNAL_SQLITE:
    after_create(ResponseJournal.__table__, _statement, "sqlite")  # type: ignore[arg-type]
for _statement in JOURNAL_POSTGRES:
    after_create(ResponseJournal.__table__, _statement, "postgresql")  # type: ignore[arg-type]
