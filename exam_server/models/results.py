"""Results: what a correction of a key made of the scores, and when the scores were first looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exam_server.models.base import Base, new_public_id
from exam_server.models.guards import only_grows


class ResultVersion(Base):
    """A corrected key and the scores it made; version 1 has no row: it is what closing gave everybody."""

    __tablename__ = "result_version"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "number"),
        sa.UniqueConstraint("revision_id", "key_version"),
        sa.CheckConstraint("number >= 2", name="corrects_an_earlier_one"),
        sa.CheckConstraint("kind IN ('key', 'second', 'void', 'drop')", name="kind_is_known"),
        sa.CheckConstraint("asked_by <> granted_by", name="needs_two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    number: Mapped[int]
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("item_revision.id"))
    key_version: Mapped[int]  # the key that this correction added
    kind: Mapped[str]
    reason: Mapped[str]
    note: Mapped[dict[str, Any]]  # what the announcement says of it: {id, en}
    effect: Mapped[dict[str, Any]]  # how many scores, ranks and outcomes it changed when it was applied
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    granted_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    applied_at: Mapped[datetime]


class Criteria(Base):
    """How the final selection weighs; the newest one counts until the scores are opened under it."""

    __tablename__ = "selection_criteria"
    __table_args__ = (sa.UniqueConstraint("activity_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]  # ranking.rules.Criteria
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    recorded_at: Mapped[datetime]


class ScoreOpening(Base):
    """From here on officials see scores, and the criteria named here are the ones that count."""

    __tablename__ = "score_opening"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    criteria_id: Mapped[int] = mapped_column(sa.ForeignKey("selection_criteria.id"))
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    opened_at: Mapped[datetime]


class Quota(Base):
    """How many places there are and for whom; the newest one counts until the selection is frozen."""

    __tablename__ = "selection_quota"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "number"),
        sa.CheckConstraint("reserves >= 0", name="reserves_are_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    number: Mapped[int]
    content: Mapped[list[Any]]  # [{"kecamatan": "", "desa": "", "places": n}]: empty words mean any
    reserves: Mapped[int]  # at most so many of each quota wait as reserves
    reason: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    recorded_at: Mapped[datetime]


class Mark(Base):
    """A mark that an official gave besides the test; the newest of a component counts.

    It hangs on a receipt, and only who sat has one: nobody else can be given a mark.
    """

    __tablename__ = "selection_mark"
    __table_args__ = (
        sa.ForeignKeyConstraint(["attempt_id", "receipt_number"], ["receipt.attempt_id", "receipt.number"]),
        sa.CheckConstraint("value >= 0", name="is_not_negative"),
        sa.Index("ix_selection_mark_attempt", "attempt_id", "component"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int]
    receipt_number: Mapped[int]
    component: Mapped[str]
    value: Mapped[int]  # thousandths of a mark
    note: Mapped[str]
    source: Mapped[str]  # typed, or the name of the file it was imported from
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    given_at: Mapped[datetime]


class GateCheck(Base):
    """Whether somebody meets a must-have, as an official found; the newest word counts."""

    __tablename__ = "selection_gate"
    __table_args__ = (
        sa.ForeignKeyConstraint(["attempt_id", "receipt_number"], ["receipt.attempt_id", "receipt.number"]),
        sa.CheckConstraint("met OR note <> ''", name="refused_with_a_reason"),
        sa.Index("ix_selection_gate_attempt", "attempt_id", "requirement"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int]
    receipt_number: Mapped[int]
    requirement: Mapped[int]  # its position among the announced requirements
    met: Mapped[bool]
    note: Mapped[str]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    given_at: Mapped[datetime]


only_grows(ResultVersion.__table__, ("activity_id", "number"))  # type: ignore[arg-type]
only_grows(Criteria.__table__, ("activity_id", "number"))  # type: ignore[arg-type]
only_grows(ScoreOpening.__table__)  # type: ignore[arg-type]
only_grows(Quota.__table__, ("activity_id", "number"))  # type: ignore[arg-type]
only_grows(Mark.__table__)  # type: ignore[arg-type]
only_grows(GateCheck.__table__)  # type: ignore[arg-type]
