"""What may become of one attempt, small enough to be read at a glance: no database, no clock, no statement.

It is written from the rules, not from the code: acts come in one after the other, a run of saves counts as
one moment, and everything that a candidate or an official would be told is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from exam_server.errors import Refusal, SignInNeeded
from exam_server.exam.refusals import (
    AlreadySubmitted,
    Closed,
    ClosedByOfficial,
    NotHeld,
    NotStarted,
    OutsideWindow,
    TakenOver,
)
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save

Told = Any
"""A save's fates by position, an act's result, or the class of the refusal."""

BUFFER = timedelta(seconds=5)
MOST_KEPT = 20
"""Pieces of evidence at one position."""


@dataclass(frozen=True)
class Kept:
    """A durable answer."""

    seq: int
    option: int | None
    arrived_at: datetime


@dataclass(frozen=True)
class Evidence:
    """An answer that was refused and kept."""

    position: int
    seq: int
    option: int | None
    lease: int
    reason: str
    arrived_at: datetime


@dataclass
class Model:
    """One attempt of a sitting; `sessions` are those that are signed in."""

    opens_at: datetime
    ends_at: datetime
    allowed: timedelta
    grace: timedelta
    sessions: set[int]
    started_at: datetime | None = None
    extra: timedelta = timedelta(0)
    how: str | None = None
    finalised_at: datetime | None = None
    lease: int = 0
    holder: int | None = None
    responses: dict[int, Kept] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    settled: bool = True
    """Nothing happened since it was last scored."""

    @property
    def deadline(self) -> datetime | None:
        return None if self.started_at is None else self.started_at + self.allowed + self.extra

    def ended(self, at: datetime, more: timedelta = timedelta(0)) -> bool:
        return self.deadline is not None and at >= self.deadline + self.grace + more

    def phase(self, now: datetime) -> str:
        if self.how:
            return "submitted" if self.how == "submitted" else "closed"
        if self.deadline is None:
            last_entry = self.ends_at - self.allowed - self.extra
            return "waiting" if now < self.opens_at else "ready" if now < last_entry else "absent"
        return "running" if now < self.deadline else "closed" if self.ended(now) else "grace"

    def due(self, now: datetime) -> bool:
        """Whether the clock may close it."""
        return self.how is None and self.ended(now, BUFFER)

    def perform(self, acts: Sequence[Save | Callable[[], Told]]) -> list[Told]:
        """What each act is told, in order; saves that stand together are one moment."""
        told: list[Told] = []
        for _, some in groupby(acts, key=lambda act: isinstance(act, Save)):
            group = list(some)
            saves = [act for act in group if isinstance(act, Save)]
            told += self._store(saves) if saves else [_outcome(act) for act in group]
        return told

    def _store(self, saves: list[Save]) -> list[Told]:
        winners: dict[int, tuple[Item, Save]] = {}
        for save in saves:
            for item in save.items if self._admits(save) else ():
                if item.position not in winners or item.seq > winners[item.position][0].seq:
                    winners[item.position] = (item, save)
        stored = {position: winner for position, winner in winners.items() if self._newer(*winner)}
        return [{item.position: self._fate(save, item, stored) for item in save.items} for save in saves]

    def _newer(self, item: Item, save: Save) -> bool:
        return self._put(item.position, Kept(item.seq, item.option, save.arrived_at))

    def _put(self, position: int, kept: Kept) -> bool:
        former = self.responses.get(position)
        if former is not None and kept.seq <= former.seq:
            return False
        self.responses[position] = kept
        self.settled = False
        return True

    def _holds(self, save: Save) -> bool:
        return save.lease == self.lease and save.session_id == self.holder

    def _admits(self, save: Save) -> bool:
        running = self.started_at is not None and self.how is None and not self.ended(save.arrived_at)
        return running and self._holds(save) and save.session_id in self.sessions

    def _fate(self, save: Save, item: Item, stored: dict[int, tuple[Item, Save]]) -> tuple[str, int]:
        durable = self.responses[item.position].seq if item.position in self.responses else 0
        if item.position in stored and stored[item.position] == (item, save):
            return "saved", durable
        fate = self._why_not(save, item, durable)
        if fate in ("taken_over", "deadline_passed", "closed"):
            self._keep(Evidence(item.position, item.seq, item.option, save.lease, fate, save.arrived_at))
        return fate, durable

    def _why_not(self, save: Save, item: Item, durable: int) -> str:
        if save.session_id not in self.sessions:
            return "signed_out"
        if self.started_at is None:
            return "not_started"
        over = self.how is not None or self.ended(save.arrived_at)
        if not self._holds(save) and (save.lease or not over):
            return "taken_over"
        if durable >= item.seq:
            return "stale"
        return "deadline_passed" if self.ended(save.arrived_at) else "closed"

    def _keep(self, new: Evidence) -> None:
        def said(one: Evidence) -> tuple[Any, ...]:
            return one.position, one.seq, one.option, one.lease

        there = sum(one.position == new.position for one in self.evidence)
        if there < MOST_KEPT and said(new) not in map(said, self.evidence):
            self.evidence.append(new)

    def begin(self, now: datetime) -> None:
        if self.started_at is not None:
            return
        if self.phase(now) != "ready":
            raise OutsideWindow
        self.started_at, self.settled = now, False

    def join(self, session: int, take_over: bool) -> int:
        if self.holder not in (None, session) and self.holder in self.sessions and not take_over:
            raise TakenOver
        self.lease, self.holder, self.settled = self.lease + 1, session, False
        return self.lease

    def release(self, now: datetime) -> None:
        """An official takes the seat from whoever has it; the lease is nobody's."""
        if self.started_at is None:
            raise NotStarted
        if self.phase(now) not in ("running", "grace"):
            raise Closed
        if self.holder is None:
            raise NotHeld
        self.lease, self.holder, self.settled = self.lease + 1, None, False

    def submit(self, session: int, lease: int, now: datetime) -> None:
        if session not in self.sessions:
            raise SignInNeeded
        if self.deadline is None:
            raise NotStarted
        if self.how == "submitted":
            return
        if self.how or self.ended(now):
            raise Closed
        if (session, lease) != (self.holder, self.lease):
            raise TakenOver
        self._close("submitted", min(now, self.deadline))

    def close_by_clock(self, now: datetime) -> None:
        if self.due(now) and self.deadline is not None:
            self._close("clock", self.deadline)

    def close_by_official(self, now: datetime) -> None:
        if self.deadline is None:
            raise NotStarted
        if self.how or self.ended(now):
            raise Closed
        self._close("official", min(now, self.deadline))

    def _close(self, how: str, at: datetime) -> None:
        self.how, self.finalised_at, self.settled = how, at, False

    def grant(self, seconds: int) -> None:
        """More time: what the clock closed runs again, and evidence that now lies in time counts."""
        if self.how == "submitted":
            raise AlreadySubmitted
        if self.how == "official":
            raise ClosedByOfficial
        self.extra += timedelta(seconds=seconds)
        self.how, self.finalised_at, self.settled = None, None, False
        for one in sorted(self.evidence, key=lambda one: (one.position, one.seq)):
            mine = one.reason != "taken_over" and one.lease == self.lease
            if self.started_at is not None and mine and not self.ended(one.arrived_at):
                self._put(one.position, Kept(one.seq, one.option, one.arrived_at))

    def settle(self) -> bool:
        """Whether there was something to score."""
        due = self.how is not None and not self.settled
        self.settled = self.settled or due
        return due


def _outcome(act: Any) -> Told:
    try:
        return act()
    except Refusal as refusal:
        return type(refusal)
