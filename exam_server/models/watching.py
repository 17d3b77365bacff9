"""What proctors note and tell, and what the server itself noticed: messages, incidents, silences, records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import after_create, guard, only_grows

LONG_SILENCE = 35 * 1_000_000
"""Microseconds after which contact counted as lost (`exam.rules.CONTACT_LOST_AFTER`): then a gap is kept."""


class Message(Base):
    """A sentence from an official to one or many candidates of an activity."""

    __tablename__ = "message"
    __table_args__ = (sa.Index("ix_message_activity", "activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    text: Mapped[str]
    sent_at: Mapped[datetime]


class MessageTo(Base):
    """To whom a message goes; when a page of theirs had it, and when they pressed that it was read."""

    __tablename__ = "message_to"
    __table_args__ = (
        sa.CheckConstraint("seen_at IS NULL OR delivered_at IS NOT NULL", name="delivered_before_seen"),
        sa.Index("ix_message_to_attempt", "attempt_id"),
    )

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    delivered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]


class Incident(Base):
    """Something that happened, as an official saw it: to one candidate, or to a whole sitting."""

    __tablename__ = "incident"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('power', 'network', 'device', 'noise', 'illness', 'conduct', 'other')",
            name="kind_is_known",
        ),
        sa.Index("ix_incident_sitting", "sitting_id"),
        sa.Index("ix_incident_attempt", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"))
    kind: Mapped[str]
    text: Mapped[str]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    noted_at: Mapped[datetime]


class PageEvent(Base):
    """The candidate's page was left or came back, as the browser told it: advisory, never proof."""

    __tablename__ = "page_event"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('left', 'back')", name="kind_is_known"),
        sa.Index("ix_page_event_attempt", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    kind: Mapped[str]
    at: Mapped[datetime]


class WatchPolicy(Base):
    """What an activity lets the browser tell; no row means: nothing."""

    __tablename__ = "watch_policy"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    page_events: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class ContactGap(Base):
    """A running attempt was not heard of for long and then was again; put here by the schema itself."""

    __tablename__ = "contact_gap"
    __table_args__ = (
        sa.CheckConstraint("ended_at > began_at", name="ends_after_it_began"),
        sa.Index("ix_contact_gap_attempt", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class SaveTrouble(Base):
    """Answers of one attempt that this server could not store for a while, told by the writer afterwards."""

    __tablename__ = "save_trouble"
    __table_args__ = (
        sa.CheckConstraint("ended_at >= began_at AND saves > 0", name="is_something"),
        sa.Index("ix_save_trouble_attempt", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    saves: Mapped[int]


class OutageScope(Base):
    """An outage that struck one sitting only, and from what evidence the server concluded it."""

    __tablename__ = "outage_scope"
    __table_args__ = (sa.Index("ix_outage_scope_sitting", "sitting_id"),)

    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("server_outage.id"), primary_key=True)
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    evidence: Mapped[dict[str, Any]]


class OutageStruck(Base):
    """Whom such an outage struck."""

    __tablename__ = "outage_struck"

    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("server_outage.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)


class SittingRecord(Base):
    """A berita acara as it was fixed: its whole content, and the hash in the footer of its PDF."""

    __tablename__ = "sitting_record"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    number: Mapped[int]
    content: Mapped[str]  # canonical JSON, exactly as it was hashed
    sha256: Mapped[str]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime]


only_grows(Message.__table__)  # type: ignore[arg-type]
only_grows(Incident.__table__)  # type: ignore[arg-type]
only_grows(PageEvent.__table__)  # type: ignore[arg-type]
only_grows(ContactGap.__table__)  # type: ignore[arg-type]
only_grows(SaveTrouble.__table__)  # type: ignore[arg-type]
only_grows(OutageScope.__table__)  # type: ignore[arg-type]
only_grows(OutageStruck.__table__)  # type: ignore[arg-type]
only_grows(SittingRecord.__table__, ("sitting_id", "number"))  # type: ignore[arg-type]
guard(MessageTo.__table__, "keeps_delete", "DELETE")  # type: ignore[arg-type]
guard(MessageTo.__table__, "keeps_seen", "UPDATE",  # type: ignore[arg-type]
      "OLD.seen_at IS NOT NULL AND OLD.seen_at IS NOT NEW.seen_at")  # fmt: skip
guard(MessageTo.__table__, "keeps_delivered", "UPDATE",  # type: ignore[arg-type]
      "OLD.delivered_at IS NOT NULL AND OLD.delivered_at IS NOT NEW.delivered_at")  # fmt: skip

# Every way of hearing of a candidate writes last_contact_at, so the schema alone sees each gap.
_HEARD_AGAIN = (
    "OLD.started_at IS NOT NULL AND OLD.finalised_at IS NULL AND OLD.last_contact_at >= OLD.started_at "
    f"AND NEW.last_contact_at - OLD.last_contact_at > {LONG_SILENCE}"
)
_KEEP_GAP = (
    "INSERT INTO contact_gap (attempt_id, began_at, ended_at) "
    "VALUES (NEW.id, OLD.last_contact_at, NEW.last_contact_at)"
)
CONTACT_GAP_SQLITE = (
    f"CREATE TRIGGER attempt_notes_gap AFTER UPDATE OF last_contact_at ON attempt WHEN {_HEARD_AGAIN} "
    f"BEGIN {_KEEP_GAP}; END"
)
CONTACT_GAP_POSTGRES = (
    f"CREATE OR REPLACE FUNCTION note_contact_gap() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {_KEEP_GAP}; RETURN NULL; END $$",
    "CREATE TRIGGER attempt_notes_gap AFTER UPDATE OF last_contact_at ON attempt FOR EACH ROW "
    f"WHEN ({_HEARD_AGAIN}) EXECUTE FUNCTION note_contact_gap()",
)
after_create(ContactGap.__table__, CONTACT_GAP_SQLITE, "sqlite")  # type: ignore[arg-type]
for _statement in CONTACT_GAP_POSTGRES:
    after_create(ContactGap.__table__, _statement, "postgresql")  # type: ignore[arg-type]
