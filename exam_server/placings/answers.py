"""A candidate's own answer sheet: each item as it was shown, the own choice, and what counts as right.

The key leaves the server only here, and only once the result is public and its policy allows it. It is the
key that the announced list was made by, so that sheet and score never tell two stories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import keys as bank_keys
from exam_server.db import Database
from exam_server.exam.papers import PaperShelf, ShownItem, read_paper
from exam_server.models import Attempt, Paper, Response, ResultVersion, SelectionList
from exam_server.placings import policy
from exam_server.placings.published import published
from exam_server.placings.refusals import AnswersClosed, NotAnnounced, NotOnTheList
from exam_server.placings.service import newest_selection
from exam_server.scores import service as scores
from question_bank.blueprint import Drawn
from question_bank.scoring import Key, score


@dataclass(frozen=True)
class Answered:
    """One item: `chosen` and `right` are displayed options from 1; `mark` as in scoring."""

    item: ShownItem
    chosen: int | None
    right: tuple[int, ...]
    mark: bool | None
    void: str
    """Empty, `everyone` (right for all) or `dropped` (counts for nobody)."""


@dataclass(frozen=True)
class Sheet:
    """The whole paper as it was scored, with what was corrected since, each in its own words."""

    items: tuple[Answered, ...]
    correct: int
    out_of: int
    version: int
    notes: tuple[dict[str, str], ...]


def own(db: Database, shelf: PaperShelf, candidate_id: int, now: datetime) -> Sheet:
    """Raises NotAnnounced, NotOnTheList, AnswersClosed."""
    with db.read() as tx:
        activity_id = newest_selection(tx, candidate_id)
        attempt_id = tx.scalar(
            sa.select(Attempt.id)
            .where(Attempt.candidate_id == candidate_id, Attempt.activity_id == activity_id)
        )  # fmt: skip
        if activity_id is None or attempt_id is None:
            raise NotOnTheList
        version = _version(tx, activity_id, now)
        scored = scores.in_force(tx, activity_id, version, [attempt_id]).get(attempt_id)
        if scored is None:
            raise NotOnTheList
        drawn = read_paper(tx.get_one(Paper, attempt_id).content)
        keys = bank_keys.keys(tx, dict(scored.keys))
        chosen = _chosen(tx, attempt_id)
        notes = corrections(tx, activity_id, version)
    shelf.fetch(db, drawn)
    items = _items(shelf, drawn, chosen, keys)
    return Sheet(items, scored.correct, scored.out_of, version, notes)


def corrections(tx: Session, activity_id: int, version: int) -> tuple[dict[str, str], ...]:
    """What was corrected up to this version of the results, in the words of the announcement."""
    wanted = sa.select(ResultVersion.note).where(
        ResultVersion.activity_id == activity_id, ResultVersion.number <= version
    )
    return tuple(tx.scalars(wanted.order_by(ResultVersion.number)))


def _version(tx: Session, activity_id: int, now: datetime) -> int:
    """Of the results that the announced list was made by."""
    announcement = published(tx, activity_id, now)
    if announcement is None:
        raise NotAnnounced
    if not policy.of(tx, activity_id, announcement).answers:
        raise AnswersClosed
    return tx.get_one(SelectionList, announcement.list_id).result_number


def _chosen(tx: Session, attempt_id: int) -> dict[int, int]:
    """By position, both as displayed and from 1."""
    rows = tx.execute(
        sa.select(Response.position, Response.option)
        .where(Response.attempt_id == attempt_id, Response.option.is_not(None))
    )  # fmt: skip
    return {row.position: row.option for row in rows if row.option is not None}


def _items(
    shelf: PaperShelf, drawn: list[Drawn], chosen: Mapping[int, int], keys: Mapping[int, Key]
) -> tuple[Answered, ...]:
    marks = score(drawn, {place - 1: option - 1 for place, option in chosen.items()}, keys).per_position
    found = []
    for place, (one, mark) in enumerate(zip(drawn, marks, strict=True), 1):
        key = keys[one.id]
        right = tuple(shown for shown, original in enumerate(one.order, 1) if original in key.accepted)
        void = "dropped" if key.dropped else "everyone" if key.everyone else ""
        found.append(Answered(shelf.item(place, one), chosen.get(place), right, mark, void))
    return tuple(found)
