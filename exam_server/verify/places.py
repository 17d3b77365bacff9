"""What happened to places, told again from the list that was in force.

Every offer followed a vacancy, went to the next reserve of the same quota, and never made more holders than
places; and the sealed trail tells the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import N_
from exam_server.models import Attempt, AuditEntry, PlaceEvent, Placing
from exam_server.placings import rows
from exam_server.placings.published import InForce, in_force, quotas
from exam_server.placings.refusals import NotFrozen
from exam_server.placings.rules import GONE
from exam_server.ranking.chain import HELD, Event, EventKind, Standing, standings
from exam_server.ranking.rules import Placed
from exam_server.verify.problems import Found, Problem
from exam_server.verify.records import snapshot

NO_LIST = N_("Tempat, pengerjaan {attempt}: sesuatu tercatat sebelum ada daftar, atau orangnya tidak ada "
             "pada daftar.")  # fmt: skip
TOO_EARLY = N_("Tempat, pengerjaan {attempt}: ditawari tempat sebelum hasil diumumkan.")
NO_VACANCY = N_("Tempat, pengerjaan {attempt}: ditawari tempat yang belum dilepas siapa pun.")
OTHER_QUOTA = N_("Tempat, pengerjaan {attempt}: ditawari tempat dari kuota lain, atau bukan cadangan.")
OUT_OF_ORDER = N_("Tempat, pengerjaan {attempt}: ditawari tempat sebelum cadangan yang lebih dahulu.")
NO_OFFER = N_("Tempat, pengerjaan {attempt}: menjawab tawaran yang tidak ada atau sudah lewat.")
TOO_MANY = N_("Tempat, pengerjaan {attempt}: sesudah ini kuotanya ditempati {held} orang, sedangkan "
              "tempatnya {places}.")  # fmt: skip
UNTRAILED = N_("Tempat, pengerjaan {attempt}: yang tercatat ({kind}) tidak ada pada jejak audit.")
MISSING = N_("Tempat, pengerjaan {attempt}: jejak audit menyebut {act}, tetapi tidak tercatat.")

KINDS: tuple[EventKind, ...] = get_args(EventKind)
ACTS: dict[str, str] = {kind: f"place.{kind}" for kind in KINDS}

Told = tuple[int, str, datetime, int | None]
"""(attempt, act, when, by whom)"""


@dataclass(frozen=True)
class Scene:
    """The list in force at one event, and where everybody who moves stood just before it."""

    force: InForce
    placed: dict[int, Placed]
    stood: dict[int, Standing]
    before: Sequence[Event]


def look(db: Database) -> Found:
    """How many events there are, and what does not agree."""
    problems: list[Problem] = []
    with snapshot(db) as tx:
        names = _names(tx)
        for activity_id in tx.scalars(sa.select(PlaceEvent.activity_id).distinct()).all():
            happened = sorted(rows.stored(tx, activity_id), key=lambda one: one.id)
            for index, one in enumerate(happened):
                for wrong, told in _wrong(tx, happened[:index], one):
                    problems.append(Problem(wrong, {"attempt": names[one.attempt_id], **told}))
        problems += _trailed(tx, names)
        count = tx.scalar(sa.select(sa.func.count(PlaceEvent.id))) or 0
    return count, problems


Wrong = tuple[str, dict[str, object]]


def _wrong(tx: Session, before: Sequence[PlaceEvent], one: PlaceEvent) -> Iterator[Wrong]:
    """What one event says against the list and against everything before it."""
    scene = _scene(tx, before, one)
    if scene is None or one.attempt_id not in scene.placed:
        yield NO_LIST, {}
    elif one.kind == "offered":
        if (wrong := _wrong_offer(scene, one)) is not None:
            yield wrong, {}
        yield from _crowded(tx, scene, one)
    elif one.kind in ("took", "declined") and scene.stood[one.attempt_id].where != "offered":
        yield NO_OFFER, {}


def _scene(tx: Session, before: Sequence[PlaceEvent], one: PlaceEvent) -> Scene | None:
    try:
        force = in_force(tx, one.activity_id, one.at)
    except NotFrozen:
        return None
    placed = rows.moving(tx, force.frozen.id, [*before, one])
    events = [rows.event_of(earlier) for earlier in before]
    return Scene(force, {each.attempt: each for each in placed}, standings(placed, events, one.at), events)


def _wrong_offer(scene: Scene, one: PlaceEvent) -> str | None:
    if scene.force.announcement is None:
        return TOO_EARLY
    left = scene.placed.get(one.vacated_by or 0)
    if left is None or not _leaves_one(scene, left):
        return NO_VACANCY
    offered = scene.placed[one.attempt_id]
    if offered.outcome != "reserve" or offered.quota != left.quota:
        return OTHER_QUOTA
    earlier = (each for each in scene.placed.values() if each.quota == offered.quota)
    waits = {each.attempt for each in earlier if (each.reserve or 0) < (offered.reserve or 0)}
    if any(scene.stood[attempt].where == "reserve" for attempt in waits):
        return OUT_OF_ORDER
    return None


def _leaves_one(scene: Scene, left: Placed) -> bool:
    """Gone from a place of the list or of an offer; or offered one, and given their own by a further list."""
    own, where = left.outcome == "accepted", scene.stood[left.attempt].where
    offered = any(one.kind == "offered" and one.attempt == left.attempt for one in scene.before)
    return (own or offered) if where in GONE else own and offered and where == "accepted"


def _crowded(tx: Session, scene: Scene, one: PlaceEvent) -> Iterator[Wrong]:
    """Who holds a place of that quota after this offer: by the list, or by an offer under whichever list.

    What an earlier list gave is kept, so there may be more than places; but nothing is offered then.
    """
    quota, wanted = scene.placed[one.attempt_id].quota, quotas(tx, scene.force.frozen)
    if quota is None or quota >= len(wanted):
        return
    listed = tx.scalar(
        sa.select(sa.func.count(Placing.attempt_id))
        .where(Placing.list_id == scene.force.frozen.id, Placing.quota == quota,
               Placing.outcome == "accepted")
    ) or 0  # fmt: skip
    held = listed + 1
    for each in scene.placed.values():
        if each.quota == quota and each.attempt != one.attempt_id:
            held += (scene.stood[each.attempt].where in HELD) - (each.outcome == "accepted")
    if held > wanted[quota]["places"]:
        yield TOO_MANY, {"held": held, "places": wanted[quota]["places"]}


def _trailed(tx: Session, names: dict[int, str]) -> Iterator[Problem]:
    """Whoever writes an event beside the service leaves none in the sealed trail, and the other way round."""
    stored: Counter[Told] = Counter(
        (one.attempt_id, ACTS[one.kind], one.at, one.actor_id) for one in tx.scalars(sa.select(PlaceEvent))
    )
    rows_of_it = tx.execute(
        sa.select(AuditEntry.object_id, AuditEntry.act, AuditEntry.at, AuditEntry.actor_id)
        .where(AuditEntry.act.in_(ACTS.values()), AuditEntry.object_kind == "attempt")
    )  # fmt: skip
    told: Counter[Told] = Counter((row.object_id, row.act, row.at, row.actor_id) for row in rows_of_it)
    for attempt_id, act, *_ in stored - told:
        yield Problem(UNTRAILED, {"attempt": names[attempt_id], "kind": act})
    for attempt_id, act, *_ in told - stored:
        yield Problem(MISSING, {"attempt": names.get(attempt_id, attempt_id), "act": act})


def _names(tx: Session) -> dict[int, str]:
    touched = sa.select(PlaceEvent.attempt_id).union(
        sa.select(AuditEntry.object_id).where(AuditEntry.act.in_(ACTS.values()))
    )
    found = tx.execute(sa.select(Attempt.id, Attempt.public_id).where(Attempt.id.in_(touched)))
    return {row.id: row.public_id for row in found}
