"""Notes of incidents: what kind, in whose words, when; written once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import announce
from exam_server.incidents.refusals import KindUnknown, NoteEmpty, NoteTooLong
from exam_server.incidents.words import KINDS
from exam_server.models import Activity, Attempt, Incident, Sitting
from exam_server.unseen import without_unseen

LONGEST = 500


@dataclass(frozen=True)
class Note:
    """What happened, in the words of an official."""

    kind: str
    text: str


def read(kind: object, text: object) -> Note:
    """The note as it will be kept; raises KindUnknown, NoteEmpty, NoteTooLong."""
    if not isinstance(kind, str) or kind not in KINDS:
        raise KindUnknown
    said = without_unseen(text).strip() if isinstance(text, str) else ""
    if not said:
        raise NoteEmpty
    if len(said) > LONGEST:
        raise NoteTooLong(most=LONGEST)
    return Note(kind, said)


def note(tx: Session, note: Note, attempts: Mapping[int, int], author_id: int, now: datetime) -> None:
    """One incident for each attempt (id -> id of its sitting); the board hears of them after the commit."""
    offices = _offices(tx, set(attempts.values()))
    for attempt_id, sitting_id in sorted(attempts.items()):
        tx.add(_row(note, sitting_id, attempt_id, author_id, now))
        audit.record(tx, now=now, act="incident.noted", object_kind="attempt", object_id=attempt_id,
                     actor_id=author_id, office_id=offices[sitting_id], detail=_detail(note))  # fmt: skip
    tx.execute(sa.update(Attempt).where(Attempt.id.in_(attempts)).values(rev=Attempt.rev + 1))
    announce(tx, "attempts", {"attempt_ids": set(attempts)})


def note_sitting(tx: Session, note: Note, sitting_id: int, author_id: int, now: datetime) -> None:
    """One incident of the whole sitting."""
    tx.add(_row(note, sitting_id, None, author_id, now))
    audit.record(tx, now=now, act="incident.noted_sitting", object_kind="sitting", object_id=sitting_id,
                 actor_id=author_id, office_id=_offices(tx, {sitting_id})[sitting_id],
                 detail=_detail(note))  # fmt: skip


def _row(note: Note, sitting_id: int, attempt_id: int | None, author_id: int, now: datetime) -> Incident:
    return Incident(sitting_id=sitting_id, attempt_id=attempt_id, kind=note.kind, text=note.text,
                    author_id=author_id, noted_at=now)  # fmt: skip


def _detail(note: Note) -> dict[str, str]:
    return {"incident": note.kind, "reason": note.text}


def _offices(tx: Session, sitting_ids: set[int]) -> dict[int, int]:
    wanted = sa.select(Sitting.id, Activity.office_id).join(Activity, Activity.id == Sitting.activity_id)
    return {row.id: row.office_id for row in tx.execute(wanted.where(Sitting.id.in_(sitting_ids)))}
