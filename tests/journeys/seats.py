"""Candidates in the exam room, each at a phone, over a server of their own: what the browser tests share."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests import worlds
from tests.journeys.people import Candidate
from tests.processes import ROOT
from tests.servers import ExamServer
from tests.worlds import Somebody, World, wall

GRANTING = Path(__file__).parent / "granting.py"
ALLOWED = 3600
CONNECTED, OFFLINE = re.compile("socket|http"), re.compile("^offline")

TWO_CLOCKS = """(() => {
  const wall = Date.now.bind(Date), mono = performance.now.bind(performance);
  window.skew = { wall: %d, mono: 0 };
  Date.now = () => wall() + window.skew.wall;
  performance.now = () => mono() + window.skew.mono;
})()"""
"""Both clocks of a device in the hands of the test; whole milliseconds by which they are wrong."""

WHOLE_PAGE_IS_KEPT = """async () => {
  const parts = [...document.querySelectorAll("link[rel]:not([rel=icon]), script[src], .pic img")];
  const library = "/static/lib/socket.io-client/socket.io.min.js";
  const wanted = [location.href, library, ...parts.map((one) => one.href || one.src)];
  const found = await Promise.all(wanted.map((one) => caches.match(one, { cacheName: "exam-paper" })));
  return found.every(Boolean);
}"""

WITHOUT = {
    "worker": "delete Navigator.prototype.serviceWorker",
    "locks": "delete Navigator.prototype.locks",
    "storage": "delete window.indexedDB; Storage.prototype.setItem = () => { throw new Error('refused') }",
    "database": "delete window.indexedDB",
}
"""What a browser may lack."""


class Seat(Candidate):
    """One phone in the exam room."""

    def __init__(
        self, chromium: Browser, place: Place, person: Somebody, *without: str, wall: int = 0
    ) -> None:
        super().__init__(chromium, place.server.url, person.email)
        self.place, self.person = place, person
        for name in without:
            self.context.add_init_script(WITHOUT[name])
        self.context.add_init_script(TWO_CLOCKS % wall)

    def run_instead(self, script: str, pattern: str, other: str) -> None:
        """From the next page on `script` (below static/) runs with one thing in it changed."""
        text = (ROOT / "static" / script).read_text()
        changed = re.sub(pattern, other, text)
        assert changed != text, f"{script} has no {pattern}"
        self.context.route(
            f"**/{script}", lambda route: route.fulfill(body=changed, content_type="text/javascript")
        )

    def be_signed_in(self) -> None:
        cookie = {"name": "exam", "value": self.place.tokens[self.person.id], "url": self.place.server.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def enter(self) -> None:
        """Signed in, started, and heard by the server."""
        self.be_signed_in()
        self.page.goto("/exam")
        self.page.get_by_role("checkbox").check()
        self.turn(self.page.get_by_role("button", name="Mulai mengerjakan tes"))
        self.be_connected()

    def be_connected(self) -> None:
        expect(self.page.locator("#link")).to_have_attribute("data-kind", CONNECTED)

    def lose_the_network(self) -> None:
        self.context.set_offline(True)
        expect(self.page.locator("#link")).to_have_attribute("data-kind", OFFLINE)

    def be_kept(self) -> None:
        """The device holds the paper and everything it consists of."""
        # not wait_for_function: it takes the promise for an answer, and does not wait
        assert self.until(lambda: bool(self.page.evaluate(WHOLE_PAGE_IS_KEPT)))

    def answer_all(self, wanted: Mapping[int, int]) -> None:
        for position, option in wanted.items():
            self.answer(position, option)

    def stored(self) -> dict[int, int | None]:
        """What the database holds: position to option."""
        return {row.position: row.option for row in self.place.world.stored(self.person)}

    def off_by(self) -> float:
        """Seconds between the time shown and the time that remains."""
        text = self.page.locator("#time").inner_text()
        minutes, seconds = (re.search(rf"(\d+) {unit}", text) for unit in ("menit", "detik"))
        shown = 60 * int(minutes[1] if minutes else 0) + int(seconds[1] if seconds else 0)
        deadline = self.place.world.attempt(self.person).deadline_at
        assert deadline is not None
        return shown - math.ceil((deadline - wall()).total_seconds())

    def right_within(self, seconds: float) -> bool:
        """True as soon as the time shown is within one second of the server's."""
        return self.until(lambda: abs(self.off_by()) <= 1, within=seconds * 1000)


@dataclass
class Place:
    """A world, the server over it, and who may still take a seat."""

    world: World
    server: ExamServer
    grants: Path
    people: Iterator[Somebody]
    tokens: dict[int, str]
    seats: list[Seat] = field(default_factory=list)

    def seat(self, chromium: Browser, *without: str, wall: int = 0) -> Seat:
        """A phone of somebody who has not started yet."""
        return self._take(Seat(chromium, self, next(self.people), *without, wall=wall))

    def other_phone(self, chromium: Browser, person: Somebody) -> Seat:
        """Another phone of the same person, signed in by itself."""
        self.tokens[person.id] = self.world.token(person)
        return self._take(Seat(chromium, self, person))

    def _take(self, seat: Seat) -> Seat:
        self.seats.append(seat)
        return seat

    def grant(self, person: Somebody, seconds: int, reason: str) -> None:
        """An official grants time; done when the server has done it."""
        attempt = self.world.attempt(person).id
        wish = {"attempt": attempt, "seconds": seconds, "kind": "extra", "reason": reason,
                "author": self.world.screener_id}  # fmt: skip
        path = self.grants / f"{attempt}.json"
        path.with_suffix(".new").write_text(json.dumps(wish))
        path.with_suffix(".new").rename(path)
        end = time.monotonic() + 10
        while path.exists():
            assert time.monotonic() < end, self.server.log
            time.sleep(0.05)

    def leave(self) -> None:
        """Every phone is put away, and nothing went wrong on any."""
        seats, self.seats[:] = self.seats[:], []
        for seat in seats:
            seat.leave()


def open_place(folder: Path, count: int = 16, allowed: int = ALLOWED, grace: int = 10) -> Place:
    """A server whose `count` candidates may start at once."""
    world = worlds.build(f"sqlite:///{folder / 'exam.db'}")
    people = world.booked(count, world.sitting(allowed_seconds=allowed, grace_seconds=grace))
    tokens = {person.id: world.token(person) for person in people}
    grants = folder / "grants"
    grants.mkdir()
    server = ExamServer(folder, script=GRANTING, env={"EXAM_GRANTS": str(grants)})
    return Place(world, server, grants, iter(people), tokens)
