"""Every corrected key: no version of the results lacks, each is what it says, and nobody was left out.

The scores themselves are made again with their attempts; here it is asked whether they are all there. The
trail, sealed row over row, says which versions two officials made.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import keys as bank_keys
from exam_server.bank.codec import UnknownSeal
from exam_server.corrections.refusals import CorrectionRefusal
from exam_server.corrections.rules import Wish, corrected
from exam_server.db import Database
from exam_server.errors import N_
from exam_server.models import (
    Activity,
    Approval,
    Attempt,
    AuditEntry,
    ItemRevision,
    JournalEntry,
    ResultVersion,
    Score,
)
from exam_server.verify.problems import Found, Problem
from exam_server.verify.records import snapshot
from question_bank.scoring import Key

MISSING = N_("Hasil kegiatan {activity}: versi {number} tidak ada.")
UNTRAILED = N_("Hasil kegiatan {activity}, versi {number}: bukan yang diterapkan menurut jejak audit.")
NO_KEY = N_("Hasil kegiatan {activity}, versi {number}: kunci yang disebutnya tidak ada atau tidak terbaca.")
OTHER_KEY = N_("Hasil kegiatan {activity}, versi {number}: kuncinya bukan perbaikan yang disebutnya.")
NOT_RESCORED = N_(
    "Pengerjaan {attempt}: belum dinilai dengan kunci yang diperbaiki pada hasil versi {number}."
)
NOT_APPLIED = N_("Hasil kegiatan {activity}: perbaikan kunci {approval} disetujui, tetapi tidak diterapkan.")

ACT = "key.corrected"


@dataclass(frozen=True)
class Said:
    """A version of the results as one of its two sources tells it."""

    revision: int
    key_version: int
    kind: str
    asked_by: int
    granted_by: int | None


Versions = dict[int, dict[int, Said]]
"""Activity -> number -> what is said of it."""


def look(db: Database) -> Found:
    """How many versions there are besides the first ones, and what does not agree."""
    with snapshot(db) as tx:
        names = _names(tx)
        kept, trailed = _kept(tx), _trailed(tx, {name: number for number, name in names.items()})
        problems: list[Problem] = []
        for activity in sorted({*kept, *trailed}):
            here = kept.get(activity, {})
            for number, sentence in _wrong(tx, here, trailed.get(activity, {})):
                problems.append(Problem(sentence, {"activity": names[activity], "number": number}))
            problems += _left_out(tx, activity, here)
        problems += _granted_in_vain(tx)
    return sum(map(len, kept.values())), problems


def _names(tx: Session) -> dict[int, str]:
    return {row.id: row.public_id for row in tx.execute(sa.select(Activity.id, Activity.public_id))}


def _kept(tx: Session) -> Versions:
    found: Versions = defaultdict(dict)
    for one in tx.scalars(sa.select(ResultVersion).order_by(ResultVersion.number)):
        found[one.activity_id][one.number] = Said(
            one.revision_id, one.key_version, one.kind, one.asked_by, one.granted_by
        )
    return found


def _trailed(tx: Session, activities: Mapping[str, int]) -> Versions:
    found: Versions = defaultdict(dict)
    rows = tx.execute(sa.select(AuditEntry.detail, AuditEntry.actor_id).where(AuditEntry.act == ACT))
    for said, actor in rows:
        found[activities[said["activity"]]][said["version"]] = Said(
            said["revision"], said["key_version"] + 1, said["correction"], said["asked_by"], actor
        )
    return found


def _granted_in_vain(tx: Session) -> list[Problem]:
    """A grant and what it does are one transaction; a grant alone is half of it."""
    done = {
        said["approval"] for said in tx.scalars(sa.select(AuditEntry.detail).where(AuditEntry.act == ACT))
    }
    granted = tx.execute(
        sa.select(Approval.public_id, Approval.payload)
        .where(Approval.kind == ACT, Approval.outcome == "granted").order_by(Approval.id)
    )  # fmt: skip
    return [Problem(NOT_APPLIED, {"activity": payload["activity"], "approval": approval})
            for approval, payload in granted if approval not in done]  # fmt: skip


def _wrong(tx: Session, kept: Mapping[int, Said], trailed: Mapping[int, Said]) -> Iterator[tuple[int, str]]:
    """The first of what is wrong with each version, by number."""
    for number in range(2, max([*kept, *trailed], default=1) + 1):
        one = kept.get(number)
        if one is None:
            yield number, MISSING
        elif one != trailed.get(number):
            yield number, UNTRAILED
        elif (before := _key(tx, one.revision, one.key_version - 1)) is None or (
            after := _key(tx, one.revision, one.key_version)
        ) is None:
            yield number, NO_KEY
        elif not _comes_of(one.kind, before, after, _options(tx, one.revision)):
            yield number, OTHER_KEY


def _key(tx: Session, revision: int, version: int) -> Key | None:
    try:
        return bank_keys.keys(tx, {revision: version}).get(revision)
    except (UnknownSeal, KeyError, TypeError, ValueError):
        return None


def _options(tx: Session, revision: int) -> int:
    return tx.scalar(sa.select(ItemRevision.options).where(ItemRevision.id == revision)) or 0


def _comes_of(kind: str, before: Key, after: Key, options: int) -> bool:
    """Whether a correction of that kind makes the one key of the other."""
    for option in range(options):
        try:
            if corrected(Wish(kind, option), before, options) == after:
                return True
        except CorrectionRefusal:
            continue
    return False


def _left_out(tx: Session, activity: int, kept: Mapping[int, Said]) -> list[Problem]:
    """Closed attempts, scored where their journal ends, without a score by a corrected key of their paper."""
    if not kept:
        return []
    problems = []
    for attempt, newest in _newest(tx, activity):
        for number, one in sorted(kept.items()):
            if newest.get(one.revision, one.key_version) < one.key_version:
                problems.append(Problem(NOT_RESCORED, {"attempt": attempt, "number": number}))
    return problems


def _newest(tx: Session, activity: int) -> Iterator[tuple[str, dict[int, int]]]:
    """Of each such attempt the newest key version of every revision that a score of its last entry names."""
    head = (
        sa.select(sa.func.max(JournalEntry.number))
        .where(JournalEntry.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    rows = tx.execute(
        sa.select(Attempt.public_id, sa.cast(Score.keys, sa.Text))
        .join(Score, Score.attempt_id == Attempt.id)
        .where(Attempt.activity_id == activity, Attempt.finalised_at.is_not(None), Score.number == head)
        .order_by(Attempt.id)
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for attempt, said in rows:
        for revision, version in _pairs(said):
            found[attempt][revision] = max(version, found[attempt].get(revision, 0))
    yield from found.items()


def _pairs(said: str) -> list[Any]:
    """As they are written; what cannot be read is named with its attempt."""
    try:
        return [(int(revision), int(version)) for revision, version in json.loads(said)]
    except (TypeError, ValueError):
        return []
