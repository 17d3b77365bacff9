"""A series over the pages: shown with its warnings, made all or nothing, refused at the wrong field."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import AuditEntry, Holiday, Phase, Sitting, SittingProctor
from exam_server.sittings import grounds, series
from exam_server.sittings.refusals import StalePreview
from exam_server.sittings.rules import Series, Slot
from tests.client import Client
from tests.factories import START, Scene, add, add_official, add_other_scene, add_scene, add_sitting

HOURS = (("07:00", "09:00"), ("09:00", "11:00"), ("11:00", "13:00"), ("13:00", "15:00"), ("15:00", "17:00"))
WEEK: dict[str, Any] = {
    "first": "2026-11-05", "last": "2026-11-11", "weekday": list("0123456"),
    "slot_starts": [one[0] for one in HOURS], "slot_ends": [one[1] for one in HOURS],
    "capacity": "40", "allowed": "60", "grace": "10", "place": "Aula BPS",
}  # fmt: skip
"""Thursday to Wednesday, the day after START."""


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def admin(app: Flask, db: Database, scene: Scene) -> Client:
    return Client(app).sign_in(add_official(db, "admin", scene.office).id)


PAGE = "/desk/jepara/2026/sittings"


def send(client: Client, **changed: Any) -> Any:
    """The series form as a browser sends it: a preview unless `act` says otherwise."""
    return client.submit(f"{PAGE}/series", **({"act": "preview"} | WEEK | changed))


def sittings(db: Database, scene: Scene) -> list[Sitting]:
    with db.read() as tx:
        wanted = sa.select(Sitting).where(
            Sitting.activity_id == scene.selection.id, Sitting.id != scene.sitting.id
        )
        return list(tx.scalars(wanted.order_by(Sitting.starts_at)))


def test_seven_days_of_five_slots_are_previewed_with_the_friday_warning(admin: Client) -> None:
    answer = send(admin)
    page = answer.text
    assert answer.status_code == 200
    assert "Pratinjau 35 sesi" in page
    assert page.count("Bertepatan dengan waktu salat Jumat") == 1
    friday = page[page.index("Jumat, 6 November 2026 pukul 11.00 WIB") :]
    assert friday.index("salat Jumat") < friday.index("</tr>")
    assert "1 sesi perlu diperhatikan" in page
    assert "Buat 35 sesi ini" in page


def test_looking_at_a_preview_makes_nothing(admin: Client, db: Database, scene: Scene) -> None:
    assert send(admin).status_code == 200
    assert sittings(db, scene) == []


def test_35_sittings_are_made_in_one_go_with_their_proctors(
    admin: Client, db: Database, scene: Scene
) -> None:
    people = [add_official(db, "proctor", scene.office) for _ in range(2)]
    answer = send(admin, act="create", seen="1", proctor=[one.public_id for one in people])
    assert answer.headers["Location"].endswith("/sittings?made=35")
    made = sittings(db, scene)
    assert [one.label for one in made] == [f"Sesi {number}" for number in range(2, 37)]
    assert made[0].starts_at == datetime(2026, 11, 5, 0, tzinfo=UTC)
    assert {(one.ends_at - one.starts_at, one.capacity, one.taken, one.allowed_seconds, one.grace_seconds,
             one.place) for one in made} == {(timedelta(hours=2), 40, 0, 3600, 10, "Aula BPS")}  # fmt: skip
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(SittingProctor)) == 70
        entry = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "sittings.created")).one()
    assert (entry.object_kind, entry.object_id, len(entry.detail["sittings"])) == (
        "activity",
        scene.selection.id,
        35,
    )
    assert "35 sesi dibuat" in admin.get(answer.headers["Location"]).text


def test_a_form_sent_twice_makes_its_sittings_once(admin: Client, db: Database, scene: Scene) -> None:
    assert send(admin, act="create", seen="1").status_code == 303
    again = send(admin, act="create", seen="1")
    assert again.status_code == 409
    assert "ada sesi lain yang dibuat" in again.text
    assert len(sittings(db, scene)) == 35


def test_two_who_make_the_same_series_at_once_make_it_once(db: Database, scene: Scene) -> None:
    slots = tuple(Slot(time(hour), time(hour + 2)) for hour in (7, 9))
    wanted = Series(date(2026, 11, 5), date(2026, 11, 6), frozenset(range(7)), slots, 40, 3600, 10, "Daring")
    ground, actor = grounds.ground_of(db, "jepara", 2026), add_official(db, "admin", scene.office).id
    together, told = threading.Barrier(2), []

    def one() -> None:
        together.wait(10)
        try:
            told.append(str(series.create(db, ground, wanted, [], 1, actor, START)))
        except StalePreview as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["4", "stale_preview"]
    assert len(sittings(db, scene)) == 4


def test_a_holiday_of_the_list_and_one_of_the_table_are_seen(
    admin: Client, db: Database, scene: Scene
) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "test").values(closes_at=START + timedelta(days=90)))
    add(
        db, Holiday(day=datetime(2026, 12, 26, tzinfo=UTC).date(), name={"id": "Libur daerah", "en": "Local"})
    )
    page = send(admin, first="2026-12-24", last="2026-12-27").text
    assert page.count("Hari libur: Kelahiran Yesus Kristus (Natal)") == 5
    assert page.count("Hari libur: Libur daerah") == 5


def test_a_room_and_a_proctor_that_are_elsewhere_are_seen(admin: Client, db: Database, scene: Scene) -> None:
    proctor = add_official(db, "proctor", scene.office)
    other = add_sitting(db, scene.selection.id, label="Sesi sore", place="Aula BPS",
                        starts_at=datetime(2026, 11, 5, 1, tzinfo=UTC),
                        ends_at=datetime(2026, 11, 5, 3, tzinfo=UTC))  # fmt: skip
    add(db, SittingProctor(sitting_id=other.id, account_id=proctor.id, assigned_at=START))
    page = send(admin, proctor=[proctor.public_id]).text
    assert page.count("Tempat yang sama dipakai Sesi sore") == 2
    assert page.count("Pengawas yang sama bertugas di Sesi sore") == 2


@pytest.mark.parametrize(
    ("changed", "field", "code", "said"),
    [
        ({"first": "besok"}, "first", "unreadable_date", "Tulis tanggalnya"),
        ({"last": "2026-11-04"}, "last", "ends_before_it_begins", "lebih awal daripada hari pertama"),
        ({"last": "2027-11-11"}, "last", "too_many_days", "paling banyak 62 hari"),
        ({"weekday": []}, "weekdays", "no_day", "Pilih paling sedikit satu hari"),
        ({"slot_starts": [""], "slot_ends": [""]}, "slots", "no_slot", "paling sedikit satu sesi"),
        ({"slot_starts": ["7"], "slot_ends": ["9"]}, "slots", "unreadable_time", "baris 1 belum lengkap"),
        ({"slot_starts": ["09:00"], "slot_ends": ["08:00"]}, "slots", "slot_ends_before_it_begins",
         "tidak sesudah jam mulainya"),
        ({"slot_starts": ["09:00"], "slot_ends": ["09:30"]}, "slots", "slot_too_short",
         "batas akhir masuknya jatuh sebelum sesi dibuka"),
        ({"slot_starts": ["09:00", "10:00"], "slot_ends": ["11:00", "12:00"]}, "slots", "slots_overlap",
         "mulai 10.00 bertumpuk"),
        ({"capacity": "0"}, "capacity", "no_seat", "paling sedikit 1 kursi"),
        ({"capacity": "empat"}, "capacity", "unreadable_number", "Tulis dengan angka saja"),
        ({"allowed": "0"}, "allowed", "no_time", "paling sedikit 1 menit"),
        ({"grace": "-1"}, "grace", "negative_grace", "tidak boleh kurang dari 0"),
        ({"place": " "}, "place", "no_place", "Tulis tempatnya"),
        ({"proctor": ["nobody"]}, "proctors", "unknown_proctor", "tidak lagi bertugas"),
        ({"first": "2026-11-01", "last": "2026-11-02"}, "first", "already_past",
         "10 sesi dari seri ini mulai"),
        ({"first": "2026-11-17", "last": "2026-11-18"}, "last", "outside_stage",
         "di luar tahap Tes Kompetensi, yaitu Rabu, 21 Oktober 2026 pukul 08.00 WIB"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    admin: Client, db: Database, scene: Scene, changed: dict[str, Any], field: str, code: str, said: str
) -> None:
    answer = send(admin, act="create", seen="1", **changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert sittings(db, scene) == []
    for name, value in (WEEK | changed).items():
        if isinstance(value, str) and value.strip():
            assert f'value="{value}"' in answer.text, name
    told = admin.post(f"{PAGE}/series", **({"act": "create", "seen": "1"} | WEEK | changed)).get_json()
    assert (told["code"], told["fields"]) == ("series_wrong", {field: code})


def test_hours_may_be_pasted_with_blanks_and_points(admin: Client) -> None:
    assert "Pratinjau 7 sesi" in send(admin, slot_starts=[" 7.00 "], slot_ends=["09.00"]).text


def test_the_form_comes_back_from_the_preview_as_it_was(admin: Client) -> None:
    page = send(admin, act="edit", place="Aula <b>").text
    assert 'value="2026-11-05"' in page
    assert "Aula &lt;b&gt;" in page


def test_a_stage_without_dates_takes_every_day(admin: Client, db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "test").values(opens_at=None, closes_at=None))
    assert "Pratinjau 10 sesi" in send(admin, first="2026-12-01", last="2026-12-02").text


@pytest.mark.parametrize("role", ["proctor", "screener"])
def test_only_admins_of_the_office_plan(app: Flask, db: Database, scene: Scene, role: str) -> None:
    elsewhere = add_other_scene(db)
    for official in (add_official(db, role, scene.office), add_official(db, "admin", elsewhere.office)):
        client = Client(app).sign_in(official.id)
        assert client.get_json(PAGE).status_code == 403
        assert client.post(f"{PAGE}/series", **(WEEK | {"act": "create", "seen": "1"})).status_code == 403
    assert sittings(db, scene) == []


def test_an_unknown_year_is_not_found(admin: Client) -> None:
    assert admin.get_json("/desk/jepara/2031/sittings").status_code == 404
