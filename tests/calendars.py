"""Both offices as they were announced, at their real dates of 2023, with people to try every act with."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exam_server.db import Database
from exam_server.demo import announce
from exam_server.models import (
    Account,
    Activity,
    Application,
    ApplicationVersion,
    Screening,
    ScreeningEvent,
    Sitting,
)
from exam_server.selection import service as selection
from tests.factories import HOUR, add, add_account, add_sitting

WIB = ZoneInfo("Asia/Jakarta")
TICK = timedelta(microseconds=1)
CALENDARS = {said["office"]["slug"]: said for said in announce.read_all()}


def on(month: int, day: int) -> datetime:
    """Local midnight with which that day of 2023 begins."""
    return datetime(2023, month, day, tzinfo=WIB)


APPLIED = on(11, 1) + 9 * HOUR
SITS = on(12, 5) + 8 * HOUR
LAST_ENTRY = SITS + HOUR
"""Of the only sitting: 08.00 to 10.00 with an allowance of 60 minutes."""

DUE = on(11, 28) + 10 * HOUR
"""Until when a correction was asked for."""


def around(cut: datetime) -> tuple[datetime, datetime, datetime]:
    """A microsecond before, at, and after it."""
    return cut - TICK, cut, cut + TICK


class Town:
    """One office with its real calendar, one sitting, and one person for each way."""

    def __init__(self, db: Database, said: dict[str, Any]) -> None:
        self.db = db
        self.screenings: dict[int, Screening] = {}
        with db.write() as tx:
            self.place = announce.bring_in(tx, said, date.fromisoformat(said["recruitment"]["document_date"]))
        self.sitting = self._sitting()
        self.people = {
            "waiting": self.applicant(), "asked": self.asked(), "accepted": self.accepted(),
            "booked": self.booked(),
        }  # fmt: skip

    def _sitting(self) -> Sitting:
        return add_sitting(self.db, self.place.selection_id, starts_at=SITS, ends_at=SITS + 2 * HOUR)

    def applicant(self, accepted_at: datetime | None = None, **screened: Any) -> Account:
        account = add_account(self.db, created_at=APPLIED - HOUR, activated_at=APPLIED - HOUR)
        entry = add(self.db, self.entry(account, "registration", accepted_at))
        screening = Screening(application_id=entry.id, activity_id=entry.activity_id, version=1,
                              sent_at=APPLIED, **screened)  # fmt: skip
        self.screenings[account.id] = add(self.db, screening)
        add(self.db, ApplicationVersion(application_id=entry.id, number=1, sent_at=APPLIED,
                                        data={"nik": "3320011705980001"}, documents={}))  # fmt: skip
        add(self.db, ScreeningEvent(application_id=entry.id, version=1, kind="sent", at=APPLIED,
                                    actor_id=account.id, fields=[]))  # fmt: skip
        return account

    def public_id(self, person: str) -> str:
        """Of that person's application, for screening."""
        return self.screenings[self.people[person].id].public_id

    def entry(self, account: Account, kind: str, accepted_at: datetime | None) -> Application:
        activity_id = self.place.registration_id if kind == "registration" else self.place.selection_id
        with self.db.read() as tx:
            year = tx.get_one(Activity, activity_id).year
        return Application(candidate_id=account.id, activity_id=activity_id, year=year, kind=kind,
                           applied_at=APPLIED, accepted_at=accepted_at)  # fmt: skip

    def asked(self) -> Account:
        return self.applicant(asked_at=APPLIED + HOUR, due_at=DUE)

    def accepted(self) -> Account:
        account = self.applicant(APPLIED + HOUR, decided_at=APPLIED + HOUR, decision="accepted")
        add(self.db, self.entry(account, "selection", None))
        return account

    def booked(self) -> Account:
        account = self.accepted()
        selection.choose_sitting(self.db, account.id, self.sitting.public_id, APPLIED + 2 * HOUR)
        return account
