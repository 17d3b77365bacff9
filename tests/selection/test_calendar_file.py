"""The calendar file: parsed back by the rules of RFC 5545 it says what went in, whatever people typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.selection.calendar_file import LINE, Event, text, write
from tests.factories import HOUR, START

EVENT = Event(
    uid="abc-123@ujian.example", sequence=0, starts_at=START, ends_at=START + 2 * HOUR,
    summary="Tes Kompetensi BPS Kabupaten Jepara, Sesi 1", place="Daring",
    description="Dibuka: Rabu, 4 November 2026 pukul 08.00 WIB\nMasuk paling lambat: sebelum 09.00 WIB",
    url="https://ujian.example/booking",
)  # fmt: skip
TYPED = st.text(st.characters(blacklist_categories=("Cs",)), max_size=300)


def lines(file: bytes) -> list[str]:
    """The content lines, unfolded."""
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    return file.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def parsed(file: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Properties of the event, and of each of its alarms."""
    event: dict[str, str] = {}
    alarms: list[dict[str, str]] = []
    inside: list[str] = []
    for line in lines(file):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VALARM":
                alarms.append({})
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1] != "VCALENDAR":
            (alarms[-1] if inside[-1] == "VALARM" else event)[name] = value
    assert inside == []
    return event, alarms


def unescaped(value: str) -> str:
    out, rest = "", iter(value)
    for letter in rest:
        if letter == "\\":
            following = next(rest)
            out += "\n" if following in "nN" else following
        else:
            assert letter not in ",;"
            out += letter
    return out


def test_the_file_says_what_went_in() -> None:
    event, alarms = parsed(write(EVENT, START - 24 * HOUR))
    assert event["UID"] == EVENT.uid
    assert (event["DTSTART"], event["DTEND"]) == ("20261104T010000Z", "20261104T030000Z")
    assert event["DTSTAMP"] == "20261103T010000Z"
    assert event["SEQUENCE"] == "0"
    assert unescaped(event["SUMMARY"]) == EVENT.summary
    assert unescaped(event["DESCRIPTION"]) == EVENT.description
    assert unescaped(event["LOCATION"]) == EVENT.place
    assert event["URL"] == EVENT.url
    assert "ORGANIZER" not in event
    assert [alarm["TRIGGER"] for alarm in alarms] == ["-P1D", "-PT1H"]
    assert {alarm["ACTION"] for alarm in alarms} == {"DISPLAY"}


def test_the_file_opens_and_closes_as_the_standard_wants() -> None:
    found = lines(write(EVENT, START))
    assert found[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert found[-2:] == ["END:VEVENT", "END:VCALENDAR"]
    assert [line for line in found if line.startswith("METHOD")] == []


def test_instants_are_told_in_utc_whatever_their_zone() -> None:
    jayapura = timezone(timedelta(hours=9))
    event, _ = parsed(write(replace(EVENT, starts_at=datetime(2026, 11, 4, 10, tzinfo=jayapura)), START))
    assert event["DTSTART"] == datetime(2026, 11, 4, 1, tzinfo=UTC).strftime("%Y%m%dT%H%M%SZ")


@given(summary=TYPED, place=TYPED, description=TYPED)
def test_no_text_breaks_a_line_or_grows_beyond_75_octets(summary: str, place: str, description: str) -> None:
    file = write(replace(EVENT, summary=summary, place=place, description=description), START)
    assert max(len(line) for line in file.split(b"\r\n")) <= LINE
    for line in file.split(b"\r\n"):
        line.decode()  # no letter is cut in two
    event, alarms = parsed(file)
    assert set(event) == {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION",
                          "DESCRIPTION", "URL", "STATUS"}  # fmt: skip
    assert event["LOCATION"] == text(place)
    assert len(alarms) == 2


@pytest.mark.parametrize("typed", ["a\r\nATTENDEE:x", "a\rb", "\\n", ";,\\", "x" * 400, "é" * 200, "\u2028"])
def test_what_people_type_stays_inside_its_value(typed: str) -> None:
    event, _ = parsed(write(replace(EVENT, place=typed), START))
    wanted = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "")
    assert unescaped(event["LOCATION"]) == wanted
