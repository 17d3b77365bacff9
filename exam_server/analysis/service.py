"""The analysis of an activity for the admins of its office, kept while nothing new was scored.

A large activity is reckoned in a process apart. What was reckoned is told again until a score comes to it;
every page that shows items with their keys leaves a row in the trail.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import apart, audit
from exam_server.analysis import reckoning
from exam_server.analysis.parcel import unpack
from exam_server.analysis.results import Analysis, ItemResult
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Attempt, ResultVersion, Score, ScoreOpening
from exam_server.ranking.ground import Ground
from exam_server.scores import service as scores

LARGE = 1000
"""Activities with more scores than this are reckoned apart from the server's own process."""
KEPT = 8


@dataclass(frozen=True)
class State:
    """What an analysis depends on; `versions` are all that can be asked for, the newest first."""

    activity_id: int
    version: int
    scores: int
    scored_at: datetime | None
    versions: tuple[int, ...]
    opened: bool

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.activity_id, self.version, self.scores, self.scored_at)


class Shelf:
    """The analyses that this process reckoned last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Analysis] = OrderedDict()

    def find(self, state: State) -> Analysis | None:
        return self._kept.get(state.key)

    def keep(self, state: State, analysis: Analysis) -> None:
        self._kept[state.key] = analysis
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def state(tx: Session, activity_id: int, version: int | None = None) -> State:
    """Of the newest results or of version `version`; raises NotFound when there is no such version."""
    now = scores.version_now(tx, activity_id)
    later = tx.scalars(
        sa.select(ResultVersion.number).where(ResultVersion.activity_id == activity_id)
        .order_by(ResultVersion.number.desc())
    ).all()  # fmt: skip
    versions = (*later, scores.FIRST)
    if version is not None and version not in versions:
        raise NotFound
    count, newest = tx.execute(
        sa.select(sa.func.count(), sa.func.max(Score.scored_at))
        .join(Attempt, Attempt.id == Score.attempt_id)
        .where(Attempt.activity_id == activity_id)
    ).one()
    opened = tx.get(ScoreOpening, activity_id) is not None
    return State(activity_id, now if version is None else version, count, newest, versions, opened)


def look(db: Database, database_url: str, shelf: Shelf, activity_id: int, version: int | None) -> tuple[
    State, Analysis
]:  # fmt: skip
    """Slow for a large activity: a view calls it through `run_blocking`. Raises NotFound, ReckoningFailed."""
    with db.read() as tx:
        asked = state(tx, activity_id, version)
    found = shelf.find(asked)
    if found is None:
        found = _reckon(db, database_url, asked)
        shelf.keep(asked, found)
    return asked, found


def _reckon(db: Database, database_url: str, asked: State) -> Analysis:
    arguments = {"activity": asked.activity_id, "version": asked.version}
    if asked.scores > LARGE:
        return unpack(Analysis, apart.reckon(database_url, reckoning.reckoned, arguments))
    return unpack(Analysis, reckoning.reckoned(db, arguments, apart.silent))


def item(analysis: Analysis, revision_id: int) -> ItemResult:
    """One of them; raises NotFound."""
    for one in analysis.items:
        if one.numbers.revision == revision_id:
            return one
    raise NotFound


def viewed(
    db: Database, ground: Ground, page: str, version: int, viewer_id: int, now: datetime, item_id: int = 0
) -> None:
    """Who opened which page of the analysis stands in the trail: it shows items with their keys."""
    thing = ("item", item_id) if item_id else ("activity", ground.activity_id)
    with db.write() as tx:
        audit.record(
            tx, now=now, act="analysis.viewed", object_kind=thing[0], object_id=thing[1],
            actor_id=viewer_id, office_id=ground.office_id, detail={"part": page, "version": version},
        )  # fmt: skip
