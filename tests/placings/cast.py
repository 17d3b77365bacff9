"""For the cast of routes: an activity whose list is frozen, and one of its people."""

from __future__ import annotations

from exam_server.db import Database
from exam_server.models import Office
from tests.factories import START
from tests.ranking.stand import add_past_scene, build

PLACES = frozenset({
    "GET /results/<public_id>/places",
    "GET /results/<public_id>/places/<attempt>",
    "POST /results/<public_id>/places/<attempt>/end",
})  # fmt: skip
"""The routes of places."""

END = {"how": "withdrew", "reason": "Surat bermeterai", "act": "do"}


def frozen_for(db: Database, office: Office) -> dict[str, str]:
    """The parts of an address: one who sat and got a place."""
    stand = build(db, add_past_scene(db, office), rights=[2], absent=0, frozen=True, at=START)
    return {"public_id": stand.scene.selection.public_id, "attempt": stand.people[0].run.public_id}
