"""One attempt through any order of events, told beside a small model that must agree after each step."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.exam import autosave, ledger, lookups, service, settling
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.replay import replay
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save, Stored
from exam_server.models import Attempt, LateAnswer, Response, Score, from_micros, to_micros
from exam_server.verify import attempts as verification
from exam_server.verify.records import records
from tests.exam.seated import (
    GRACE,
    LATEST,
    OPTIONS,
    POSITIONS,
    SECRET,
    TO_THE_END,
    Cast,
    Page,
)
from tests.exam.small_model import Evidence, Kept, Model
from tests.exam.storages import Storage
from tests.factories import HOUR, MINUTE, START, add_session
from tests.faults.sizes import full

pages = st.sampled_from((0, 0, 1))
positions = st.sampled_from(POSITIONS)
choices = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=3)
network = st.sampled_from(("good", "good", "slow", "none"))


class Interleaving(RuleBasedStateMachine):
    """Rules are what people, time and accidents do; all is compared whenever something was stored."""

    storage: ClassVar[Callable[[], Storage]]
    cast: ClassVar[Cast]

    def __init__(self) -> None:
        super().__init__()
        self.place = type(self).storage()
        self.db = self.place.open()
        self.now = START
        self.pages = [Page(session) for session in self.cast.sessions]
        self.model = Model(START, START + 2 * HOUR, HOUR, GRACE, set(self.cast.sessions))
        self.sound = False
        self._new_writer()

    def _new_writer(self) -> None:
        self.writer = GroupCommit(self.db)  # its queue is committed by us, so that every order can be had
        self.queue: list[tuple[Save | Callable[[], Any], Callable[[Any], None]]] = []
        self.heard: list[Any] = []

    @property
    def attempt_id(self) -> int:
        return self.cast.run.attempt_id

    def _put(
        self, act: Save | Callable[..., Any], model: Save | Callable[[], Any],
        done: Callable[[Any], None] = lambda _: None,
    ) -> None:  # fmt: skip
        """Both the writer and the model get the act; `done` hears what was told after the commit."""
        self.queue.append((model, done))
        self.writer.put(Act(act, self.heard.append))

    def _act(self, what: Callable[..., Any], model: Callable[[], Any], **named: Any) -> None:
        self._put(functools.partial(what, attempt_id=self.attempt_id, **named), model)

    # what candidates do

    @initialize(
        granted=st.lists(st.sampled_from((60, 600)), max_size=2),
        begun=st.sampled_from((True,) * 7 + (False,)),
    )
    def begin_the_day(self, granted: list[int], begun: bool) -> None:
        for seconds in granted:
            self.grant(seconds)
        if begun:
            self.begin()
            self.commit()
            self.join(0, False)
        self.commit()

    def begin(self) -> None:
        now = self.now
        self._act(service.begin, lambda: self.model.begin(now), now=now)

    @rule(page=pages, take_over=st.booleans())
    def join(self, page: int, take_over: bool) -> None:
        """A load or a reload; before the start and after the end a page gets no lease."""
        one, now = self.pages[page], self.now
        phase, _ = lookups.own_attempt(self.db, self.cast.run.candidate_id).phase(now)
        if phase not in ("running", "grace"):
            one.lease = 0
            return
        self._put(
            functools.partial(service.join, attempt_id=self.attempt_id, session_id=one.session, device="",
                              take_over=take_over, now=now),
            functools.partial(self.model.join, one.session, take_over),
            functools.partial(self._joined, one),
        )  # fmt: skip

    def _joined(self, page: Page, told: Any) -> None:
        """A page knows what is durable, and sends what it has left under its new lease."""
        if isinstance(told, int):
            page.lease = told
            page.waiting.clear()
            page.known |= {one["position"]: one["seq"] for one in lookups.responses(self.db, self.attempt_id)}

    @rule(position=positions, options=choices, net=network)
    def choose(self, position: int, options: list[int | None], net: str) -> None:
        """Some taps on one question where the candidate sits."""
        newest = max(range(len(self.pages)), key=lambda page: self.pages[page].lease)
        if self.pages[newest].lease == 0:
            self.join(newest, True)
            self.commit()
        self.choose_anywhere(newest, position, options, net)

    @rule(page=pages, position=positions, options=choices, net=network)
    def choose_anywhere(self, page: int, position: int, options: list[int | None], net: str) -> None:
        """The same on whatever page; one without network only remembers the last."""
        one = self.pages[page]
        for option in options:
            one.known[position] = one.known.get(position, 0) + 1
            one.outbox[position] = Item(position, one.known[position], option, False)
            if net != "none":
                self._send(one, list(one.outbox.values()))
            if net == "good":
                self.commit()

    @rule(page=pages, back=st.integers(0, 3))
    def send_again(self, page: int, back: int) -> None:
        """Everything unsaved, or something that was saved before: the page never heard it."""
        one = self.pages[page]
        self._send(one, one.told_saved[-back:][:1] if back else list(one.outbox.values()))
        self.commit()

    def _send(self, page: Page, items: list[Item]) -> None:
        fresh = tuple(one for one in items if (page.lease, one.position, one.seq) not in page.waiting)
        if fresh:
            page.waiting |= {(page.lease, one.position, one.seq) for one in fresh}
            save = Save(self.attempt_id, page.session, page.lease, fresh, self.now)
            self._put(save, save, functools.partial(self._heard_fates, page, save))

    def _heard_fates(self, page: Page, save: Save, told: dict[int, tuple[str, int]]) -> None:
        for item in save.items:
            fate, durable = told[item.position]
            page.waiting.discard((save.lease, item.position, item.seq))
            page.known[item.position] = max(page.known.get(item.position, 0), durable)
            if fate == "taken_over" and save.lease == page.lease:
                page.lease = 0  # it freezes, and goes on only after an explicit step
            if fate == "saved":
                page.told_saved.append(item)
            if fate in ("saved", "stale") and page.outbox.get(item.position) == item:
                del page.outbox[item.position]

    @rule(page=pages, how=st.sampled_from(("not yet", "not yet", "submit", "sign out")))
    def leave(self, page: int, how: str) -> None:
        one, now = self.pages[page], self.now
        if how == "submit":
            model = functools.partial(self.model.submit, one.session, one.lease, now)
            self._act(service.submit, model, session_id=one.session, lease=one.lease, now=now)
        elif how == "sign out":
            self._sign_out_and_in_again(one)

    def _sign_out_and_in_again(self, page: Page) -> None:
        """Goes past the queue, as it does in a server; what the page sent before is still in it."""
        accounts.end_session(self.db, page.session, self.now)
        self.model.sessions.discard(page.session)
        page.session = add_session(self.db, self.cast.run.candidate_id, START - MINUTE).session_id
        page.lease = 0
        self.model.sessions.add(page.session)

    # what time and officials do

    @rule(
        beyond=st.none() | st.sampled_from(TO_THE_END), then=st.sampled_from(("", "", "workers", "officials"))
    )
    def time_passes(self, beyond: timedelta | None, then: str) -> None:
        """Some time, or all of it up to an instant round the deadline; what is queued may wait so long."""
        there = self.now + MINUTE
        if beyond is not None and self.model.deadline is not None:
            there = max(self.now, self.model.deadline + beyond)
        self.now = min(there, LATEST)
        for what in ("sweep", "settle") if then else ():
            self.work(what)
            self.commit()
        if then == "officials":
            self.grant(600)
            self.commit()

    def grant(self, seconds: int) -> None:
        grant = ledger.Grant("extra", seconds, "power", "listrik padam", self.cast.official_id)
        self._act(ledger.enter, functools.partial(self.model.grant, seconds), grant=grant, now=self.now)

    def step_in(self, act: str) -> None:
        """An official takes the device away, or ends it for good."""
        now, named = self.now, {"actor_id": self.cast.official_id, "reason": "ponsel rusak", "now": self.now}
        if act == "release":
            self._act(service.release, lambda: self.model.release(now), **named)
        else:
            self._act(service.close_by_official, lambda: self.model.close_by_official(now), **named)

    @rule(
        what=st.sampled_from(("sweep", "sweep late", "settle", "begin", "grant") * 2 + ("release", "close"))
    )
    def work(self, what: str) -> None:
        """What others do meanwhile; a sweeper that looked a while ago acts on what it saw."""
        now, due = self.now, service.due(self.db, self.now)
        assert due == ([self.attempt_id] if self.model.due(now) else [])
        if what == "settle":
            self._act(settling.settle, self.model.settle, secret=SECRET, now=now)
        elif what == "begin":
            self.begin()
        elif what == "grant":
            self.grant(30)
        elif what in ("release", "close"):
            self.step_in(what)
        elif due or what == "sweep late":
            self._act(service.close_by_clock, lambda: self.model.close_by_clock(now), now=now)

    # what the writer does, and accidents

    @rule()
    def commit(self) -> None:
        if self.queue:
            self._commit()
        self._agrees()

    def _commit(self) -> None:
        self.sound = False
        self.writer._commit(self.writer._next())
        told = [_plain(one) for one in self.heard]
        expected = self.model.perform([model for model, _ in self.queue])
        assert told == expected
        for (_, done), one in zip(self.queue, told, strict=True):
            done(one)
        self.queue.clear()
        self.heard.clear()

    @rule(when=st.sampled_from(("before", "in the middle", "after")))
    def crash(self, when: str) -> None:
        """Pages hear nothing of what stood in the queue, whether or not it was committed."""
        self.sound = False
        batch = list(self.writer._queue)
        if when == "after" and batch:
            self.writer._commit(self.writer._next())
            self.model.perform([model for model, _ in self.queue])
        middle = functools.partial(_unfinished, batch) if when == "in the middle" and batch else None
        self.db = self.place.crash(self.db, middle)
        for page in self.pages:
            page.waiting.clear()
        self._new_writer()
        self._agrees()

    # what must be true

    def _agrees(self) -> None:
        self.sound = False
        with self.db.read() as tx:
            attempt = tx.get_one(Attempt, self.attempt_id)
            stored = {one.position: Kept(one.seq, one.option, one.arrived_at) for one in tx.scalars(
                sa.select(Response).where(Response.attempt_id == self.attempt_id))}  # fmt: skip
            kept = [Evidence(one.position, one.seq, one.option, one.lease, one.reason, one.arrived_at)
                    for one in tx.scalars(sa.select(LateAnswer).order_by(LateAnswer.id))]  # fmt: skip
        model = self.model
        assert (attempt.started_at, attempt.deadline_at, attempt.finalised_at, attempt.how) == (
            model.started_at, model.deadline, model.finalised_at, model.how
        )  # fmt: skip
        assert (attempt.lease, attempt.lease_session_id) == (model.lease, model.holder)
        assert stored == model.responses
        assert kept == model.evidence
        assert lookups.own_attempt(self.db, self.cast.run.candidate_id).phase(self.now)[0] == model.phase(
            self.now
        )
        self._nothing_acknowledged_is_lost(stored)
        self.sound = True

    def _nothing_acknowledged_is_lost(self, stored: dict[int, Kept]) -> None:
        for page in self.pages:
            for item in page.told_saved:
                found = stored.get(item.position)
                assert found is not None
                assert found.seq > item.seq or (found.seq, found.option) == (item.seq, item.option)

    def teardown(self) -> None:
        try:
            if self.sound:
                self.commit()
                self.work("settle")
                self.commit()
                self._can_be_told_again()
        finally:
            self.db.close()
            self.place.drop()

    def _can_be_told_again(self) -> None:
        (record,) = records(self.db)
        told, model = replay(self.attempt_id, record.journal), self.model
        assert told.contradictions == []
        assert told.how == model.how
        assert (told.deadline_at is None) is (model.deadline is None)
        assert told.deadline_at == (to_micros(model.deadline) if model.deadline else None)
        last = {position: Kept(one.seq, one.option, from_micros(one.arrived_at))
                for position, one in told.responses.items()}  # fmt: skip
        assert last == model.responses
        with self.db.read() as tx:
            numbers = list(tx.scalars(sa.select(Score.number).order_by(Score.number)))
        assert len(numbers) == len(set(numbers))
        assert (told.number in numbers) is (model.how is not None), "closed and scored once as it stands"
        assert verification.look(self.db, SECRET) == (1, [])


def _unfinished(batch: list[Act], db: Database, before_the_commit: Callable[[], None]) -> None:
    with db.write() as tx:
        autosave._perform(tx, batch)
        before_the_commit()


def _plain(outcome: Any) -> Any:
    """What was told, in the model's words."""
    if isinstance(outcome, Stored):
        return dict(outcome.fates)
    return type(outcome) if isinstance(outcome, Exception) else outcome


def played(storage: Callable[[], Storage], cast: Cast, examples: int, phases: tuple[Phase, ...]) -> None:
    """Raises what differs between attempt and model."""
    machine = type("Played", (Interleaving,), {"storage": staticmethod(storage), "cast": cast})
    run_state_machine_as_test(machine, settings=settings(
        max_examples=examples, stateful_step_count=40, deadline=None, derandomize=not full(), database=None,
        phases=phases, print_blob=full(), suppress_health_check=list(HealthCheck),
    ))  # fmt: skip
