"""The fictive phones of the demo: while it is served they are heard as real ones are, and some answer on."""

from __future__ import annotations

import functools
import random
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.clock import Clock
from exam_server.db import announce
from exam_server.demo.announce import BLUEPRINT
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save, store
from exam_server.models import Attempt, Response, ServerSession
from exam_server.rounds import Rounds

PHONE, LAPTOP = "Mozilla/5.0 (Linux; Android 13)", "Mozilla/5.0 (X11; Linux x86_64)"
"""No browser calls itself so shortly, so nobody who tries a login is taken for one of these."""

SERVED = "EXAM_DEMO"
"""In the environment of a server that serves the demo; then its phones live."""

EVERY = 10.0
"""Seconds between two signs of life, as from a real page."""

GONE = timedelta(minutes=5)
"""A phone that has been silent for so long stays silent: its row shows what lost contact is."""

OFTEN = 1 / 6
"""The chance that an item is answered in one round: about one in a minute."""

ITEMS = sum(int(str(line["count"])) for line in BLUEPRINT)

HEARD = sa.update(Attempt.__table__).values(last_contact_at=sa.bindparam("at"))  # type: ignore[arg-type]


def hear(tx: Session, attempt_id: int, since: datetime, until: datetime) -> None:
    """A sign of life every so often, so that no silence is left between the two."""
    beats = int((until - since) / timedelta(seconds=2 * EVERY))
    told = [{"at": since + number * timedelta(seconds=2 * EVERY)} for number in range(1, beats + 1)]
    if told:
        tx.connection().execute(HEARD.where(Attempt.__table__.c.id == attempt_id), told)


class Phones(Rounds):
    """Every phone that is not gone says that it is there; who is signed in still answers on."""

    def __init__(self, clock: Clock, autosave: GroupCommit) -> None:
        super().__init__("phones", EVERY, self.round)
        self._clock, self._autosave = clock, autosave
        self._dice = random.Random(0)  # noqa: S311 - clicks of fictive people

    def round(self) -> None:
        self._autosave.run(functools.partial(live, now=self._clock.now(), dice=self._dice))


def live(tx: Session, now: datetime, dice: random.Random) -> None:
    """One round of all phones at `now`."""
    present = tx.execute(_present(now)).all()
    ids = {row.id for row in present}
    for row in present:  # the demo takes a while to be laid, and nobody was silent meanwhile
        hear(tx, row.id, row.last_contact_at, now)
    tx.execute(sa.update(Attempt).where(Attempt.id.in_(ids)).values(last_contact_at=now, rev=Attempt.rev + 1))
    announce(tx, "attempts", {"attempt_ids": ids})
    signed_in = [row for row in present if row.ended_at is None and row.answered < ITEMS]
    for one in signed_in:
        if dice.random() > OFTEN:
            continue
        item = Item(one.answered + 1, 1, dice.randint(1, 4), dice.random() < 0.1)
        store(tx, [Save(one.id, one.lease_session_id, one.lease, (item,), now)])


def _present(now: datetime) -> sa.Select[Any]:
    answered = sa.select(sa.func.count()).where(Response.attempt_id == Attempt.id).scalar_subquery()
    return (
        sa.select(Attempt.id, Attempt.last_contact_at, Attempt.lease, Attempt.lease_session_id,
                  ServerSession.ended_at, answered.label("answered"))
        .join(ServerSession, ServerSession.id == Attempt.lease_session_id)
        .where(ServerSession.device.in_((PHONE, LAPTOP)), Attempt.finalised_at.is_(None),
               Attempt.deadline_at > now, Attempt.last_contact_at > now - GONE)
        .order_by(Attempt.id)
    )  # fmt: skip
