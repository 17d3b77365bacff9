"""Instants are written out with weekday and zone, in the language of the page; nobody has to guess."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from exam_server import pages
from exam_server.language import chosen
from tests.client import Client
from tests.factories import START, add_scene


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Jakarta", "Rabu, 4 November 2026 pukul 08.00 WIB"),
        ("Asia/Makassar", "Rabu, 4 November 2026 pukul 09.00 WITA"),
        ("Asia/Jayapura", "Rabu, 4 November 2026 pukul 10.00 WIT"),
    ],
)
def test_an_instant_is_written_with_weekday_and_zone(app: Flask, zone: str, written: str) -> None:
    with app.test_request_context("/"):
        assert pages.moment(START, ZoneInfo(zone)) == written


def test_the_local_day_counts_not_the_one_of_the_server(app: Flask) -> None:
    late = datetime(2026, 11, 4, 17, 30, tzinfo=UTC)
    with app.test_request_context("/"):
        assert pages.day(late, ZoneInfo("Asia/Jakarta")) == "Kamis, 5 November 2026"


def test_the_chosen_language_is_used(app: Flask) -> None:
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        assert pages.moment(START, ZoneInfo("Asia/Jakarta")).startswith(
            "Wednesday, 4 November 2026 at 08.00 WIB"
        )
        assert pages.own_words({"id": "Pembuka", "en": "Opening"}) == "Opening"
        assert pages.own_words({"id": "Pembuka"}) == "Pembuka"
    with app.test_request_context("/"):
        assert pages.own_words({"id": "Pembuka", "en": "Opening"}) == "Pembuka"
        assert pages.own_words("apa adanya") == "apa adanya"


@pytest.mark.parametrize("cookie", [None, "", "fr", "ID", "<script>"])
def test_indonesian_is_spoken_when_nothing_else_was_chosen(cookie: str | None) -> None:
    assert chosen(cookie) == "id"


def test_a_page_says_which_language_it_speaks(client: Client) -> None:
    add_scene(client.house.db, items=0)
    assert '<html lang="id"' in client.get("/").get_data(as_text=True)
    client.post("/language", language="en")
    assert '<html lang="en"' in client.get("/").get_data(as_text=True)
