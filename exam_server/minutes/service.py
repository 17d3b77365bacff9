"""The berita acara of a sitting: a draft while anything is open, then versions that are fixed for good.

A version is fixed by an official who watches the sitting, when it is over and nobody's attempt is open. What
is fixed keeps its text; a later fact makes another version possible, and the page says what has changed.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, instants
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.minutes import document, events, people, records, rules
from exam_server.minutes.facts import Facts, Ground
from exam_server.minutes.records import Version
from exam_server.minutes.refusals import AttemptsOpen, FactsMoved, SittingNotOver
from exam_server.minutes.rules import Change, Document
from exam_server.sittings.watching import Official, reach

NAMED = 5
"""So many open attempts are told by name."""

TRIES = 5
"""The last one only reads what the one before has kept."""


@dataclass(frozen=True)
class Minutes:
    """What the facts say now, every version that was fixed, and what stands in the way of the next one."""

    ground: Ground
    draft: Document
    content: str
    sha256: str
    versions: tuple[Version, ...]
    open: tuple[Refusal, ...]
    changes: tuple[Change, ...]
    """Since the newest version; empty where there is none."""

    @property
    def newest(self) -> Version | None:
        return self.versions[-1] if self.versions else None

    @property
    def is_new(self) -> bool:
        """True when the newest version does not say what the facts say."""
        return self.newest is None or self.newest.sha256 != self.sha256

    @property
    def may_fix(self) -> bool:
        return self.is_new and not self.open


def own(db: Database, public_id: str, person: Official, now: datetime) -> Minutes:
    """Of a sitting that this official watches; anybody else leaves a row in the trail and finds nothing
    (NotFound).
    """
    with db.read() as tx:
        ground = people.ground(tx, public_id)
        seen = reach(tx, person).covers(ground.office_id, ground.id)
    if not seen:
        audit.refuse_foreign(db, person.id, "sitting", ground.id, now)
    return look(db, public_id, now)


def look(db: Database, public_id: str, now: datetime) -> Minutes:
    """As one moment of the database tells it; raises NotFound."""
    with db.read() as tx:
        if not db.sqlite:  # SQLite's readers always see one moment
            tx.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        found = gather(tx, people.ground(tx, public_id), now)
        versions = records.versions(tx, found.ground.id)
    draft = document.compose(found)
    content = rules.canonical(draft)
    changed = rules.changes(versions[-1].document, draft) if versions else ()
    return Minutes(found.ground, draft, content, rules.seal(content), versions, _open(found, now), changed)


def gather(tx: Session, ground: Ground, now: datetime) -> Facts:
    """Every fact of that sitting."""
    sitters = people.sitters(tx, ground.id, now)
    lists = {name: read(tx, ground.id) for name, read in LISTS.items()}
    authors = {one.by for happened in lists.values() for one in happened if one.by}
    return Facts(
        ground=ground, sitters=sitters, assigned=people.assigned(tx, ground.id), acted=tuple(sorted(authors)),
        gaps=events.gaps(tx, ground, sitters), silences=events.silences(tx, ground.id),
        checks=Counter(one.check for one in sitters), **lists,
    )  # fmt: skip


LISTS = {
    "devices": events.devices, "grants": events.grants, "decided": events.decided,
    "incidents": events.incidents, "messages": events.messages,
}  # fmt: skip


def _open(facts: Facts, now: datetime) -> tuple[Refusal, ...]:
    """What stands in the way, as it would be refused."""
    found: list[Refusal] = []
    if now < facts.ground.ends_at:
        found.append(SittingNotOver(at=instants.Moment(facts.ground.ends_at, facts.ground.zone)))
    if facts.open:
        count, names = len(facts.open), ", ".join(one.name for one in facts.open[:NAMED])
        rest = f", +{count - NAMED}" if count > NAMED else ""
        found.append(AttemptsOpen(count=count, names=names + rest))
    return tuple(found)


def fix(db: Database, public_id: str, official_id: int, now: datetime) -> Version:
    """The version that says what the facts say: a new one, or the newest where nothing has changed.

    The caller has seen to it that this official may. Raises NotFound, SittingNotOver, AttemptsOpen,
    FactsMoved.
    """
    for _ in range(TRIES):
        minutes = look(db, public_id, now)
        if minutes.newest and not minutes.is_new:
            return minutes.newest
        if minutes.open:
            raise minutes.open[0]
        with contextlib.suppress(IntegrityError):  # another official was first, perhaps with the same
            _keep(db, minutes, official_id, now)
    raise FactsMoved


def _keep(db: Database, minutes: Minutes, official_id: int, now: datetime) -> None:
    number, sitting_id = len(minutes.versions) + 1, minutes.ground.id
    with db.write() as tx:
        sha256 = records.add(tx, sitting_id, number, minutes.content, official_id, now)
        audit.record(tx, now=now, act="minutes.fixed", object_kind="sitting", object_id=sitting_id,
                     actor_id=official_id, office_id=minutes.ground.office_id,
                     detail={"version": number, "sha256": sha256})  # fmt: skip
