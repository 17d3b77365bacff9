"""What a board in a browser shows, and the database it has to equal."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from playwright.sync_api import Browser, Page, expect

from exam_server.board import rows
from exam_server.exam import service as exam
from tests.journeys.people import DESK, PATIENTLY, Proctor
from tests.journeys.seats import TWO_CLOCKS, Place
from tests.journeys.witness import Witness
from tests.worlds import Somebody, wall

STALE_WITHIN, TRUE_WITHIN = 5_000, 10_000
"""Milliseconds after a cut in which the board says so, and after the return in which it equals
the database again; both beyond what the machine itself was late meanwhile.
"""


def instant() -> float:
    """Now in milliseconds since 1970, as the page's own clock has it."""
    return time.time() * 1000


MODES = """() => {
  const fresh = document.getElementById('fresh');
  const told = () => [fresh.dataset.mode, new Date().getTime()];
  window.modes = [told()];
  new MutationObserver(() => window.modes.push(told()))
    .observe(fresh, { attributes: true, attributeFilter: ['data-mode'] });
}"""

SHOWN = """() => Object.fromEntries([...document.querySelectorAll('#rows .tabulator-row')].map((row) => {
  const answered = parseInt(row.querySelector('[data-put=answered]').textContent);
  return [row.id.slice(4), [row.dataset.standing, answered]];
}))"""


class Watch(Proctor):
    """A proctor whose browser needs no form to sign in, and whose clocks are in the hands of the test."""

    def __init__(
        self, chromium: Browser, place: Place, size: dict[str, int] = DESK, role: str = "proctor"
    ) -> None:
        super().__init__(chromium, place.server.url)
        self.page.set_viewport_size(size)  # type: ignore[arg-type]
        self.place = place
        self.official = place.world.official(role)
        cookie = {"name": "exam", "value": place.world.token(self.official), "url": place.server.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]
        self.context.add_init_script(TWO_CLOCKS % 0)

    def open(self, view: str = "") -> Page:
        """The board stands, and is live."""
        self.page.goto(f"/board/{self.place.world.board}{view}")
        self.is_live()
        expect(self.page.locator("#rows .tabulator-row").first).to_be_visible()
        self.page.evaluate(MODES)
        self._witness = Witness(self.page)
        return self.page

    def is_live(self) -> None:
        expect(self.page.locator("#fresh")).to_have_attribute("data-mode", "live")

    def told_stale(self, since: float) -> None:
        """The board has said it in time after the cut at `since`."""
        assert self.until(lambda: self._stale_at(since) is not None), self.page.evaluate("window.modes")
        self._within(STALE_WITHIN, since, self._stale_at(since) or 0.0)

    def _stale_at(self, since: float) -> float | None:
        """When it said so first."""
        told = [at for mode, at in self.page.evaluate("window.modes") if mode == "stale" and at >= since]
        return min(told, default=None)

    def told_true(self, since: float) -> None:
        """The board has equalled the database in time after the return at `since`."""
        end = instant() + PATIENTLY
        while instant() < end:
            looked_at = instant()
            if self.page.evaluate(SHOWN) == in_the_database(self.place):
                return self._within(TRUE_WITHIN, since, looked_at)
            self.page.wait_for_timeout(50)
        raise AssertionError(self.page.evaluate(SHOWN), in_the_database(self.place))

    def _within(self, limit: float, since: float, until: float) -> None:
        late = self._witness.lateness(since, until)
        assert until - since < limit + late, f"{until - since:.0f} ms, on a machine {late:.0f} ms late itself"

    def names(self) -> list[str]:
        """As they stand, from the top."""
        script = """rows => rows.sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
            .map(row => row.querySelector('[data-put=name]').textContent)"""
        told: list[str] = self.page.locator("#rows .tabulator-row:not(.is-group)").evaluate_all(script)
        return told

    def equals_the_database(self, within: float = PATIENTLY) -> bool:
        return self.until(lambda: self.page.evaluate(SHOWN) == in_the_database(self.place), within)


def in_the_database(place: Place) -> dict[str, list[Any]]:
    """Public id to standing and number answered, of everybody."""
    db, now = place.world.db, wall()
    parts = rows.snapshot(db, place.world.selection_id, now)
    told = [dict(zip(rows.COLUMNS, row, strict=True)) for part in parts for row in part]
    return {row["id"]: [_standing(row, now.timestamp() * 1000), row["answered"]] for row in told}


def _standing(row: dict[str, Any], now: float) -> str:
    lost = row["phase"] in ("running", "grace") and row["contact_lost_at"] is not None
    return "lost" if lost and now >= row["contact_lost_at"] else str(row["phase"])


def start_unheard(place: Place, person: Somebody, ago: float = 0.0) -> None:
    """Somebody started so many seconds ago, and no worker heard of it; 50 are enough to have lost contact."""
    with place.world.db.write() as tx:
        exam.start(tx, place.world.attempt(person).id, wall() - timedelta(seconds=ago))
