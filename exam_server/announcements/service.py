"""The result is announced by two officials, word for word, never before its date and never of an old list.

The one asks for exactly the bytes that the other grants: they are composed again when they are granted, and
when anything differs nothing is announced. From its instant on an announcement is public by the clock alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, instants
from exam_server.announcements import drafting, letters
from exam_server.announcements.drafting import Draft
from exam_server.announcements.refusals import (
    AnnouncementChanged,
    ListOutdated,
    NotFrozen,
    NothingNew,
    PolicyUnknown,
    PublishTimePassed,
    ResultsMoved,
    StillSitting,
    TextTooLong,
    TooEarly,
)
from exam_server.announcements.rules import (
    LONGEST_CONTACT,
    LONGEST_NUMBER,
    SLACK,
    Policy,
    is_known,
    is_too_early,
    policy_json,
    policy_of,
)
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.clock import from_ms, to_ms
from exam_server.db import Database, announce
from exam_server.models import (
    Approval,
    Attempt,
    Notice,
    Phase,
    PlaceEvent,
    Placing,
    ResultAnnouncement,
    ResultVersion,
    Score,
    SelectionList,
    Sitting,
)
from exam_server.ranking import ground
from exam_server.ranking import service as ranking
from exam_server.ranking.ground import Ground
from exam_server.scores import service as scores

KIND = "result.announced"


@dataclass(frozen=True)
class Window:
    """When the result may come out: the announced date, or None where any instant will do."""

    announced_at: datetime | None


@dataclass(frozen=True)
class Made:
    """One announcement as officials see it listed."""

    public_id: str
    number: int
    sha256: str
    publish_at: datetime
    made_at: datetime
    policy: Policy


Facts = tuple[int | None, ...]


@dataclass(frozen=True)
class Prepared:
    """A long announcement made before the transaction of the grant, and the facts that it came from."""

    draft: Draft
    facts: Facts


def window(tx: Session, place: Ground) -> Window:
    """From the stage of the result."""
    wanted = sa.select(Phase.opens_at).where(
        Phase.recruitment_id == place.recruitment_id, Phase.kind == "result"
    )
    return Window(tx.scalars(wanted.order_by(Phase.position).limit(1)).one_or_none())


def made(tx: Session, activity_id: int) -> list[Made]:
    """Every announcement, the newest first."""
    table = ResultAnnouncement
    rows = tx.execute(
        sa.select(table.public_id, table.number, table.sha256, table.publish_at, table.made_at, table.policy)
        .where(table.activity_id == activity_id).order_by(table.number.desc())
    )  # fmt: skip
    return [
        Made(row.public_id, row.number, row.sha256, row.publish_at, row.made_at, policy_of(row.policy))
        for row in rows
    ]


def prepare(tx: Session, place: Ground, policy: Policy, publish_at: datetime, now: datetime) -> Draft:
    """What would be announced; raises NotFrozen, PolicyUnknown, TextTooLong, ReckoningFailed."""
    _check_policy(policy)
    frozen = ranking.newest_list(tx, place.activity_id)
    if frozen is None:
        raise NotFrozen
    return drafting.draft(tx, place.activity_id, frozen.id, policy, publish_at, now)


def check(tx: Session, place: Ground, now: datetime) -> None:
    """Whether anything may be announced now; raises NotFrozen, ResultsMoved, StillSitting, ListOutdated."""
    frozen = ranking.newest_list(tx, place.activity_id)
    if frozen is None:
        raise NotFrozen
    version = scores.version_now(tx, place.activity_id)
    if version != frozen.result_number:
        raise ResultsMoved(now=version, used=frozen.result_number)
    _refuse_while_sitting(tx, place, now)
    newest = (
        sa.select(sa.func.max(Score.number)).where(Score.attempt_id == Attempt.id).correlate(Attempt)
        .scalar_subquery()
    )  # fmt: skip
    placed = sa.exists().where(
        Placing.list_id == frozen.id, Placing.attempt_id == Attempt.id, Placing.receipt_number == newest
    )
    missing = sa.select(sa.func.count(Attempt.id)).where(
        Attempt.activity_id == place.activity_id, Attempt.started_at.is_not(None), ~placed
    )
    if count := tx.scalar(missing):
        raise ListOutdated(count=count)


def ask(
    db: Database, place: Ground, policy: Policy, publish_at: datetime | None, reason: str, actor_id: int,
    now: datetime,
) -> str:  # fmt: skip
    """The public id of the question that now waits for a second official; no instant: at once.

    Raises NotFrozen, ResultsMoved, StillSitting, ListOutdated, TooEarly, PublishTimePassed, PolicyUnknown,
    TextTooLong, NothingNew, ReasonMissing, AlreadyAsked, ReckoningFailed.
    """
    at = from_ms(to_ms(publish_at or now))  # what travels in whole milliseconds is sealed so
    with db.read() as tx:
        check(tx, place, now)
        _check_instant(tx, place, at, now)
        wanted = prepare(tx, place, policy, at, now)
        _refuse_the_same(tx, place.activity_id, wanted)
        counts = wanted.content["counts"]
    payload = {"number": wanted.number, "list": wanted.list_id, "publish_at": to_ms(at),
               "sha256": wanted.sha256, "policy": policy_json(policy)}  # fmt: skip
    evidence = {"activity": place.public_id, "activity_title": place.activity, "zone": place.zone.key,
                "counts": counts}  # fmt: skip
    with db.write() as tx:
        question = Question(KIND, place.office_id, "activity", place.activity_id, payload, evidence, reason)
        return approvals.ask(tx, question, actor_id, now)


def apply(tx: Session, approval: Approval, now: datetime, prepared: Prepared | None = None) -> None:
    """Store what was asked for, its notice, its row in the trail; raises AnnouncementChanged and the rest.

    A long one must have been `prepared` before the transaction, in which everybody who saves would wait.
    """
    ground.hold(tx, approval.object_id)
    place, wanted = ground.of_activity(tx, approval.object_id), approval.payload
    check(tx, place, now)
    policy, publish_at = policy_of(wanted["policy"]), from_ms(wanted["publish_at"])
    if is_too_early(publish_at, window(tx, place).announced_at):
        raise AnnouncementChanged  # the announced date was moved since
    found = _found(tx, place, policy, publish_at, now, prepared)
    if (found.sha256, found.number, found.list_id) != (wanted["sha256"], wanted["number"], wanted["list"]):
        raise AnnouncementChanged
    tx.add(
        ResultAnnouncement(
            activity_id=place.activity_id, number=found.number, list_id=found.list_id,
            policy=wanted["policy"], content=found.text, sha256=found.sha256, asked_by=approval.asked_by,
            granted_by=approval.decided_by, made_at=now, publish_at=publish_at,
        )
    )  # fmt: skip
    _tell(tx, place, approval, max(publish_at, now), now)


def _found(
    tx: Session, place: Ground, policy: Policy, publish_at: datetime, now: datetime, prepared: Prepared | None
) -> Draft:  # fmt: skip
    if prepared is None:
        frozen = ranking.newest_list(tx, place.activity_id)
        if frozen is not None and drafting.is_long(tx, frozen.id):
            raise AnnouncementChanged
        return prepare(tx, place, policy, publish_at, now)
    if prepared.facts != facts_of(tx, place.activity_id):
        raise AnnouncementChanged
    return prepared.draft


def facts_of(tx: Session, activity_id: int) -> Facts:
    """Grows with whatever a further announcement could say otherwise: lists, places, announcements."""
    newest = [
        sa.select(sa.func.max(table.id)).where(table.activity_id == activity_id).scalar_subquery()
        for table in (SelectionList, PlaceEvent, ResultAnnouncement, ResultVersion)
    ]
    return tuple(tx.execute(sa.select(*newest)).one())


def _tell(tx: Session, place: Ground, approval: Approval, at: datetime, now: datetime) -> None:
    """The notice is read from the same instant on as the announcement itself."""
    number = approval.payload["number"]
    tx.add(Notice(recruitment_id=place.recruitment_id, published_at=at, text=letters.notice(number)))
    announce(tx, KIND, {"activity_id": place.activity_id})
    audit.record(
        tx, now=now, act=KIND, object_kind="activity", object_id=place.activity_id,
        actor_id=approval.decided_by, office_id=place.office_id,
        detail=approval.payload | {"asked_by": approval.asked_by, "approval": approval.public_id,
                                   "reason": approval.reason, "version": number},
    )  # fmt: skip


def _check_policy(policy: Policy) -> None:
    if not is_known(policy):
        raise PolicyUnknown
    if len(policy.document_number) > LONGEST_NUMBER or len(policy.contact) > LONGEST_CONTACT:
        raise TextTooLong(number=LONGEST_NUMBER, contact=LONGEST_CONTACT)


def _check_instant(tx: Session, place: Ground, at: datetime, now: datetime) -> None:
    announced_at = window(tx, place).announced_at
    if announced_at is not None and is_too_early(at, announced_at):
        raise TooEarly(at=instants.moment(announced_at, place.zone, "id"))
    if at < now - SLACK:
        raise PublishTimePassed(at=instants.moment(at, place.zone, "id"))


def _refuse_while_sitting(tx: Session, place: Ground, now: datetime) -> None:
    """Who runs, and who may still enter: a sitting that is ahead is no absence."""
    entry = sa.type_coerce(Sitting.ends_at, sa.BigInteger) - Attempt.allowed_seconds * 1_000_000
    enters = sa.and_(Attempt.started_at.is_(None), entry > to_ms(now) * 1000)
    row = tx.execute(
        sa.select(sa.func.count(Attempt.id), sa.func.max(Sitting.ends_at))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.activity_id == place.activity_id, Attempt.finalised_at.is_(None),
               sa.or_(Attempt.started_at.is_not(None), enters))
    ).one()  # fmt: skip
    count, ends_at = row
    if count:
        raise StillSitting(count=count, at=instants.moment(ends_at, place.zone, "id"))


def _refuse_the_same(tx: Session, activity_id: int, wanted: Draft) -> None:
    """A further version says something else: not only another number and date."""
    before = drafting.newest(tx, activity_id)
    if before is None:
        return
    said: dict[str, Any] = drafting.Draft(before.list_id, before.number, before.content).content
    fresh, own = wanted.content, ("number", "published_at", "changes", "since")
    if {name: one for name, one in said.items() if name not in own} == {
        name: one for name, one in fresh.items() if name not in own
    }:
        raise NothingNew(number=before.number)
