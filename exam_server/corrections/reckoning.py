"""What a correction would do, reckoned from what is stored; the same whether it is looked at or applied."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.apart import Report
from exam_server.corrections import again, effect, item, rules, scoring, standing
from exam_server.corrections.again import Again
from exam_server.corrections.effect import Effect, Line, Points
from exam_server.corrections.rules import Wish
from exam_server.corrections.scoring import Rescored
from exam_server.db import Database
from exam_server.models import Attempt, Score
from exam_server.scores import service as scores
from exam_server.scores.service import Scored
from exam_server.selection import numbers as people

LARGE = 1000
"""From so many attempts on it is reckoned in a process apart."""


@dataclass(frozen=True)
class Reckoned:
    """The effect, and the scores by the corrected key; `seen` are all scores that there were.

    `further` is the list that follows a frozen one, where that was asked for.
    """

    effect: Effect
    rows: list[dict[str, Any]]
    seen: int
    further: Again | None = None


def is_large(tx: Session, activity_id: int) -> bool:
    count = sa.select(sa.func.count(Attempt.id)).where(Attempt.activity_id == activity_id)
    return (tx.scalar(count) or 0) > LARGE


def seen(tx: Session, activity_id: int) -> int:
    """How many scores there are; they only grow, so the same number means the same scores."""
    return tx.scalar(
        sa.select(sa.func.count()).select_from(Score).join(Attempt, Attempt.id == Score.attempt_id)
        .where(Attempt.activity_id == activity_id)
    ) or 0  # fmt: skip


def reckon(tx: Session, activity_id: int, revision_id: int, wish: Wish, with_list: bool = False) -> Reckoned:
    """Seconds for 20,000 attempts; `with_list` makes a frozen list again too.

    Raises ItemNotDrawn, UnknownKind, UnknownOption, NothingChanges."""
    known = item.in_force(tx, activity_id, revision_id)
    key = rules.corrected(wish, known.key, known.options)
    count = seen(tx, activity_id)
    scored = scores.in_force(tx, activity_id)
    found = scoring.rescored(tx, activity_id, scored, revision_id, key, known.version + 1)
    chosen = Counter(-1 if one.chosen is None else one.chosen for one in found)
    opened = standing.opened(tx, activity_id)
    told = effect.told(
        _lines(tx, activity_id, scored, found), [one.old.attempt_id for one in found],
        tuple(chosen[option] for option in (*range(known.options), -1)), opened,
    )  # fmt: skip
    further = None
    if with_list:
        further = again.make(tx, activity_id, scored | {one.new.attempt_id: one.new for one in found})
    return Reckoned(told, [_row(one.new) for one in found], count, further)


def rows(tx: Session, activity_id: int, revision_id: int, wish: Wish) -> list[dict[str, Any]]:
    """Only the scores by the corrected key."""
    known = item.in_force(tx, activity_id, revision_id)
    key = rules.corrected(wish, known.key, known.options)
    scored = scores.in_force(tx, activity_id)
    return [
        _row(one.new)
        for one in scoring.rescored(tx, activity_id, scored, revision_id, key, known.version + 1)
    ]


def _lines(
    tx: Session, activity_id: int, scored: Mapping[int, Scored], found: Iterable[Rescored]
) -> list[Line]:
    after = {one.new.attempt_id: _points(one.new) for one in found}
    recorded = standing.made(tx, activity_id)
    if recorded is None:
        numbers = people.numbers(tx, Attempt.activity_id == activity_id)
        return [Line(one.old.attempt_id, numbers[one.old.attempt_id], _points(one.old), _points(one.new))
                for one in found]  # fmt: skip
    numbers, stood, stands = standing.both(tx, activity_id, recorded, scored, after)
    return [
        Line(attempt, numbers[attempt], _points(one), after.get(attempt, _points(one)), stood.get(attempt),
             stands.get(attempt))
        for attempt, one in sorted(scored.items())
    ]  # fmt: skip


def _points(one: Scored) -> Points:
    return one.correct, one.out_of


def _row(one: Scored) -> dict[str, Any]:
    return {"attempt_id": one.attempt_id, "number": one.number, "keys_sha256": one.keys_sha256,
            "keys": one.keys, "correct": one.correct, "wrong": one.wrong, "blank": one.blank,
            "out_of": one.out_of}  # fmt: skip


def effect_apart(db: Database, arguments: dict[str, Any], report: Report) -> Any:
    """The effect as JSON."""
    return _apart(db, arguments).effect.to_json()


def all_apart(db: Database, arguments: dict[str, Any], report: Report) -> Any:
    """The effect with every new score, and the further list where one is frozen, as JSON."""
    found = _apart(db, arguments, with_list=True)
    return {"effect": found.effect.to_json(), "rows": found.rows, "seen": found.seen,
            "further": found.further.to_json() if found.further else None}  # fmt: skip


def _apart(db: Database, arguments: dict[str, Any], with_list: bool = False) -> Reckoned:
    wish = Wish(arguments["kind"], arguments["option"])
    with one_moment(db) as tx:
        return reckon(tx, arguments["activity"], arguments["revision"], wish, with_list)


def arguments(activity_id: int, revision_id: int, wish: Wish) -> dict[str, Any]:
    """What the two above are told."""
    return {"activity": activity_id, "revision": revision_id, "kind": wish.kind, "option": wish.option}


def from_json(said: dict[str, Any]) -> Reckoned:
    further = Again.from_json(said["further"]) if said["further"] else None
    return Reckoned(Effect.from_json(said["effect"]), said["rows"], said["seen"], further)


@contextlib.contextmanager
def one_moment(db: Database) -> Iterator[Session]:
    """All statements inside see the same state."""
    with db.read() as tx:
        if not db.sqlite:  # SQLite's readers always do
            tx.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield tx
