"""What happened so far in the demo's running sitting, for its board and its berita acara to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.demo.phones import LAPTOP, hear
from exam_server.exam import ledger
from exam_server.exam import service as exam
from exam_server.incidents import service as incidents
from exam_server.incidents.service import Note
from exam_server.messages import service as messages
from exam_server.models import Attempt, ServerSession, Sitting

BEGAN, ANSWERS = timedelta(minutes=25), 12
"""When the three of the story started, and what they answered before it: the last of it 11 minutes ago."""

SICK, MOVED, SAID = timedelta(minutes=10), timedelta(minutes=9), timedelta(minutes=6)
"""How long ago somebody fell ill, somebody changed the device, and everybody was told something."""

REST = ledger.Grant("extra", 300, "health", "Pusing; diberi waktu beristirahat 5 menit.", 0)
CHANGE = ledger.Grant("extra", 240, "device", "Baterai ponsel habis; pindah ke laptop kantor.", 0)
ILL = Note("illness", "Pusing, minum obat, beristirahat sebentar, lalu melanjutkan tes.")
BROKEN = Note("device", "Ponsel mati; tes dilanjutkan di laptop kantor.")
PARADE = Note("noise", "Pawai lewat di depan kantor; jendela aula ditutup.")
CALM = "Pawai sudah lewat. Silakan lanjutkan dengan tenang; jawaban Anda tersimpan otomatis."


def happen(db: Database, sitting: str, official_id: int, now: datetime) -> None:
    """Each by the service that does it; `sitting` is a public id.

    Of the last three who run there one is ill, one changes the device, and one is gone.
    """
    with db.read() as tx:
        sitting_id, activity_id = tx.execute(
            sa.select(Sitting.id, Sitting.activity_id).where(Sitting.public_id == sitting)
        ).one()
        running = list(tx.scalars(
            sa.select(Attempt.id).where(Attempt.sitting_id == sitting_id, Attempt.started_at.is_not(None))
            .order_by(Attempt.id)
        ))  # fmt: skip
    ill, moved, gone = running[-3:]
    with db.write() as tx:
        incidents.note(tx, ILL, {ill: sitting_id}, official_id, now - SICK)
        ledger.enter(tx, ill, replace(REST, author_id=official_id), now - SICK)
        incidents.note(tx, BROKEN, {moved: sitting_id}, official_id, now - MOVED)
        incidents.note_sitting(tx, PARADE, sitting_id, official_id, now - SAID)
    _move(db, moved, official_id, now)
    _tell(db, activity_id, running, gone, official_id, now - SAID)


def _move(db: Database, attempt_id: int, official_id: int, now: datetime) -> None:
    """The laptop takes over from the phone, and the minutes between are given back."""
    at = now - MOVED
    with db.write() as tx:
        person = tx.get_one(Attempt, attempt_id).candidate_id
        token = accounts.start_session(tx, person, LAPTOP, at)
        tx.flush()
        session_id = tx.scalars(
            sa.select(ServerSession.id).where(ServerSession.token_hash == accounts.hash_token(token))
        ).one()
        exam.join(tx, attempt_id, session_id, LAPTOP, True, at)
        ledger.enter(tx, attempt_id, replace(CHANGE, author_id=official_id), at)
        hear(tx, attempt_id, at, now)


def _tell(
    db: Database, activity_id: int, attempts: Sequence[int], gone: int, official_id: int, at: datetime
) -> None:
    """A message to all; everybody but the one who is gone pressed that it was read."""
    with db.write() as tx:
        message = messages.send(tx, activity_id, attempts, CALM, official_id, at)
    for number, attempt_id in enumerate(one for one in attempts if one != gone):
        with db.write() as tx:
            messages.seen(tx, attempt_id, message, at + timedelta(seconds=4 + 3 * number))
