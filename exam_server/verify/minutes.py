"""Every fixed berita acara: its hash is made once more, it tells of its own sitting, no number lacks.

Whoever changes a version can seal it anew, and can take away the newest; the trail, sealed row over row, says
which versions were fixed, by whom and with which hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import N_
from exam_server.minutes import rules
from exam_server.models import AuditEntry, Sitting, SittingRecord
from exam_server.verify.problems import Found, Problem
from exam_server.verify.records import snapshot

CHANGED = N_("Berita acara sesi {sitting}, versi {number}: isinya tidak sesuai dengan sidiknya.")
UNREADABLE = N_("Berita acara sesi {sitting}, versi {number}: isinya tidak terbaca.")
ELSEWHERE = N_("Berita acara sesi {sitting}, versi {number}: isinya menceritakan sesi lain.")
UNTRAILED = N_("Berita acara sesi {sitting}, versi {number}: bukan yang ditetapkan menurut jejak audit.")
MISSING = N_("Berita acara sesi {sitting}: versi {number} tidak ada.")

Numbered = Mapping[int, Any]
"""By number of the version: its row."""


def look(db: Database) -> Found:
    """How many versions there are, and what does not agree."""
    with snapshot(db) as tx:
        kept, fixed = _by_sitting(tx.execute(_KEPT)), _by_sitting(tx.execute(_FIXED))
        names = _names(tx, {*kept, *fixed})
    problems: list[Problem] = []
    for sitting_id, sitting in names:
        problems += _disagreements(sitting, kept.get(sitting_id, {}), fixed.get(sitting_id, {}))
    return sum(map(len, kept.values())), problems


_KEPT = sa.select(
    SittingRecord.sitting_id, SittingRecord.number, SittingRecord.content, SittingRecord.sha256,
    SittingRecord.made_by, SittingRecord.made_at,
)  # fmt: skip
_FIXED = sa.select(
    AuditEntry.object_id, AuditEntry.detail["version"].as_integer(), AuditEntry.detail["sha256"].as_string(),
    AuditEntry.actor_id, AuditEntry.at,
).where(AuditEntry.act == "minutes.fixed", AuditEntry.object_kind == "sitting")  # fmt: skip


def _by_sitting(rows: sa.Result[*tuple[Any, ...]]) -> dict[int, dict[int, Any]]:
    found: dict[int, dict[int, Any]] = {}
    for sitting_id, number, *told in rows:
        found.setdefault(sitting_id, {})[number] = told
    return found


def _names(tx: Session, sitting_ids: set[int]) -> list[tuple[int, str]]:
    wanted = sa.select(Sitting.id, Sitting.public_id).where(Sitting.id.in_(sitting_ids))
    return [(row.id, row.public_id) for row in tx.execute(wanted.order_by(Sitting.id))]


def _disagreements(sitting: str, kept: Numbered, fixed: Numbered) -> Iterator[Problem]:
    """`fixed`: what the trail says was fixed."""
    for number in sorted({*range(1, max([*kept, *fixed]) + 1)} - set(kept)):
        yield Problem(MISSING, {"sitting": sitting, "number": number})
    for number, (content, *told) in sorted(kept.items()):
        wrong = _wrong(sitting, content, told[0])
        if not wrong and told != fixed.get(number):
            wrong = UNTRAILED
        if wrong:
            yield Problem(wrong, {"sitting": sitting, "number": number})


def _wrong(sitting: str, content: str, sha256: str) -> str:
    """The first of what one version says against itself; empty when it is nothing."""
    if rules.seal(content) != sha256:
        return CHANGED
    try:
        document = rules.read(content)
    except ValueError:
        return UNREADABLE
    return "" if document.sitting == sitting else ELSEWHERE
