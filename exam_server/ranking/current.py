"""The list that counts: the frozen one, else everybody as facts and rules say now."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import apart
from exam_server.db import Database
from exam_server.models import Attempt, GateCheck, Mark, Score
from exam_server.ranking import listing, lists
from exam_server.ranking.contents import criteria_json, quotas_json
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Line, RunBlocking
from exam_server.ranking.lists import Frozen
from exam_server.ranking.plan import plan
from exam_server.scores import service as scores

_remembered: dict[int, tuple[Any, list[Line]]] = {}
"""The long list that was reckoned last, by activity, with the facts that it came from: they only grow."""


def whole(db: Database, run_blocking: RunBlocking, place: Ground) -> tuple[Frozen | None, list[Line]]:
    """The frozen list, or everybody as facts and rules say now."""
    with db.read() as tx:
        recorded = plan(tx, place.activity_id)
        criteria, quota = recorded.opened()
        frozen = lists.newest_list(tx, place.activity_id)
        if frozen is not None:
            return frozen, _frozen_lines(tx, place.activity_id, frozen)
        asked = listing.wanted(place.activity_id, criteria_json(criteria.criteria),
                               quotas_json(quota.quotas), quota.reserves)  # fmt: skip
        if not listing.is_long(tx, place.activity_id):
            return None, listing.compute_here(tx, asked)
        facts = (db.engine.url, quota.number, _facts(tx, place.activity_id))
    held = _remembered.get(place.activity_id)
    if held is None or held[0] != facts:
        url = db.engine.url.render_as_string(hide_password=False)
        held = (facts, run_blocking(apart.reckon, url, listing.reckon, asked))
        _remembered.clear()
        _remembered[place.activity_id] = held
    return None, held[1]


def _frozen_lines(tx: Session, activity_id: int, frozen: Frozen) -> list[Line]:
    if not listing.is_long(tx, activity_id):
        return lists.lines(tx, frozen.id)
    held = _remembered.get(activity_id)
    if held is None or held[0] != frozen.public_id:
        held = (frozen.public_id, lists.lines(tx, frozen.id))
        _remembered.clear()
        _remembered[activity_id] = held
    return held[1]


def _facts(tx: Session, activity_id: int) -> tuple[Any, ...]:
    """Grows with everything that a list is made of."""
    scored = sa.select(sa.func.count()).select_from(Score).join(Attempt, Attempt.id == Score.attempt_id)
    return (
        scores.version_now(tx, activity_id), tx.scalar(scored.where(Attempt.activity_id == activity_id)),
        tx.scalar(sa.select(sa.func.max(Mark.id))), tx.scalar(sa.select(sa.func.max(GateCheck.id))),
    )  # fmt: skip
