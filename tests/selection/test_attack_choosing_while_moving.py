"""Who takes a seat in the moment in which the sitting moves is told the new time, not the one of before."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Mail, Sitting, to_micros
from exam_server.selection import service
from tests.factories import DAY, START, add_accepted, add_scene

MOVE = sa.text("UPDATE sitting SET starts_at = starts_at + :by, ends_at = ends_at + :by WHERE id = :id")


def test_the_receipt_and_the_letter_say_the_time_after_the_move(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = add_scene(db)
    candidate = add_accepted(db, scene)
    take = service._take_seat

    def moved_first(tx: Any, sitting: Sitting, now: Any) -> None:
        """Another transaction's move became visible after this one had read the sitting."""
        tx.connection().execute(MOVE, {"by": to_micros(START + DAY) - to_micros(START), "id": sitting.id})
        take(tx, sitting, now)

    monkeypatch.setattr(service, "_take_seat", moved_first)
    before = scene.sitting.starts_at
    receipt = service.choose_sitting(db, candidate.id, scene.sitting.public_id, START)
    assert receipt.sitting.starts_at == before + DAY
    local = (before + DAY).astimezone(receipt.sitting.zone)
    with db.read() as tx:
        body = tx.scalars(sa.select(Mail.body).order_by(Mail.id.desc())).first()
    assert body
    assert f"{local.day} " in body
    assert f"{local:%H.%M}" in body
