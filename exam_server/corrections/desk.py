"""Who reckons a correction, and where: a large activity's in a process apart, before anything is locked."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.corrections import item, reckoning, rules
from exam_server.corrections.effect import Effect
from exam_server.corrections.reckoning import Reckoned
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.models import (
    Attempt,
    Criteria,
    GateCheck,
    ItemKey,
    Mark,
    Quota,
    ResultVersion,
    ScoreOpening,
)
from exam_server.ranking import ready
from exam_server.ranking.ground import Ground
from exam_server.ranking.plan import frozen_number
from exam_server.ranking.ready import Apart, Shelf
from exam_server.ranking.refusals import FactsMoved

KEPT = 6
"""So many effects are remembered, for the next page of the same table."""

Fingerprint = tuple[object, ...]


class Desk:
    """Effects of large activities are remembered until a fact that they stand on changes; one per process."""

    def __init__(self) -> None:
        self._effects: OrderedDict[Fingerprint, Effect] = OrderedDict()

    def effect(self, db: Database, activity_id: int, revision_id: int, wish: Wish, apart: Apart) -> Effect:
        """Raises ItemNotDrawn, UnknownKind, UnknownOption, NothingChanges, ReckoningFailed."""
        with reckoning.one_moment(db) as tx:
            known = item.in_force(tx, activity_id, revision_id)
            rules.corrected(wish, known.key, known.options)
            if not reckoning.is_large(tx, activity_id):
                return reckoning.reckon(tx, activity_id, revision_id, wish).effect
            stands_on = (activity_id, revision_id, wish, *_facts(tx, activity_id, revision_id))
        if stands_on not in self._effects:
            asked = reckoning.arguments(activity_id, revision_id, wish)
            self._effects[stands_on] = Effect.from_json(apart(reckoning.effect_apart, asked))
            while len(self._effects) > KEPT:
                self._effects.popitem(last=False)
        return self._effects[stands_on]


class Prepared:
    """What the second official's grant will need, reckoned before it: the writing is short then."""

    def __init__(self) -> None:
        self._shelf: Shelf[Reckoned] = Shelf()

    def prepare(
        self, db: Database, approval_id: int, activity_id: int, revision_id: int, wish: Wish, apart: Apart
    ) -> None:
        """`take` has it afterwards, where the activity is large."""
        with db.read() as tx:
            large = reckoning.is_large(tx, activity_id)
        if large:
            asked = reckoning.arguments(activity_id, revision_id, wish)
            self._shelf.put(approval_id, reckoning.from_json(apart(reckoning.all_apart, asked)))

    def take(self, tx: Session, approval_id: int, place: Ground, revision_id: int, wish: Wish) -> Reckoned:
        """Rows as the scores are now, the effect as it was a moment ago, and the list that follows.

        The caller holds the activity and wrote nothing yet. Raises NothingChanges, ItemNotDrawn, FactsMoved.
        """
        found = self._shelf.take(approval_id)
        if found is None:
            if reckoning.is_large(tx, place.activity_id):
                raise FactsMoved
            return reckoning.reckon(tx, place.activity_id, revision_id, wish, with_list=True)
        if frozen_number(tx, place.activity_id) is not None:
            if found.further is None:
                raise FactsMoved
            ready.require_unmoved(tx, place, found.further.made)
        if found.seen == reckoning.seen(tx, place.activity_id):
            return found
        # somebody was settled since: ranking thousands again would hold everybody up, scoring them does not
        return replace(found, rows=reckoning.rows(tx, place.activity_id, revision_id, wish))


def _facts(tx: Session, activity_id: int, revision_id: int) -> list[object]:
    """What an effect stands on; each of these only grows."""
    of_attempts = [
        sa.select(sa.func.count(table.id)).join(Attempt, Attempt.id == table.attempt_id)
        .where(Attempt.activity_id == activity_id)
        for table in (Mark, GateCheck)
    ]  # fmt: skip
    of_activity = [
        sa.select(sa.func.count()).select_from(table).where(table.activity_id == activity_id)
        for table in (Criteria, Quota, ScoreOpening, ResultVersion)
    ]
    key = sa.select(sa.func.max(ItemKey.version)).where(ItemKey.revision_id == revision_id)
    return [reckoning.seen(tx, activity_id), *(tx.scalar(one) for one in (*of_attempts, *of_activity, key))]
