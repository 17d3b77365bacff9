"""The list of public holidays: fixed days are right in both years, and the table has the last word."""

from __future__ import annotations

from datetime import date

import pytest

from exam_server.db import Database
from exam_server.models import Holiday
from exam_server.sittings import holidays
from tests.factories import add


@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize(
    ("month", "day", "name"),
    [
        (1, 1, "Tahun Baru Masehi"),
        (5, 1, "Hari Buruh Internasional"),
        (6, 1, "Hari Lahir Pancasila"),
        (8, 17, "Proklamasi Kemerdekaan"),
        (12, 25, "Kelahiran Yesus Kristus (Natal)"),
    ],
)
def test_days_of_the_calendar_are_the_same_every_year(year: int, month: int, day: int, name: str) -> None:
    assert holidays.known()[date(year, month, day)]["id"] == name


def test_each_year_has_the_17_days_of_the_joint_decision() -> None:
    days = list(holidays.known())
    assert [sum(one.year == year for one in days) for year in (2026, 2027)] == [17, 17]


def test_what_is_reckoned_ahead_says_so() -> None:
    assert holidays.known()[date(2027, 3, 10)] == {
        "id": "Idul Fitri (perkiraan)",
        "en": "Eid al-Fitr (expected)",
    }


def test_the_table_adds_days_and_corrects_them(db: Database) -> None:
    add(db, Holiday(day=date(2026, 12, 26), name={"id": "Libur daerah"}))
    add(db, Holiday(day=date(2026, 12, 25), name={"id": "Natal"}))
    with db.read() as tx:
        found = holidays.between(tx, date(2026, 12, 25), date(2026, 12, 31))
    assert found == {date(2026, 12, 25): {"id": "Natal"}, date(2026, 12, 26): {"id": "Libur daerah"}}


def test_days_outside_are_not_told(db: Database) -> None:
    with db.read() as tx:
        assert holidays.between(tx, date(2026, 11, 1), date(2026, 11, 30)) == {}
