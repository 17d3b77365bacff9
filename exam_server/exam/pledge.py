"""The integrity pledge: confirmed once, before the time runs, in the words that were shown."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.errors import N_
from exam_server.exam import journal
from exam_server.models import Attempt, Pledge

WORDING = (
    N_("Saya mengerjakan tes ini sendiri, tanpa bantuan orang lain dan tanpa menggantikan orang lain."),
    N_("Saya tidak menyalin, memotret, atau menyebarkan soal tes."),
    N_("Data diri dan berkas yang saya kirimkan kepada panitia benar."),
    N_("Saya menerima pembatalan hasil bila pernyataan ini terbukti tidak benar."),
)


def confirm(tx: Session, attempt_id: int, now: datetime) -> None:
    """The attempt has its pledge afterwards; confirming again changes nothing."""
    held = tx.scalars(sa.select(Attempt).where(Attempt.id == attempt_id).with_for_update()).one()
    if tx.get(Pledge, attempt_id) is not None:
        return
    tx.add(Pledge(attempt_id=attempt_id, wording="\n".join(WORDING), confirmed_at=now))
    tx.flush()
    journal.append(tx, attempt_id, "pledged", now, {"statements": len(WORDING)})
    audit.record(tx, now=now, act="attempt.pledged", object_kind="attempt", object_id=attempt_id,
                 actor_id=held.candidate_id)  # fmt: skip
