"""Two offices over one real server whose clock the test can let run on, and the people at their browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from exam_server.accounts import service as accounts
from exam_server.db import Database
from tests.faults.clocks import Clocks
from tests.journeys import two_offices
from tests.journeys.desk import Official
from tests.journeys.people import DESK, PHONE, Visitor, fits_the_screen
from tests.journeys.two_offices import House, Person
from tests.mailbox import Mailbox
from tests.servers import ExamServer

TABLET = {"width": 768, "height": 1024}
WIDTHS = (PHONE, TABLET, DESK)
ALONE = "Persetujuannya harus oleh petugas lain."


@dataclass
class Hall:
    """Everything there is, and what time it is there."""

    db: Database
    houses: dict[str, House]
    server: ExamServer
    clocks: Clocks
    mailbox: Mailbox
    looked_at: set[str] = field(default_factory=set)
    """Pages that were looked at closely, which need it once."""

    def token(self, account_id: int) -> str:
        """The cookie of a browser in which this person has just signed in."""
        return accounts.open_session(self.db, account_id, "uji", self.clocks.now())

    def pass_by(self, span: timedelta) -> None:
        self.clocks.pass_by(span.total_seconds())


@contextmanager
def open_hall(folder: Path) -> Iterator[Hall]:
    """Served until it is left."""
    db, houses = two_offices.build(folder)
    clocks = Clocks(folder)
    with Mailbox() as mailbox:
        server = ExamServer(folder, env=clocks.env | {"MAIL_URL": mailbox.url})
        try:
            yield Hall(db, houses, server, clocks, mailbox)
        finally:
            server.close()
            db.close()


class Guest(Visitor):
    """Anybody at all, at a phone."""

    def __init__(self, chromium: Browser, hall: Hall, size: dict[str, int] = PHONE) -> None:
        super().__init__(chromium, hall.server.url, size)
        self.hall = hall

    def come(self, account_id: int) -> None:
        """Signed in, also after the time for which the last sign-in held."""
        cookie = {"name": "exam", "value": self.hall.token(account_id), "url": self.hall.server.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("button", name=name))

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("link", name=name))

    def stands(self, name: str) -> None:
        """The page called `name` fits this screen, and axe finds nothing on it."""
        assert fits_the_screen(self.page), name
        if name not in self.hall.looked_at:
            self.hall.looked_at.add(name)
            self.accessible()


class Mitra(Guest):
    """A candidate."""

    def __init__(self, chromium: Browser, hall: Hall, person: Person) -> None:
        super().__init__(chromium, hall)
        self.person = person
        self.come(person.id)


class Admin(Official):
    """An admin at a desk, whose browser needs no form to sign in."""

    def __init__(self, chromium: Browser, hall: Hall, house: House, account_id: int) -> None:
        super().__init__(chromium, hall.server.url, house.name, "")
        self.hall, self.house, self.account_id = hall, house, account_id
        self.come()

    def come(self) -> None:
        """Signed in, also after the time for which the last sign-in held."""
        cookie = {"name": "exam", "value": self.hall.token(self.account_id), "url": self.hall.server.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def go(self, part: str = "") -> None:
        """To a page of the final selection."""
        self.page.goto(f"/results/{self.house.public_id}{part}")

    def stands(self, name: str) -> None:
        """The page called `name` fits a phone, a tablet and a desk, and axe finds nothing on it."""
        if name in self.hall.looked_at:
            return
        self.hall.looked_at.add(name)
        for size in WIDTHS:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert self.until(lambda: fits_the_screen(self.page)), (name, size)
        self.accessible()

    def refused(self, status: int, *texts: str) -> None:
        """The page says why, and Chromium's own line about it is the only one."""
        self.reads(*texts)
        assert self.until(lambda: bool(self.troubles)), "Chromium notes a refusal by itself"
        assert all(str(status) in line for line in self.troubles), self.troubles
        self.troubles.clear()

    def asked(self) -> str:
        """The address of the question that waits; the one who asked cannot answer it."""
        self.reads("Menunggu petugas lain")
        path = self.page.url
        self.is_refused_alone(ALONE)
        return path

    def grant(self, path: str) -> None:
        """Read, and decide as the second official."""
        self.page.goto(path)
        self.reads("Yang akan dilakukan")
        self.stands("persetujuan")
        self.turn(self.page.get_by_role("button", name=re.compile("^Setujui")))
        self.reads("Disetujui")
