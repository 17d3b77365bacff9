"""Corrections as their pages ask for them: what there was, what waits, and what one would do."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from exam_server import audit
from exam_server.corrections import correcting, history, item
from exam_server.corrections.desk import Desk
from exam_server.corrections.effect import Effect, Sums
from exam_server.corrections.history import Page, Version, Waiting
from exam_server.corrections.item import Seen
from exam_server.corrections.refusals import ItemNotDrawn
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.ranking.ground import Ground
from exam_server.ranking.ready import Apart

__all__ = ["Desk", "Overview", "effect", "names", "overview", "scores_of", "sums_of", "viewed", "wording",
           "wordings"]  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """Corrections that were applied (the newest first) and that wait; how many have a score."""

    versions: list[Version]
    waiting: list[Waiting]
    scored: int


def overview(db: Database, place: Ground, now: datetime) -> Overview:
    """Of the activity; `now` says which questions still wait."""
    with db.read() as tx:
        return Overview(
            history.versions(tx, place.activity_id),
            history.waiting(tx, place.public_id, place.office_id, correcting.KIND, now),
            history.scored(tx, place.activity_id),
        )


def scores_of(db: Database, place: Ground, version: int, page: int) -> Page | None:
    """Raises NotFound for a version that is not there; None while officials may not see scores."""
    with db.read() as tx:
        return history.page_of(tx, place.activity_id, version, page)


def wordings(db: Database, place: Ground, code: str) -> list[Seen]:
    """Each wording of that item which papers of the activity hold; raises ItemNotDrawn."""
    with db.read() as tx:
        found = item.wordings(tx, place.activity_id, code)
        return [item.seen(tx, place.activity_id, one) for one in found]


def wording(db: Database, place: Ground, revision_id: int) -> Seen | None:
    """None when no paper of the activity holds it."""
    with db.read() as tx:
        try:
            return item.seen(tx, place.activity_id, revision_id)
        except ItemNotDrawn:
            return None


def viewed(db: Database, place: Ground, one: Seen, viewer_id: int, now: datetime) -> None:
    """Who had an item with its key in force before them stands in the trail."""
    with db.write() as tx:
        audit.record(tx, now=now, act="correction.viewed", object_kind="item", object_id=one.known.item_id,
                     actor_id=viewer_id, office_id=place.office_id)  # fmt: skip


def effect(db: Database, place: Ground, revision_id: int, wish: Wish, desk: Desk, apart: Apart) -> Effect:
    """Raises ItemNotDrawn, UnknownKind, UnknownOption, NothingChanges, ReckoningFailed."""
    return desk.effect(db, place.activity_id, revision_id, wish, apart)


def names(db: Database, attempts: list[int]) -> dict[int, str]:
    """Whose attempts these are."""
    with db.read() as tx:
        return history.names(tx, attempts)


def sums_of(effect: dict[str, Any]) -> Sums:
    """Of what a version keeps of its effect."""
    return Sums(**{one.name: effect[one.name] for one in fields(Sums)})
