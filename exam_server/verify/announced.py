"""Every announced result: its hash is made once more, its content made again from list and events.

Names stand in it as they were on that day: an erasure takes them from everywhere else, so they are held by
the hash and by the trail alone. Words of the office (letterhead, signatories) may change afterwards too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.announcements import drafting
from exam_server.announcements.document import NAME
from exam_server.announcements.rules import policy_of, seal
from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.errors import N_
from exam_server.models import Activity, AuditEntry, ResultAnnouncement
from exam_server.verify.problems import Found, Problem
from exam_server.verify.records import snapshot

CHANGED = N_("Pengumuman hasil {activity} ke-{number}: isinya tidak sesuai dengan sidiknya.")
UNREADABLE = N_("Pengumuman hasil {activity} ke-{number}: isinya tidak terbaca.")
REBUILT = N_("Pengumuman hasil {activity} ke-{number}: bagian {parts} tidak sama dengan daftar dan "
             "kejadian yang tersimpan.")  # fmt: skip
UNTRAILED = N_("Pengumuman hasil {activity} ke-{number}: bukan yang disetujui dua petugas menurut jejak "
               "audit.")  # fmt: skip
MISSING = N_("Pengumuman hasil {activity}: pengumuman ke-{number} tidak ada.")

PARTS = ("number", "activity", "published_at", "list", "criteria", "quotas", "reserves", "corrections",
         "rows", "replaced", "changes")  # fmt: skip
"""What follows from rows that never change."""


def look(db: Database) -> Found:
    """How many announcements there are, and what does not agree."""
    with snapshot(db) as tx:
        trail = _trail(tx)
        kept = list(tx.scalars(sa.select(ResultAnnouncement).order_by(ResultAnnouncement.id)))
        names = {row.id: row.public_id for row in tx.execute(sa.select(Activity.id, Activity.public_id))}
        problems: list[Problem] = []
        for row in kept:
            told = {"activity": names[row.activity_id], "number": row.number}
            problems += [Problem(one.sentence, told | one.params) for one in _disagreements(tx, row, trail)]
    there = {(row.activity_id, row.number) for row in kept}
    for activity_id, number in sorted(trail.keys() - there):
        problems.append(Problem(MISSING, {"activity": names[activity_id], "number": number}))
    return len(kept), problems


def _trail(tx: Session) -> dict[tuple[int, int], list[Any]]:
    """What two officials announced, by activity and number."""
    rows = tx.execute(
        sa.select(AuditEntry.object_id, AuditEntry.detail, AuditEntry.actor_id, AuditEntry.at)
        .where(AuditEntry.act == "result.announced")
    )  # fmt: skip
    return {
        (row.object_id, row.detail["number"]): [
            row.detail["sha256"], row.detail["publish_at"], row.detail["policy"], row.detail["asked_by"],
            row.actor_id, row.at,
        ]
        for row in rows
    }  # fmt: skip


def _disagreements(
    tx: Session, row: ResultAnnouncement, trail: Mapping[tuple[int, int], list[Any]]
) -> Iterator[Problem]:
    if seal(row.content) != row.sha256:
        yield Problem(CHANGED, {})
        return
    said = [row.sha256, to_ms(row.publish_at), row.policy, row.asked_by, row.granted_by, row.made_at]
    if trail.get((row.activity_id, row.number)) != said:
        yield Problem(UNTRAILED, {})
    try:
        parts = _differing(tx, row)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        yield Problem(UNREADABLE, {})
        return
    if parts:
        yield Problem(REBUILT, {"parts": ", ".join(parts)})


def _differing(tx: Session, row: ResultAnnouncement) -> list[str]:
    """The names of parts that are not what list and events say."""
    stored = json.loads(row.content)
    fresh = json.loads(json.dumps(drafting.again(tx, row, policy_of(row.policy), row.made_at)))
    return [name for name in PARTS if _without_names(name, stored[name]) != _without_names(name, fresh[name])]


def _without_names(part: str, said: Any) -> Any:
    return [[*one[:NAME], *one[NAME + 1 :]] for one in said] if part == "rows" else said
