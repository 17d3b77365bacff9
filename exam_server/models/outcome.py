"""The outcome: the frozen list of a selection, what happened to its places since, and what was announced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import only_grows


class SelectionList(Base):
    """A selection as two officials froze it; a corrected key makes a further one, the older stays."""

    __tablename__ = "selection_list"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "number"),
        sa.CheckConstraint("asked_by <> granted_by", name="needs_two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    number: Mapped[int]
    criteria_id: Mapped[int] = mapped_column(sa.ForeignKey("selection_criteria.id"))
    quota_id: Mapped[int] = mapped_column(sa.ForeignKey("selection_quota.id"))
    result_number: Mapped[int]  # the result version it was ranked by
    reason: Mapped[str]
    sha256: Mapped[str]  # over its placings in the order of attempts, as canonical JSON
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    granted_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    frozen_at: Mapped[datetime]


class Placing(Base):
    """One candidate on a frozen list; it names the receipt and the score, which only who sat has."""

    __tablename__ = "selection_placing"
    __table_args__ = (
        sa.ForeignKeyConstraint(["attempt_id", "receipt_number"], ["receipt.attempt_id", "receipt.number"]),
        sa.ForeignKeyConstraint(
            ["attempt_id", "receipt_number", "keys_sha256"],
            ["score.attempt_id", "score.number", "score.keys_sha256"],
        ),
        sa.UniqueConstraint("list_id", "rank"),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'reserve', 'not_accepted', 'not_eligible')", name="outcome_is_known"
        ),
        sa.CheckConstraint("(outcome = 'reserve') = (reserve IS NOT NULL)", name="reserves_are_numbered"),
        sa.CheckConstraint("(outcome = 'not_eligible') = (rank IS NULL)", name="ranked_when_eligible"),
        sa.Index("ix_selection_placing_attempt", "attempt_id"),
    )

    list_id: Mapped[int] = mapped_column(sa.ForeignKey("selection_list.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    receipt_number: Mapped[int]
    keys_sha256: Mapped[str]
    rank: Mapped[int | None]
    outcome: Mapped[str]
    reserve: Mapped[int | None]  # its number within the quota, from 1
    quota: Mapped[int | None]  # index into the quota's content; empty: no place is meant for them
    total: Mapped[int]  # millionths of a point of 100, rounded half to even; ranked by the exact value
    detail: Mapped[dict[str, Any]]  # components, gates not met, and which rule broke a tie


class PlaceEvent(Base):
    """What happened to a place since the list was frozen; where everybody stands follows from these."""

    __tablename__ = "place_event"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id", "kind"),
        sa.CheckConstraint(
            "kind IN ('withdrew', 'disqualified', 'cancelled', 'offered', 'took', 'declined')",
            name="kind_is_known",
        ),
        sa.CheckConstraint("(kind = 'offered') = (due_at IS NOT NULL)", name="offered_until_an_instant"),
        sa.CheckConstraint("(kind = 'offered') = (vacated_by IS NOT NULL)", name="offered_after_somebody"),
        sa.CheckConstraint(
            "kind NOT IN ('disqualified', 'cancelled') OR reason <> ''", name="ended_with_a_reason"
        ),
        sa.CheckConstraint("due_at > at", name="due_after_offering"),
        # not unique: whom a further list gives a place may leave it besides the one that they were offered
        sa.Index("ix_place_event_vacated", "vacated_by"),
        sa.Index("ix_place_event_activity", "activity_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))  # empty: the server
    reason: Mapped[str]
    due_at: Mapped[datetime | None]
    vacated_by: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"))


class ResultAnnouncement(Base):
    """A list as the public reads it, word for word, from its instant on; a change makes a further one."""

    __tablename__ = "result_announcement"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "number"),
        sa.CheckConstraint("asked_by <> granted_by", name="needs_two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    number: Mapped[int]
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("selection_list.id"))
    policy: Mapped[dict[str, Any]]  # which columns are public, and what a candidate sees of the own result
    content: Mapped[str]  # canonical JSON of what is published
    sha256: Mapped[str]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    granted_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime]
    publish_at: Mapped[datetime]


only_grows(SelectionList.__table__, ("activity_id", "number"))  # type: ignore[arg-type]
only_grows(Placing.__table__)  # type: ignore[arg-type]
only_grows(PlaceEvent.__table__, ("attempt_id", "kind"))  # type: ignore[arg-type]
only_grows(ResultAnnouncement.__table__, ("activity_id", "number"))  # type: ignore[arg-type]
