"""The story of a sitting: who was there, what happened, in whose words; from the stored facts alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.models import (
    ContactGap,
    DeviceCheck,
    OfficeDetail,
    Recruitment,
    SittingProctor,
)
from tests.factories import DAY, HOUR, MINUTE, START, add, add_official, add_other_scene, add_running
from tests.minutes.samples import (
    OVER,
    Day,
    a_day,
    add_outage,
    add_proctor,
    facts,
    fill,
    grant,
    message,
    note,
    rename,
    rows,
    take_over,
)


@pytest.fixture
def day(db: Database) -> Day:
    return a_day(db)


def test_attendance_is_counted_by_who_came_when_and_how_it_ended(day: Day) -> None:
    day.all_close()
    told = facts(day.look(), "counts")
    assert told == {
        "Kapasitas": "40 kursi", "Memilih sesi ini": "3 peserta", "Hadir": "2 peserta",
        "Terlambat (mulai lebih dari 5 menit sesudah dibuka)": "1 peserta (no. 2)",
        "Tidak hadir": "1 peserta (no. 3)", "Dikumpulkan peserta": "1 peserta",
        "Ditutup batas waktu": "0 peserta", "Ditutup petugas": "1 peserta",
    }  # fmt: skip


def test_the_attendance_list_has_everybody_by_name_with_an_empty_place_to_sign(day: Day) -> None:
    day.all_close()
    assert rows(day.look(), "attendance") == [
        ("1", "Ani Lestari", "08.00.00 WIB", "08.50.00 WIB, dikumpulkan peserta", "Hadir", ""),
        (
            "2",
            "Budi Santoso",
            "08.12.00 WIB",
            "08.55.00 WIB, ditutup petugas",
            "Hadir; terlambat 12 menit",
            "",
        ),
        ("3", "Citra Dewi", "", "", "Tidak hadir", ""),
    ]


def test_before_and_during_the_sitting_nobody_is_absent_yet(day: Day) -> None:
    now = START + 20 * MINUTE
    told = facts(day.look(now), "counts")
    assert told["Tidak hadir"] == "0 peserta"
    assert told["Belum memulai atau belum selesai"] == "3 peserta"
    assert rows(day.look(now), "attendance")[2][4] == "Belum memulai"


def test_place_and_instants_stand_in_the_zone_of_the_office_with_the_weekday(day: Day, db: Database) -> None:
    add(
        db,
        OfficeDetail(
            office_id=day.scene.office.id, address="Jalan Kartini 1", phone="0291", email="a@b.example"
        ),
    )
    minutes = day.look()
    told = facts(minutes, "place")
    assert told["Dibuka"] == "Rabu, 4 November 2026 pukul 08.00 WIB"
    assert told["Selesai"] == "Rabu, 4 November 2026 pukul 10.00 WIB"
    assert told["Nomor pengumuman"] == "B-1/2026"
    assert minutes.draft.letterhead == ("BPS Kabupaten Jepara", "Jalan Kartini 1", "0291 · a@b.example")
    assert minutes.draft.opening.startswith("Hari Rabu, 4 November 2026, di Daring: Rekrutmen Mitra 2026")


def test_time_is_told_with_to_whom_how_much_why_and_by_whom(day: Day, db: Database) -> None:
    grant(db, day.ani, 1080, day.proctor, START + 30 * MINUTE, "Genset mati")
    assert rows(day.look(), "time") == [
        ("08.30.00 WIB", "Ani Lestari (no. 1)", "18 menit", "Listrik padam: Genset mati", "Petugas Rahayu")
    ]
    assert rows(day.look(), "attendance")[0][4] == "Hadir; tambahan 18 menit"


def test_a_grant_on_another_day_names_that_day(day: Day, db: Database) -> None:
    grant(db, day.citra, 600, day.admin, START - DAY)
    ((at, *_),) = rows(day.look(), "time")
    assert at == "Selasa, 3 November 2026 pukul 08.00.00 WIB"


def test_time_for_many_is_one_line_with_their_numbers(day: Day, db: Database) -> None:
    more = [add_running(db, day.scene) for _ in range(5)]
    for run in more:
        grant(db, run, 300, day.admin, START + 20 * MINUTE)
    ((_, whom, time, _, by),) = rows(day.look(), "time")
    assert (whom, time, by) == ("5 peserta: no. 3–7", "5 menit", "Petugas admin")


def test_take_overs_and_released_devices_are_listed_in_order(day: Day, db: Database) -> None:
    take_over(db, day.ani, START + 5 * MINUTE)
    with db.write() as tx:
        exam.release(tx, day.budi.attempt_id, day.proctor, "Ponsel mati", START + 20 * MINUTE)
    assert rows(day.look(), "devices") == [
        ("08.05.00 WIB", "Ani Lestari (no. 1)", "Diambil alih perangkat lain", "Laptop kantor"),
        ("08.20.00 WIB", "Budi Santoso (no. 2)", "Dilepas petugas", "Petugas Rahayu"),
    ]


def test_an_outage_of_the_server_names_whom_it_struck_also_after_they_handed_in(
    day: Day, db: Database
) -> None:
    add_outage(db, START + 5 * MINUTE, timedelta(minutes=7))
    add_outage(db, START - DAY, timedelta(minutes=7))
    day.all_close()
    assert rows(day.look(), "outages") == [
        (
            "08.05.00 WIB",
            "08.12.00 WIB",
            "7 menit",
            "seluruh server",
            "Ani Lestari (no. 1)",
            "belum diberikan",
        )
    ]


def test_an_outage_of_one_sitting_stands_in_its_own_berita_acara_only(day: Day, db: Database) -> None:
    elsewhere = add_other_scene(db)
    add_outage(db, START + 15 * MINUTE, timedelta(seconds=90), day.scene, day.budi)
    add_outage(db, START + 15 * MINUTE, timedelta(seconds=90), elsewhere)
    ((_, _, length, scope, whom, _),) = rows(day.look(), "outages")
    assert (length, scope, whom) == ("1 menit 30 detik", "sesi ini", "Budi Santoso (no. 2)")


def test_lost_contact_is_counted(day: Day, db: Database) -> None:
    for run, seconds in ((day.ani, 40), (day.ani, 61), (day.budi, 45)):
        add(db, ContactGap(attempt_id=run.attempt_id, began_at=START + 20 * MINUTE,
                           ended_at=START + 20 * MINUTE + timedelta(seconds=seconds)))  # fmt: skip
    (part,) = [part for part in day.look().draft.parts if part.key == "outages"]
    assert part.lines[1] == ("Kontak yang hilang lebih dari 35 detik lalu kembali: 3 kali pada 2 peserta, "
                             "paling lama 1 menit 1 detik.")  # fmt: skip


def test_incidents_messages_and_closings_are_told_in_the_words_of_officials(day: Day, db: Database) -> None:
    note(db, day.scene, day.proctor, "Ayam masuk ruang", START + 25 * MINUTE)
    note(db, day.scene, day.admin, "Batuk terus", START + 21 * MINUTE, day.ani)
    message(db, day.scene, day.admin, "Tetap tenang", START + 26 * MINUTE, day.ani, day.budi)
    day.all_close()
    minutes = day.look()
    assert rows(minutes, "incidents") == [
        (
            "08.21.00 WIB",
            "Ani Lestari (no. 1)",
            "Gaduh atau gangguan di ruang",
            "Batuk terus",
            "Petugas admin",
        ),
        (
            "08.25.00 WIB",
            "seluruh sesi",
            "Gaduh atau gangguan di ruang",
            "Ayam masuk ruang",
            "Petugas Rahayu",
        ),
    ]
    assert rows(minutes, "messages") == [
        ("08.26.00 WIB", "Ani Lestari (no. 1), Budi Santoso (no. 2)", "Tetap tenang", "Petugas admin")
    ]
    assert rows(minutes, "decided") == [
        ("08.55.00 WIB", "Budi Santoso (no. 2)", "Pengerjaan ditutup", "Meninggalkan ruang", "Petugas Rahayu")
    ]
    assert facts(minutes, "watch") == {
        "Pengawas yang ditugaskan": "Petugas Rahayu",
        "Petugas yang bertindak": "Petugas Rahayu, Petugas admin",
    }  # fmt: skip


def test_what_never_happened_is_said_to_be_so(day: Day) -> None:
    said = {part.key: part.lines for part in day.look().draft.parts}
    assert said["incidents"] == said["time"] == said["messages"] == ("Tidak ada.",)
    assert said["outages"] == ("Tidak ada gangguan server selama sesi ini.",)


def test_device_checks_until_the_end_are_counted_by_their_newest(day: Day, db: Database) -> None:
    for at, outcome in ((START - DAY, "bad"), (START - HOUR, "good"), (START + DAY, "weak")):
        add(db, DeviceCheck(account_id=day.ani.candidate_id, at=at, device="x", outcome=outcome, facts={}))
    told = facts(day.look(), "checks")
    assert told == {"Baik": "1 peserta", "Lemah": "0 peserta", "Bermasalah": "0 peserta",
                    "Tidak memeriksa": "2 peserta"}  # fmt: skip


def test_who_signs_are_the_assigned_and_the_signatories_of_the_recruitment(day: Day, db: Database) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).values(
            signatories=[{"title": {"id": "Kepala", "en": "Head"}, "name": "Dra. Wening"}]
        ))  # fmt: skip
    assert day.look().draft.signatures == (("Pengawas", "Petugas Rahayu"), ("Kepala", "Dra. Wening"))


def test_without_anybody_assigned_those_who_acted_sign(day: Day, db: Database) -> None:
    with db.write() as tx:
        tx.execute(sa.delete(SittingProctor))
    assert day.look().draft.signatures == (("Pengawas", ""),)
    note(db, day.scene, day.admin, "Gaduh", START)
    assert day.look().draft.signatures == (("Pengawas", "Petugas admin"),)


def test_names_that_could_do_harm_are_text(day: Day, db: Database) -> None:
    rename(db, day.ani.candidate_id, "=HYPERLINK(1)\x00"[:-1] + "\u202e\n<b>Ani</b>")
    assert rows(day.look(), "attendance")[0][1] == "=HYPERLINK(1) <b>Ani</b>"


def test_nothing_of_another_sitting_is_told(day: Day, db: Database) -> None:
    elsewhere = add_other_scene(db)
    stranger = add_running(db, elsewhere)
    official = add_proctor(db, elsewhere, "Petugas Magetan")
    note(db, elsewhere, official.id, "Bukan di sini", START + MINUTE)
    grant(db, stranger, 60, official.id, START + MINUTE)
    message(db, elsewhere, official.id, "Bukan untuk Jepara", START + MINUTE, stranger)
    content = day.look().content
    assert [word for word in ("Bukan", "Magetan") if word in content] == []
    assert "Ani Lestari" in content


def test_the_same_facts_are_the_same_bytes_whenever_they_are_looked_at(day: Day, db: Database) -> None:
    day.all_close()
    note(db, day.scene, day.proctor, "Gaduh", START + 25 * MINUTE)
    looks = [day.look(OVER), day.look(OVER + DAY), day.look(OVER + 400 * DAY)]
    assert len({one.sha256 for one in looks}) == 1
    note(db, day.scene, day.proctor, "Gaduh lagi", START + 26 * MINUTE)
    assert day.look().sha256 != looks[0].sha256


def test_a_full_sitting_is_told_in_a_fixed_number_of_questions(day: Day, db: Database) -> None:
    fill(db, day.scene, 5)
    asked: list[str] = []

    def note_question(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note_question)
    day.look()
    few = len(asked)
    asked.clear()
    fill(db, day.scene, 20)
    asked.clear()
    day.look()
    sa.event.remove(db.engine, "before_cursor_execute", note_question)
    assert len(asked) == few
    assert len(rows(day.look(), "attendance")) == 28


def test_an_admin_need_not_be_named_to_be_there(day: Day, db: Database) -> None:
    add_official(db, "proctor", day.scene.office)
    assert facts(day.look(), "watch")["Petugas yang bertindak"] == "Tidak ada."
