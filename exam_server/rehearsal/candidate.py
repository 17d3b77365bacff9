"""A virtual candidate: keeps an outbox until the server says durable, and comes back whenever it is cut off.

It speaks the protocol and nothing else. An act whose answer did not come is unknown and is sent again under
the same seq; nothing is ever counted as saved because time has passed.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any, Literal

from exam_server.rehearsal.door import HOME, Answer, Door, Refused
from exam_server.rehearsal.journal import Entry, Journal
from exam_server.rehearsal.outbox import Outbox
from exam_server.rehearsal.wire import ConnectRefused, Tap, Unknown, Wire

Transport = Literal["socket", "http"]
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
ACK_PATIENCE = 8.0
"""Seconds until an act without an answer counts as unknown and the line as dead."""

TRY_AGAIN = ("storage_unavailable",)


class VirtualCandidate:
    """One person with one browser; `dice` makes its pauses and clicks repeatable."""

    def __init__(
        self, url: str, email: str, password: str, *, transport: Transport = "socket",
        dice: random.Random | None = None, tap: Tap | None = None, patience: float = ACK_PATIENCE,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:  # fmt: skip
        self.email, self._password = email, password
        self.door = Door(url, tap, patience)
        self.journal = Journal()
        self.outbox = Outbox(self.journal)
        self.state: dict[str, Any] = {}
        self.closed_how: str | None = None
        self.frozen = False
        self.lease = 0
        self._transport, self._tap, self._patience = transport, tap, patience
        self._dice = dice or random.Random(email)  # noqa: S311 - pauses and clicks, no secrets
        self._wire: Wire | None = None
        self._longest_pause = longest_pause

    async def log_in(self) -> None:
        """Raises Refused, Unknown."""
        await self.door.sign_in(self.email, self._password)

    async def adopt(self, token: str) -> None:
        """Signed in with a session that was opened elsewhere; raises Unknown."""
        self.door.adopt(token)
        await self.door.read_token(HOME)

    async def choose(self, sitting: str) -> Answer:
        """The choice for good; the answer tells 303 or the refusal."""
        return await self.door.post("/choose", form={"sitting": sitting})

    async def look(self) -> dict[str, Any]:
        """The state as lobby and paper see it."""
        self._learn((await self.door.get("/exam/state")).accepted().body)
        return self.state

    async def start(self) -> Answer:
        """The clock runs; the pledge of integrity is given with it. Raises Refused, Unknown."""
        return (await self.door.post("/exam/start", form={"pledge": "yes"})).accepted()

    async def join(self, take_over: bool = False) -> dict[str, Any]:
        """Sit down at one's own attempt with a fresh lease; raises Refused, Unknown, ConnectRefused."""
        if not self.state:
            await self.look()
        told = await self._act("join", {"attempt": self.state["attempt"], "take_over": take_over})
        self.lease = int(told["lease"])
        self.frozen = False  # what was fenced off is the page we were before
        self._learn(told)
        return told

    def answer(self, position: int, option: int | None, flagged: bool = False) -> Entry:
        """Put one answer into the outbox, under the next seq of its position."""
        return self.outbox.put(position, option, flagged)

    async def save(self) -> dict[str, Any]:
        """Send the whole outbox once, as one list; raises Refused, Unknown, and keeps what is not durable."""
        entries = self.outbox.entries
        self.journal.note_sent(entries)
        began = time.monotonic()
        try:
            told = await self._act("save", self._named(items=[entry._asdict() for entry in entries]))
        except Unknown:
            self.journal.unknown += len(entries)
            raise
        except Refused as refusal:
            self.outbox.take_fates(entries, refusal.body.get("items", []))
            raise
        self.journal.latencies.append(time.monotonic() - began)
        self.outbox.take_fates(entries, told["items"])
        return told

    async def deliver(self, within: float) -> bool:
        """Send until the outbox is empty, coming back after every cut; False when `within` seconds passed.

        Raises Refused when the server says no for good (a deadline, another device, signed out).
        """
        end, tries = time.monotonic() + within, 0
        while self.outbox.entries:
            try:
                if self._cut_off():
                    await self.come_back()
                    continue
                await self.save()
            except (Unknown, ConnectRefused):
                self.drop()
            except Refused as refusal:
                if refusal.code not in TRY_AGAIN:
                    raise
            if self.outbox.entries and time.monotonic() > end:
                return False
            if self.outbox.entries:
                await asyncio.sleep(self._pause(tries))
                tries += 1
        return True

    async def come_back(self) -> None:
        """A new connection and a new lease; what the server already has leaves the outbox."""
        await self._hang_up()
        self.journal.reconnects += 1
        await self.join()

    async def beat(self) -> dict[str, Any]:
        return await self._act("beat", {})

    async def submit(self) -> dict[str, Any]:
        return await self._act("submit", self._named())

    async def hand_in(self, within: float) -> bool:
        """Submit until it is confirmed, coming back after every cut; False when `within` seconds passed.

        Raises Refused when the server says no for good (closed by the clock, another device).
        """
        end, tries = time.monotonic() + within, 0
        while time.monotonic() < end:
            try:
                if self._cut_off():
                    await self.come_back()
                await self.submit()
                return True
            except (Unknown, ConnectRefused):
                self.drop()
            except Refused as refusal:
                if refusal.code not in TRY_AGAIN:
                    raise
            await asyncio.sleep(self._pause(tries))
            tries += 1
        return False

    def drop(self) -> None:
        """Lose the connection without a word."""
        if self._wire is not None:
            self._wire.drop()

    async def work(self, until: asyncio.Event, pause: float, options: int = 4, within: float = 30.0) -> None:
        """Answer at random, one position after another, until told to stop; every answer is delivered."""
        while not until.is_set():
            position = self._dice.randint(1, self.state["items"])
            self.answer(position, self._dice.randint(1, options), self._dice.random() < 0.1)
            await self.deliver(within)
            await asyncio.sleep(pause * self._dice.uniform(0.5, 1.5))

    async def close(self) -> None:
        await self._hang_up()
        await self.door.close()

    async def _act(self, act: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The same act over socket or HTTP; raises Refused, Unknown, ConnectRefused."""
        if self._transport == "http":
            return (await self.door.post("/exam/" + act, payload=payload)).accepted().body
        if self._wire is None or self._wire.gone:
            await self._hang_up()
            self._wire = await Wire.open(
                self.door.session, self.door.url, self._hear, self._tap, self._patience
            )
        told = await self._wire.call(act, payload, self._patience)
        if not told.get("ok"):
            raise Refused(409, told)
        return told

    def _named(self, **more: Any) -> dict[str, Any]:
        return {"attempt": self.state["attempt"], "lease": self.lease, **more}

    def _cut_off(self) -> bool:
        return self._transport == "socket" and (self._wire is None or self._wire.gone)

    async def _hang_up(self) -> None:
        if self._wire is not None:
            await self._wire.close()
            self._wire = None

    def _pause(self, tries: int) -> float:
        """Jittered, so that a thousand candidates do not come back in the same instant."""
        return min(FIRST_PAUSE * 2.0**tries, self._longest_pause) * self._dice.uniform(0.5, 1.5)

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        if event == "closed":
            self.closed_how = str(data.get("how"))
        elif event == "frozen" and int(data.get("lease", 0)) > self.lease > 0:
            self.frozen = True

    def _learn(self, told: dict[str, Any]) -> None:
        self.state = told
        for known in told["responses"]:
            self.outbox.settle(known["position"], known["seq"])
