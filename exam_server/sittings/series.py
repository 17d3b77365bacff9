"""Many sittings from one form: shown with all there is to know of them, then made together or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.models import Activity, Sitting, SittingProctor
from exam_server.selection.rules import last_entry
from exam_server.sittings import grounds, holidays, rules
from exam_server.sittings.concerns import Concern, of_planned
from exam_server.sittings.grounds import Ground, Proctor
from exam_server.sittings.refusals import SeriesWrong, StalePreview
from exam_server.sittings.rules import Fault, Planned, Series


@dataclass(frozen=True)
class Preview:
    """Every sitting that would be made, with what to know of it; `seen` is how many there are already."""

    series: Series
    sittings: tuple[tuple[Planned, tuple[Concern, ...]], ...]
    proctors: tuple[Proctor, ...]
    seen: int

    def last_entry(self, planned: Planned) -> datetime:
        return last_entry(planned.ends_at, self.series.allowed_seconds)


def preview(db: Database, ground: Ground, series: Series, proctors: list[str], now: datetime) -> Preview:
    """What creating would do; raises SeriesWrong."""
    with db.read() as tx:
        people = _people(tx, ground, proctors)
        present = _labels(tx, ground)
        planned = _planned(series, ground, present, now)
        others = grounds.others(tx, ground.office_id)
        days = holidays.between(tx, series.first, series.last)
    watch = frozenset(one.id for one in people)
    known = [of_planned(one, series.place, watch, others, ground.zone, days) for one in planned]
    sittings = tuple((one, tuple(concerns)) for one, concerns in zip(planned, known, strict=True))
    return Preview(series, sittings, tuple(people), len(present))


def create(
    db: Database, ground: Ground, series: Series, proctors: list[str], seen: int, actor_id: int, now: datetime
) -> int:
    """Every sitting of the series is there afterwards, or none; how many. Raises SeriesWrong, StalePreview.

    `seen` is what the preview said: when sittings came in between, somebody looks again.
    """
    with db.write() as tx:
        tx.execute(sa.select(Activity.id).where(Activity.id == ground.activity_id).with_for_update())
        people, present = _people(tx, ground, proctors), _labels(tx, ground)
        if len(present) != seen:
            raise StalePreview
        made = [_sitting(series, ground, one) for one in _planned(series, ground, present, now)]
        tx.add_all(made)
        tx.flush()
        tx.add_all(
            SittingProctor(sitting_id=one.id, account_id=person.id, assigned_at=now)
            for one in made for person in people
        )  # fmt: skip
        audit.record(
            tx, now=now, act="sittings.created", object_kind="activity", object_id=ground.activity_id,
            actor_id=actor_id, office_id=ground.office_id, detail=_told(series, made, people),
        )  # fmt: skip
        return len(made)


def _planned(series: Series, ground: Ground, present: list[str], now: datetime) -> list[Planned]:
    if found := rules.faults(series):
        raise SeriesWrong(found)
    planned = rules.plan(series, ground.zone, _next_number(present))
    past = [one for one in planned if one.starts_at <= now]
    if past:
        raise SeriesWrong([Fault("first", "already_past", (("count", len(past)),))])
    outside = [one for one in planned if not rules.inside(one, ground.opens_at, ground.closes_at)]
    if outside:
        stage = (("count", len(outside)), ("opens", ground.opens_at), ("closes", ground.closes_at))
        early = ground.opens_at is not None and outside[0].starts_at < ground.opens_at
        raise SeriesWrong([Fault("first" if early else "last", "outside_stage", stage)])
    return planned


def _people(tx: Session, ground: Ground, proctors: list[str]) -> list[Proctor]:
    chosen = [one for one in grounds.proctors_of(tx, ground.office_id) if one.public_id in proctors]
    if len(chosen) != len(set(proctors)):
        raise SeriesWrong([Fault("proctors", "unknown_proctor")])
    return chosen


def _labels(tx: Session, ground: Ground) -> list[str]:
    return list(tx.scalars(sa.select(Sitting.label).where(Sitting.activity_id == ground.activity_id)))


def _next_number(labels: list[str]) -> int:
    """After the highest number with which a label ends."""
    ends = [re.search(r"[0-9]{1,6}$", label) for label in labels]
    return max((int(found[0]) for found in ends if found), default=0) + 1


def _sitting(series: Series, ground: Ground, planned: Planned) -> Sitting:
    return Sitting(
        activity_id=ground.activity_id, label=planned.label, place=series.place,
        starts_at=planned.starts_at.astimezone(UTC), ends_at=planned.ends_at.astimezone(UTC),
        capacity=series.capacity, taken=0, allowed_seconds=series.allowed_seconds,
        grace_seconds=series.grace_seconds,
    )  # fmt: skip


def _told(series: Series, made: list[Sitting], people: list[Proctor]) -> dict[str, object]:
    return {
        "sittings": [one.public_id for one in made], "labels": [made[0].label, made[-1].label],
        "first": series.first.isoformat(), "last": series.last.isoformat(), "place": series.place,
        "capacity": series.capacity, "allowed_seconds": series.allowed_seconds,
        "grace_seconds": series.grace_seconds, "proctors": [one.id for one in people],
    }  # fmt: skip
