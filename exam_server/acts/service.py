"""One act on one, several or all: classified first, confirmed once, then done as far as it still fits.

What changed in between is decided anew by the same rules on held rows, or by the statement of the act itself;
nobody is touched whom the same rules would have left out.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from exam_server.acts import confirm, crowd, people, rules
from exam_server.acts.rules import Skip, Target
from exam_server.acts.wanted import Wanted
from exam_server.db import Database
from exam_server.exam import ledger
from exam_server.exam import service as exam
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.refusals import Closed, NotHeld, NotStarted
from exam_server.extra_time import slices
from exam_server.incidents import service as incidents
from exam_server.messages import service as messages
from exam_server.sittings.watching import Official

Left = tuple[Target, Skip]


@dataclass(frozen=True)
class Plan:
    """Whom an act touches, and whom it leaves out and why; `sitting`: id of one noted as a whole."""

    touched: tuple[Target, ...]
    left: tuple[Left, ...]
    sitting: int | None = None


@dataclass(frozen=True)
class Done:
    """How many were touched, and who was left out in the end."""

    count: int
    left: tuple[Left, ...]


def plan(db: Database, board: str, wanted: Wanted, person: Official, now: datetime) -> Plan:
    """What the act would do at `now`. Raises NotFound, Forbidden, WholeSitting, WholeSittingWaits,
    MessagesTooMany.
    """
    if wanted.sitting:
        return Plan((), (), people.sitting(db, board, wanted.sitting, person, now).id)
    found = _classified(people.named(db, board, wanted.attempts, person, now), wanted, now)
    with db.read() as tx:
        if wanted.act == "time":
            slices.refuse(tx, _by_sitting(found.touched), now)
        elif wanted.act == "message" and found.touched:
            messages.check(tx, people.activity_of(tx, found.touched[0].id), person.id, now)
    return found


def perform(
    db: Database, autosave: GroupCommit, secret: str, token: str, board: str, wanted: Wanted,
    person: Official, now: datetime,
) -> Done:  # fmt: skip
    """The act is done, once for each token; raises what `plan` and `confirm.use` raise."""
    found = plan(db, board, wanted, person, now)
    confirm.use(db, secret, token, wanted.told(board), person.id, now)
    if not found.touched and found.sitting is None:
        return Done(0, found.left)
    if wanted.act in ("close", "release"):
        done = _through_the_writer(autosave, wanted, found.touched, person.id, now)
    elif wanted.act == "time":
        done = _give_time(db, wanted, found.touched, person.id, now)
    elif wanted.act == "message":
        done = _tell(db, wanted, found.touched, person.id, now)
    else:
        done = _note(db, wanted, found, person.id, now)
    return Done(done.count, found.left + done.left)


def _classified(targets: Iterable[Target], wanted: Wanted, now: datetime) -> Plan:
    touched, left = [], []
    for target in targets:
        why = rules.skip(wanted.act, target, wanted.seconds, now)
        if why:
            left.append((target, why))
        else:
            touched.append(target)
    return Plan(tuple(touched), tuple(left))


def _by_sitting(touched: Iterable[Target]) -> dict[int, set[int]]:
    named: dict[int, set[int]] = {}
    for target in touched:
        named.setdefault(target.sitting_id, set()).add(target.id)
    return named


def _tell(db: Database, wanted: Wanted, touched: Sequence[Target], actor_id: int, now: datetime) -> Done:
    """All of them or nobody, in one transaction."""
    with db.write() as tx:
        held = _classified(people.again(tx, [one.id for one in touched]), wanted, now)
        if held.touched:
            activity = people.activity_of(tx, held.touched[0].id)
            messages.send(tx, activity, [one.id for one in held.touched], wanted.text, actor_id, now)
        return Done(len(held.touched), held.left)


NOTED_AT_ONCE = 100
"""Incidents of one transaction: each has a sealed row in the trail, and answers wait meanwhile."""


def _note(db: Database, wanted: Wanted, found: Plan, actor_id: int, now: datetime) -> Done:
    note = incidents.Note(wanted.kind, wanted.text)
    if found.sitting is not None:
        with db.write() as tx:
            incidents.note_sitting(tx, note, found.sitting, actor_id, now)
        return Done(1, ())
    count, left = 0, list[Left]()
    for first in range(0, len(found.touched), NOTED_AT_ONCE):
        ids = [one.id for one in found.touched[first : first + NOTED_AT_ONCE]]
        with db.write() as tx:
            held = _classified(people.again(tx, ids), wanted, now)
            incidents.note(tx, note, {one.id: one.sitting_id for one in held.touched}, actor_id, now)
        count, left = count + len(held.touched), [*left, *held.left]
    return Done(count, tuple(left))


def _give_time(
    db: Database, wanted: Wanted, touched: Sequence[Target], actor_id: int, now: datetime
) -> Done:  # fmt: skip
    """A transaction for each sitting, so that what is a whole sitting's is measured over all of it."""
    count, left = 0, list[Left]()
    for sitting_id, ids in sorted(_by_sitting(touched).items()):
        with db.write() as tx:
            slices.hold(tx, sitting_id, ids)
            held = _classified(people.again(tx, ids), wanted, now)
            left += held.left
            if any(slices.whole(tx, _by_sitting(held.touched), now)):
                left += [(target, "whole_sitting") for target in held.touched]
            elif held.touched:
                grants = {one.id: _grant(wanted, actor_id) for one in held.touched}
                ledger.enter_all(tx, grants, now)
                count += len(held.touched)
    return Done(count, tuple(left))


def _grant(wanted: Wanted, actor_id: int) -> ledger.Grant:
    return ledger.Grant("extra", wanted.seconds, wanted.reason_code, wanted.text, actor_id)


WHY: tuple[tuple[type[Exception], Skip], ...] = (
    (Closed, "over"),
    (NotStarted, "not_begun"),
    (NotHeld, "not_held"),
)


def _through_the_writer(
    autosave: GroupCommit, wanted: Wanted, touched: Sequence[Target], actor_id: int, now: datetime
) -> Done:
    act = exam.close_by_official if wanted.act == "close" else exam.release
    named = functools.partial(act, actor_id=actor_id, reason=wanted.text, now=now)
    outcomes = crowd.perform(
        autosave, {one.id: functools.partial(named, attempt_id=one.id) for one in touched}
    )
    left = [(one, why) for one in touched if (why := _why(outcomes[one.id]))]
    return Done(len(touched) - len(left), tuple(left))


def _why(outcome: object) -> Skip:
    if outcome is None:
        return ""
    return next((why for kind, why in WHY if isinstance(outcome, kind)), "not_stored")
