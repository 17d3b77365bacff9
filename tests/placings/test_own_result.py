"""The candidate's own page: nothing before the day, then the own result, and the answer to an offer."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server import create_app
from exam_server.models import Activity, GateCheck, Receipt
from exam_server.placings import result
from tests.client import Client
from tests.conftest import SetClock, make_settings
from tests.factories import MINUTE, Run, add, add_accepted, add_account, add_scene
from tests.placings.samples import DAY_OF_RESULT, LATER, REASON, Places, announce
from tests.ranking.stand import AFTER, build

ON_SQLITE = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
pytestmark = ON_SQLITE


@pytest.fixture
def clock() -> SetClock:
    return SetClock(LATER)


@pytest.fixture
def site(places: Places, clock: SetClock, tmp_path: Path) -> Flask:
    return create_app(make_settings(tmp_path, places.db.engine.url.render_as_string(False)), places.db, clock)


def page(site: Flask, run: Run, path: str = "/result") -> str:
    return Client(site).sign_in(run.candidate_id).get(path).text


def test_the_menu_leads_to_the_result_from_its_instant_on(
    site: Flask, places: Places, clock: SetClock
) -> None:
    link = 'href="/result"'
    clock.at = DAY_OF_RESULT - MINUTE
    assert link not in page(site, places[3].run, "/status").split("<main")[0]
    clock.at = DAY_OF_RESULT
    assert link in page(site, places[3].run, "/status").split("<main")[0]


def test_a_reason_that_nobody_wrote_is_told_in_the_readers_language(site: Flask, places: Places) -> None:
    places.withdraw(1)
    client = Client(site).sign_in(places[1].run.candidate_id)
    assert "Alasan: Atas permintaan sendiri" in client.get("/result").text
    client.set_cookie("language", "en")
    assert "At their own request" in client.get("/result").text


def main(text: str) -> str:
    return " ".join(text.split("<main")[1].split("</main>")[0].split())


def test_nothing_of_the_result_is_shown_before_its_instant(
    site: Flask, places: Places, clock: SetClock
) -> None:
    clock.at = DAY_OF_RESULT - MINUTE
    for rank in range(1, 6):
        told = main(page(site, places[rank].run))
        assert "Hasil diumumkan Kamis, 5 November 2026 pukul 11.00 WIB" in told
        for word in ("Diterima", "Cadangan", "Peringkat", "Nilai", "Kedudukan"):
            assert word not in told


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (1, ("Diterima (seleksi akhir)", "Anda lulus seleksi akhir", "4 dari 4 benar", "100 dari 100",
             "Pendidikan", "terpenuhi")),
        (3, ("Cadangan", "nomor 1", "2 dari 4 benar", "60 dari 100")),
        (5, ("Tidak diterima (seleksi akhir)", "0 dari 4 benar", "20 dari 100")),
    ],
)  # fmt: skip
def test_each_reads_the_own_place_with_all_its_components(
    site: Flask, places: Places, rank: int, words: tuple[str, ...]
) -> None:
    told = main(page(site, places[rank].run))
    assert [one for one in (*words, f"Peringkat</dt><dd>{rank}<") if one not in told] == []
    others = [one.name for one in places.stand.people if one is not places[rank]]
    assert not [name for name in others if name in told]


def test_who_stayed_away_reads_that_they_are_out(site: Flask, places: Places) -> None:
    told = main(page(site, places.stand.absent[0].run))
    assert "Gugur" in told
    assert "tidak mengikuti Tes Kompetensi" in told


def test_who_chose_no_sitting_and_who_never_entered(site: Flask, places: Places) -> None:
    idle = add_accepted(places.db, places.stand.scene)
    assert "tidak memilih sesi" in main(Client(site).sign_in(idle.id).get("/result").text)
    stranger = add_account(places.db)
    assert "belum mengikuti seleksi" in main(Client(site).sign_in(stranger.id).get("/result").text)


def test_scores_are_shown_as_the_activity_promised(site: Flask, places: Places, clock: SetClock) -> None:
    def promise(word: str) -> None:
        with places.db.write() as tx:
            tx.execute(
                sa.update(Activity).where(Activity.id == places.stand.activity_id).values(own_score=word)
            )

    promise("never")
    told = main(page(site, places[1].run))
    assert "nilai tidak ditampilkan" in told
    assert "dari 4 benar" not in told
    clock.at = DAY_OF_RESULT - MINUTE
    assert "dari 4 benar" not in main(page(site, places[1].run))
    promise("at_once")
    told = main(page(site, places[1].run))
    assert "4 dari 4 benar" in told
    assert "Peringkat" not in told


def test_an_offer_is_taken_on_the_page_and_a_replay_is_the_same_page(site: Flask, places: Places) -> None:
    places.withdraw(1)
    client = Client(site).sign_in(places[3].run.candidate_id)
    told = main(client.get("/result").text)
    assert "Jawab sebelum Senin, 9 November 2026 pukul 11.00 WIB" in told
    assert "Terima tempat pada Rekrutmen Mitra 2026-selection" in told
    for _ in range(2):
        answer = client.post("/result/take")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/result")
    assert "Diterima (seleksi akhir)" in main(client.get("/result").text)
    assert places.events() == [("withdrew", 1), ("offered", 3), ("took", 3)]


@pytest.mark.parametrize(
    ("act", "rank", "words"),
    [("decline", 3, "Tempat yang ditawarkan kepada Anda langsung ditawarkan kepada cadangan berikutnya"),
     ("withdraw", 2, "Tempat Anda langsung ditawarkan kepada cadangan berikutnya"),
     ("withdraw", 4, "Anda tidak lagi menjadi cadangan")],
)  # fmt: skip
def test_what_cannot_be_taken_back_is_told_before_it_is_done(
    site: Flask, places: Places, act: str, rank: int, words: str
) -> None:
    places.withdraw(1)
    client = Client(site).sign_in(places[rank].run.candidate_id)
    before = places.events()
    sure = main(client.get(f"/result/{act}").text)
    assert (words in sure, "tidak dapat dicabut" in sure) == (True, True)
    assert places.events() == before
    for _ in range(2):
        assert client.post(f"/result/{act}").status_code == 303
    done = {"decline": "declined", "withdraw": "withdrew"}[act]
    assert places.events().count((done, rank)) == 1
    assert client.get(f"/result/{act}").headers["Location"] == "/result"


def test_a_late_answer_is_refused_on_the_same_page(site: Flask, places: Places, clock: SetClock) -> None:
    places.withdraw(1)
    clock.pass_by(hours=72)
    answer = Client(site).sign_in(places[3].run.candidate_id).submit("/result/take")
    assert answer.status_code == 409
    assert "Batas waktu tawaran ini sudah lewat" in main(answer.text)
    assert "Tawaran lewat" in main(answer.text)


def test_who_was_ended_reads_the_reason(site: Flask, places: Places) -> None:
    places.grant(places.ask(2, "disqualified"))
    told = main(page(site, places[2].run))
    assert "Didiskualifikasi" in told
    assert f"Alasan: {REASON}" in told


def test_answers_stay_closed_unless_the_announcement_opens_them(site: Flask, places: Places) -> None:
    client = Client(site).sign_in(places[2].run.candidate_id)
    assert "/result/answers" not in client.get("/result").text
    refused = client.get_json("/result/answers")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "answers_closed")


def test_an_open_sheet_shows_own_choices_and_the_key(site: Flask, places: Places, clock: SetClock) -> None:
    announce(places.stand, own_answers=True)
    client = Client(site).sign_in(places[2].run.candidate_id)
    assert "/result/answers" in client.get("/result").text
    told = main(client.get("/result/answers").text)
    assert (told.count("pilihan Anda"), told.count(">kunci<")) == (4, 4)
    assert told.count("</svg>Benar<") == 3
    assert told.count("</svg>Belum tepat<") == 1
    clock.at = DAY_OF_RESULT - MINUTE
    assert client.get_json("/result/answers").get_json()["code"] == "result_not_announced"


def test_an_activity_that_promised_no_scores_opens_no_sheet(site: Flask, places: Places) -> None:
    announce(places.stand, own_answers=True)
    with places.db.write() as tx:
        tx.execute(sa.update(Activity).values(own_score="never"))
    refused = Client(site).sign_in(places[2].run.candidate_id).get_json("/result/answers")
    assert refused.get_json()["code"] == "answers_closed"


def test_who_is_not_eligible_reads_which_must_have_and_why(places: Places, tmp_path: Path) -> None:
    stand = build(
        places.db, add_scene(places.db, code="3399", slug="uji", name="BPS Uji"), rights=(3,), absent=0
    )
    attempt = stand.people[0].run.attempt_id
    check = GateCheck(
        attempt_id=attempt, receipt_number=receipt_number(places, attempt), requirement=1, met=False,
        note="Surat sehat palsu", author_id=stand.admin, given_at=AFTER,
    )  # fmt: skip
    add(places.db, check)
    stand.freeze()
    announce(stand)
    own = result.own(places.db, stand.people[0].run.candidate_id, LATER)
    assert own is not None
    assert own.placed is not None
    assert own.standing is not None
    assert (own.standing.where, own.placed.rank) == ("not_eligible", None)
    ((text, note),) = own.placed.failed
    assert (text["id"], note) == ("Sehat jasmani dan rohani", "Surat sehat palsu")
    settings = make_settings(tmp_path, places.db.engine.url.render_as_string(False))
    told = main(page(create_app(settings, places.db, SetClock(LATER)), stand.people[0].run))
    assert "Tidak memenuhi syarat" in told
    assert "Sehat jasmani dan rohani" in told
    assert "Keterangan kantor: Surat sehat palsu" in told


def receipt_number(places: Places, attempt_id: int) -> int:
    with places.db.read() as tx:
        return tx.scalars(sa.select(Receipt.number).where(Receipt.attempt_id == attempt_id)).one()
