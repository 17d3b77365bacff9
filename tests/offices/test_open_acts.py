"""Which acts both real calendars admit, tried through the services at every cut of every stage."""

from __future__ import annotations

from datetime import datetime

import pytest

from exam_server.db import Database
from exam_server.models import Account, Activity, Office
from exam_server.offices.service import stage_is_open
from exam_server.registration import service as registration
from exam_server.registration.refusals import ProfileIncomplete, RegistrationClosed
from exam_server.screening import service as screening
from exam_server.screening.refusals import NotAllChecked, ScreeningClosed
from exam_server.selection import service as selection
from exam_server.selection.service import ChoiceClosed
from tests.calendars import CALENDARS, LAST_ENTRY, Town, around, on
from tests.factories import HOUR, add_account, add_official

Span = tuple[datetime | None, datetime | None]

OPEN: dict[str, dict[str, Span]] = {
    "jepara": {
        "register": (on(11, 1), on(12, 1)),
        "screen": (on(11, 1), on(12, 9)),
        "choose": (on(11, 1), on(12, 9)),
        "final": (on(11, 1), on(12, 9)),
    },
    # the test stage has no dates: a sitting may be chosen as soon as it is there, until its last entry
    "magetan": {
        "register": (on(11, 1), on(12, 1)),
        "screen": (on(11, 1), on(12, 1)),
        "choose": (None, LAST_ENTRY),
        "final": (on(12, 1), on(12, 9)),
    },
}
"""Taken down by hand from the announcements; half-open."""


class Acts:
    """Tries each act and takes it back: what stops it is the calendar, or something that comes later."""

    def __init__(self, db: Database, slug: str) -> None:
        self.db, self.town = db, Town(db, CALENDARS[slug])
        self.stranger: Account = add_account(db)
        with db.read() as tx:
            office = tx.get_one(Office, self.town.place.office_id)
            self.recruitment_id = tx.get_one(Activity, self.town.place.selection_id).recruitment_id
        self.screener = add_official(db, "screener", office)

    def admitted(self, now: datetime) -> set[str]:
        acts = {"register": self.register, "screen": self.screen, "choose": self.choose, "final": self.final}
        return {name for name, act in acts.items() if act(now)}

    def register(self, now: datetime) -> bool:
        with pytest.raises((RegistrationClosed, ProfileIncomplete)) as refused:
            registration.apply(self.db, self.stranger.id, self.town.place.registration_id, now)
        return refused.type is ProfileIncomplete

    def screen(self, now: datetime) -> bool:
        with pytest.raises((ScreeningClosed, NotAllChecked)) as refused:
            screening.accept(self.db, self.town.public_id("waiting"), 1, self.screener.id, now)
        return refused.type is NotAllChecked

    def choose(self, now: datetime) -> bool:
        try:
            selection.offered(self.db, self.town.people["accepted"].id, now)
        except ChoiceClosed:
            return False
        return True

    def final(self, now: datetime) -> bool:
        with self.db.read() as tx:
            return stage_is_open(tx, self.recruitment_id, "final", now)


def admits(span: Span, now: datetime) -> bool:
    opens_at, closes_at = span
    return (opens_at is None or opens_at <= now) and (closes_at is None or now < closes_at)


def cuts(slug: str) -> list[datetime]:
    """Both ends of every announced stage, and the last entry of the sitting."""
    days = [phase[end] for phase in CALENDARS[slug]["phases"] for end in ("opens_on", "closes_on")]
    dated = [datetime.fromisoformat(day) for day in days if day]
    found = {on(day.month, day.day) for day in dated} | {on(day.month, day.day) + 24 * HOUR for day in dated}
    return sorted(found | {LAST_ENTRY})


@pytest.mark.parametrize("slug", sorted(OPEN))
def test_each_act_is_admitted_exactly_inside_its_stage(db: Database, slug: str) -> None:
    acts = Acts(db, slug)
    for cut in cuts(slug):
        for now in around(cut):
            assert acts.admitted(now) == {act for act, span in OPEN[slug].items() if admits(span, now)}, now


def test_on_the_first_of_december_jepara_still_screens_and_lets_choose(db: Database) -> None:
    assert Acts(db, "jepara").admitted(on(12, 1) + 12 * HOUR) == {"screen", "choose", "final"}


def test_on_the_first_of_december_magetan_only_decides_and_lets_choose(db: Database) -> None:
    acts = Acts(db, "magetan")
    assert acts.admitted(on(12, 1) + 12 * HOUR) == {"choose", "final"}
    assert acts.admitted(LAST_ENTRY) == {"final"}
