"""The status page on both real calendars: at every cut, a microsecond before, at, and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask

from exam_server.db import Database
from tests.calendars import APPLIED, CALENDARS, DUE, LAST_ENTRY, SITS, Town, around, on
from tests.client import Client
from tests.conftest import SetClock

WAITING, ASKED, LATE = "Menunggu", "Perlu perbaikan", "Batas perbaikan lewat"
CHOOSE, LAPSED = "Perlu memilih sesi", "Gugur (tidak memilih sesi)"
BOOKED, READY, GONE = "Sesi sudah dipilih", "Siap dimulai", "Dianggap mengundurkan diri"


@dataclass(frozen=True)
class Way:
    """One person: from each instant on, the word of the panel and a sentence beside it."""

    person: str
    cuts: tuple[tuple[datetime, str, str], ...]


SCREENED_UNTIL = "tahap ini berlangsung sampai {}"
STILL_OPEN = "seleksi administrasi berakhir {}"
EVERYWHERE = (
    Way("asked", ((APPLIED, ASKED, "28 November 2023 pukul 10.00 WIB"),
                  (DUE, LATE, "tidak dapat dikirim lagi"))),
    Way("booked", ((APPLIED, BOOKED, "5 Desember 2023 pukul 08.00 WIB"),
                   (SITS, READY, "5 Desember 2023 pukul 09.00 WIB"),
                   (LAST_ENTRY, GONE, "mengundurkan diri"))),
)  # fmt: skip
WAYS: dict[str, tuple[Way, ...]] = {
    # screening, test and final end together, a week after registration
    "jepara": (
        Way("waiting", ((APPLIED, WAITING, SCREENED_UNTIL.format("Jumat, 8 Desember 2023")),
                        (on(12, 9), WAITING, STILL_OPEN.format("Jumat, 8 Desember 2023")))),
        Way("accepted", ((APPLIED, CHOOSE, "Sabtu, 9 Desember 2023 pukul 00.00 WIB"),
                         (on(12, 9), LAPSED, "Menurut ketentuan, Anda gugur"))),
        *EVERYWHERE,
    ),
    # screening ends with registration, and the choice with the last entry of the last sitting
    "magetan": (
        Way("waiting", ((APPLIED, WAITING, SCREENED_UNTIL.format("Kamis, 30 November 2023")),
                        (on(12, 1), WAITING, STILL_OPEN.format("Kamis, 30 November 2023")))),
        Way("accepted", ((APPLIED, CHOOSE, "Selasa, 5 Desember 2023 pukul 09.00 WIB"),
                         (LAST_ENTRY, LAPSED, "Menurut ketentuan, Anda gugur"))),
        *EVERYWHERE,
    ),
}  # fmt: skip
CUTS = sorted({on(11, 2), DUE, on(12, 1), SITS, LAST_ENTRY, on(12, 9), on(12, 15), on(12, 16)})
PROBES = [now for cut in CUTS for now in around(cut)]


@pytest.mark.parametrize("slug", sorted(WAYS))
def test_the_panel_says_on_each_side_of_each_cut_what_holds_then(
    app: Flask, db: Database, clock: SetClock, slug: str
) -> None:
    town = Town(db, CALENDARS[slug])
    for way in WAYS[slug]:
        for now in PROBES:
            clock.at = now
            page = Client(app).sign_in(town.people[way.person].id).get("/status").text
            panel = page.split('id="next"')[1].split("</div>")[0]
            _, word, sentence = max(cut for cut in way.cuts if cut[0] <= now)
            assert (f"</svg>{word}</span>" in panel, sentence in panel) == (True, True), (way, now)


def test_whom_the_clock_left_behind_is_offered_no_step_and_reads_why(
    app: Flask, db: Database, clock: SetClock
) -> None:
    town = Town(db, CALENDARS["jepara"])
    clock.at = on(12, 9)
    page = Client(app).sign_in(town.people["accepted"].id).get("/status").text
    assert 'href="/choose"' not in page.split("<main")[1]
    assert "Diterima (seleksi administrasi)" in page
    assert "Diterima (seleksi akhir)" not in page
