"""Which score of an attempt is in force, now and in every earlier version of the results.

A score names the key versions it was made by. Of the scores at the last entry of an attempt's journal the one
by the newest keys is in force; an earlier version of the results is the same without every key that came with
a later one. So nothing is ever overwritten, and a version needs no copy of its scores.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Attempt, ResultVersion, Score

FIRST = 1
"""The results as closing gave them, before any correction."""

Pair = tuple[int, int]
"""(revision id, key version)"""


@dataclass(frozen=True, slots=True)
class Scored:
    """One score in force; `keys` are (revision id, key version) in the order of the paper."""

    attempt_id: int
    number: int
    keys_sha256: str
    keys: tuple[Pair, ...]
    correct: int
    wrong: int
    blank: int
    out_of: int


def version_now(tx: Session, activity_id: int) -> int:
    """The number of the results in force."""
    newest = sa.select(sa.func.max(ResultVersion.number)).where(ResultVersion.activity_id == activity_id)
    return tx.scalar(newest) or FIRST


def in_force(
    tx: Session, activity_id: int, version: int | None = None, attempts: Collection[int] | None = None
) -> dict[int, Scored]:
    """By attempt; of the newest version, or as version `version` had it. `attempts` asks for some only."""
    wanted = sa.select(
        Score.attempt_id, Score.number, Score.keys_sha256, sa.cast(Score.keys, sa.Text),
        Score.correct, Score.wrong, Score.blank, Score.out_of,
    ).join(Attempt, Attempt.id == Score.attempt_id).where(Attempt.activity_id == activity_id)  # fmt: skip
    if attempts is not None:
        wanted = wanted.where(Attempt.id.in_(attempts))
    return _newest(tx.execute(wanted), _later(tx, activity_id, version))


def _later(tx: Session, activity_id: int, version: int | None) -> set[Pair]:
    """Keys that came with a later version than this one."""
    if version is None:
        return set()
    rows = tx.execute(
        sa.select(ResultVersion.revision_id, ResultVersion.key_version)
        .where(ResultVersion.activity_id == activity_id, ResultVersion.number > version)
    )  # fmt: skip
    return {(revision, key) for revision, key in rows}


def _newest(rows: Iterable[Any], later: set[Pair]) -> dict[int, Scored]:
    found: dict[int, tuple[tuple[int, int], Scored]] = {}
    for attempt_id, number, sha256, said, *marks in rows:
        keys = tuple((revision, version) for revision, version in json.loads(said))
        if later and not later.isdisjoint(keys):
            continue
        # a corrected key has the next version, so of two scores the one by newer keys has the larger sum
        newness = (number, sum(version for _, version in keys))
        if attempt_id not in found or found[attempt_id][0] < newness:
            found[attempt_id] = (newness, Scored(attempt_id, number, sha256, keys, *marks))
    return {attempt_id: scored for attempt_id, (_, scored) in found.items()}
