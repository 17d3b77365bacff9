"""Every attempt that was drawn an item, scored by another key of it: only that one position can change.

A score is a sum over positions, so the new one is the old one without the old mark, plus the new mark. An
attempt whose journal has grown since it was scored is left out: it is settled again, by the newest key.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import keys as bank_keys
from exam_server.exam import journal
from exam_server.models import Attempt, JournalEntry, Paper, Response
from exam_server.scores.service import Scored
from question_bank.blueprint import Drawn
from question_bank.scoring import Key, score

AT_A_TIME = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """A score in force and the one by the corrected key; `chosen` is the original option, None for blank."""

    old: Scored
    new: Scored
    chosen: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where on a paper the item stands (from 1), and in which order its options."""

    position: int
    drawn: Drawn


def is_drawn(tx: Session, activity_id: int, revision_id: int) -> bool:
    """True when some paper of the activity holds this revision."""
    return tx.scalar(_papers(activity_id, revision_id).limit(1)) is not None


def rescored(
    tx: Session, activity_id: int, in_force: Mapping[int, Scored], revision_id: int, key: Key, version: int
) -> tuple[Rescored, ...]:
    """Of every closed attempt among `in_force` (just read) with that revision, in the order of attempts;
    `version` is the number that the corrected key will have.
    """
    places = _places(tx, activity_id, revision_id)
    chosen = _chosen(tx, places)
    # read last: where the journal ends with the scored entry now, the responses above were those of it
    heads = _heads(tx, activity_id)
    keys = _keys_of(tx, revision_id, in_force)
    found = []
    for attempt_id, place in sorted(places.items()):
        old = in_force.get(attempt_id)
        if old is None or heads.get(attempt_id) != old.number:
            continue
        found.append(_one(old, place, chosen.get(attempt_id), keys, key, version))
    return tuple(found)


def _one(
    old: Scored, place: Place, option: int | None, keys: Mapping[int, Key], key: Key, version: int
) -> Rescored:
    drawn = place.drawn
    was = keys[dict(old.keys)[drawn.id]]
    before, after = (score([drawn], {0: option}, {drawn.id: one}) for one in (was, key))
    named = tuple((one, version if one == drawn.id else known) for one, known in old.keys)
    new = replace(
        old, keys=named, keys_sha256=_sha256(named),
        correct=old.correct - before.correct + after.correct, wrong=old.wrong - before.wrong + after.wrong,
        blank=old.blank - before.blank + after.blank, out_of=old.out_of - before.out_of + after.out_of,
    )  # fmt: skip
    in_reach = option is not None and 0 <= option < len(drawn.order)
    return Rescored(old, new, drawn.order[option] if in_reach and option is not None else None)


def _sha256(named: Sequence[tuple[int, int]]) -> str:
    return hashlib.sha256(journal.canonical([list(one) for one in named]).encode()).hexdigest()


def _papers(activity_id: int, revision_id: int) -> sa.Select[int, str]:
    # a paper is [[revision,[options]],...] without blanks, so this finds the revision and no option
    return (
        sa.select(Paper.attempt_id, Paper.content)
        .join(Attempt, Attempt.id == Paper.attempt_id)
        .where(Attempt.activity_id == activity_id, Paper.content.like(f"%[{revision_id:d},[%"))
    )


def _places(tx: Session, activity_id: int, revision_id: int) -> dict[int, Place]:
    closed = _papers(activity_id, revision_id).where(Attempt.finalised_at.is_not(None))
    found = {}
    for attempt_id, content in tx.execute(closed):
        for position, (revision, order) in enumerate(json.loads(content), 1):
            if revision == revision_id:
                found[attempt_id] = Place(position, Drawn(revision, tuple(order)))
    return found


def _chosen(tx: Session, places: Mapping[int, Place]) -> dict[int, int]:
    """The displayed option, from 0, of each attempt that chose one there."""
    at: dict[int, list[int]] = defaultdict(list)
    for attempt_id, place in places.items():
        at[place.position].append(attempt_id)
    found: dict[int, int] = {}
    for position, attempts in at.items():
        for some in _slices(sorted(attempts)):
            rows = tx.execute(sa.select(Response.attempt_id, Response.option).where(
                Response.position == position, Response.attempt_id.in_(some), Response.option.is_not(None)
            ))  # fmt: skip
            found |= {attempt_id: (option or 0) - 1 for attempt_id, option in rows}
    return found


def _slices(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_A_TIME):
        yield ids[start : start + AT_A_TIME]


def _heads(tx: Session, activity_id: int) -> dict[int, int]:
    newest = (
        sa.select(sa.func.max(JournalEntry.number))
        .where(JournalEntry.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    rows = tx.execute(sa.select(Attempt.id, newest).where(Attempt.activity_id == activity_id))
    return {row[0]: row[1] for row in rows}


def _keys_of(tx: Session, revision_id: int, in_force: Mapping[int, Scored]) -> dict[int, Key]:
    """The keys of the revision that these scores name, by version."""
    named = {version for one in set(map(_named, in_force.values()))
             for revision, version in one if revision == revision_id}  # fmt: skip
    return {version: bank_keys.keys(tx, {revision_id: version})[revision_id] for version in named}


def _named(one: Scored) -> tuple[tuple[int, int], ...]:
    return one.keys
