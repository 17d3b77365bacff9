"""Who finds what in the trail: filters, pages, the reach of an office, and the table that leaves."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server import audit
from exam_server.db import Database
from exam_server.models import Account, AuditEntry
from exam_server.trail import rules, service
from exam_server.trail.rules import Wanted
from exam_server.trail.service import Reader
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    START,
    Scene,
    add_account,
    add_applicant,
    add_booked,
    add_official,
    add_other_scene,
    add_scene,
)

WIB = ZoneInfo("Asia/Jakarta")
TICK = timedelta(microseconds=1)


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


def write(db: Database, count: int = 1, at: datetime = START, **said: Any) -> None:
    values = {"act": "profile.saved", "object_kind": "account", "object_id": 1} | said
    with db.write() as tx:
        for _ in range(count):
            audit.record(tx, now=at, **values)


def everything() -> Reader:
    return Reader(0, None, WIB)


def of(*scenes: Scene) -> Reader:
    return Reader(0, tuple(one.office.id for one in scenes), WIB)


def found(db: Database, reader: Reader, **sought: Any) -> list[tuple[str, int]]:
    """(kind, id) of the objects of the rows, oldest first."""
    rows = service.page(db, reader, Wanted(**sought), None).rows
    return [(row.object_kind, row.object_id) for row in reversed(rows) if row.act != "bank.imported"]


def test_pages_follow_each_other_without_gap_or_repetition(db: Database) -> None:
    write(db, 2 * rules.PAGE + 7)
    seen: list[int] = []
    before, sizes = None, []
    while True:
        page = service.page(db, everything(), Wanted(), before)
        seen += [row.id for row in page.rows]
        sizes.append(len(page.rows))
        write(db)  # what is written meanwhile moves nothing
        if page.older is None:
            break
        before = page.older
    assert sizes == [rules.PAGE, rules.PAGE, 7]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 2 * rules.PAGE + 7


def test_the_last_full_page_has_no_page_after_it(db: Database) -> None:
    write(db, rules.PAGE)
    assert service.page(db, everything(), Wanted(), None).older is None


def test_a_person_is_found_as_actor_and_as_the_one_it_is_about(db: Database, scene: Scene) -> None:
    ayu = add_account(db, name="Ayu Kartika", email="ayu@surel.example")
    budi = add_account(db, name="Budi", email="budi@surel.example")
    run = add_booked(db, scene)
    write(db, actor_id=ayu.id, object_kind="activity", object_id=7)
    write(db, object_id=ayu.id)
    write(db, object_id=budi.id)
    for part in ("ayu kart", "AYU@surel", "Kartika"):
        assert found(db, everything(), person=part) == [("activity", 7), ("account", ayu.id)]
    with db.read() as tx:
        name = tx.get_one(Account, run.candidate_id).name
    assert ("booking", 1) in found(db, everything(), person=name)


@pytest.mark.parametrize("typed", ["%", "_", "\\", "a%u", "' OR 1=1 --"])
def test_what_is_typed_means_itself(db: Database, typed: str) -> None:
    write(db, object_id=add_account(db, name="Ayu").id)
    assert found(db, everything(), person=typed) == []


def test_objects_are_found_by_number_and_by_their_name_for_the_outside(db: Database, scene: Scene) -> None:
    ayu = add_account(db)
    write(db, object_id=ayu.id)
    write(db, object_kind="activity", object_id=scene.selection.id)
    account, activity = ("account", ayu.id), ("activity", scene.selection.id)
    assert found(db, everything(), kind="account", object=str(ayu.id)) == [account]
    assert found(db, everything(), object=ayu.public_id) == [account]
    assert found(db, everything(), object=scene.selection.public_id) == [activity]
    assert found(db, everything(), kind="account", object=scene.selection.public_id) == []
    assert found(db, everything(), kind="activity") == [activity]


@pytest.mark.parametrize("typed", ["99999999999999999999999", "9223372036854775808", "²", "-1", "x" * 500])
def test_an_object_that_cannot_be_is_not_found(db: Database, typed: str) -> None:
    write(db)
    assert found(db, everything(), object=typed) == []


def test_an_act_is_found_by_its_name(db: Database) -> None:
    write(db, act="booking.chosen", object_id=1)
    write(db, act="attempt.started", object_id=2)
    assert found(db, everything(), act="attempt.started") == [("account", 2)]


def test_days_are_whole_days_of_the_readers_zone(db: Database) -> None:
    midnight = datetime(2026, 11, 4, tzinfo=WIB)
    for number, at in enumerate((midnight - TICK, midnight, midnight + DAY - TICK, midnight + DAY), 1):
        write(db, at=at, object_id=number)
    day = date(2026, 11, 4)
    assert found(db, everything(), first=day, last=day) == [("account", 2), ("account", 3)]
    assert found(db, everything(), first=day) == [("account", n) for n in (2, 3, 4)]
    assert found(db, everything(), last=day) == [("account", n) for n in (1, 2, 3)]


def test_an_admin_finds_rows_of_the_own_office_only(db: Database, scene: Scene) -> None:
    other = add_other_scene(db)
    write(db, office_id=scene.office.id, object_kind="activity", object_id=1)
    write(db, office_id=other.office.id, object_kind="activity", object_id=2)
    write(db, object_kind="activity", object_id=3)
    assert found(db, of(scene)) == [("activity", 1)]
    assert found(db, of(other)) == [("activity", 2)]
    assert found(db, of(scene, other)) == [("activity", 1), ("activity", 2)]
    assert found(db, everything()) == [("activity", 1), ("activity", 2), ("activity", 3)]


def test_rows_without_an_office_belong_to_the_offices_of_the_person(db: Database, scene: Scene) -> None:
    other = add_other_scene(db)
    here, there = add_applicant(db, scene).id, add_applicant(db, other).id
    official, nobody = add_official(db, "proctor", scene.office).id, add_account(db).id
    for account_id in (here, there, official, nobody):
        write(db, object_id=account_id)
    assert found(db, of(scene)) == [("account", here), ("account", official)]
    assert found(db, of(other)) == [("account", there)]


def test_rows_about_a_persons_things_are_rows_about_the_person(db: Database, scene: Scene) -> None:
    other = add_other_scene(db)
    run = add_booked(db, scene)
    write(db, object_kind="attempt", object_id=run.attempt_id, act="attempt.closed")
    assert ("attempt", run.attempt_id) in found(db, of(scene))
    assert found(db, of(other)) == []


def test_a_refused_try_is_seen_by_the_office_of_the_one_who_tried_without_the_name(
    db: Database, scene: Scene
) -> None:
    other = add_other_scene(db)
    curious = add_official(db, "admin", scene.office)
    theirs = add_applicant(db, other, name="Orang Magetan")
    write(db, act="access.refused", actor_id=curious.id, object_id=theirs.id)
    [row] = service.page(db, of(scene), Wanted(), None).rows
    assert (row.actor, row.person, row.person_id) == (curious.name, None, None)
    [row] = service.page(db, of(other), Wanted(act="access.refused"), None).rows
    assert (row.actor, row.person, row.person_id) == (curious.name, "Orang Magetan", theirs.public_id)


def test_a_file_is_linked_for_own_candidates_only(db: Database, scene: Scene) -> None:
    candidate, official = add_applicant(db, scene), add_official(db, "proctor", scene.office)
    for account_id in (candidate.id, official.id):
        write(db, object_id=account_id, office_id=scene.office.id)
    rows = service.page(db, of(scene), Wanted(), None).rows
    assert [row.person_id for row in rows] == [None, candidate.public_id]
    assert [row.person for row in rows] == [official.name, candidate.name]


def test_a_page_takes_as_many_statements_for_a_hundred_rows_as_for_one(db: Database, scene: Scene) -> None:
    sent: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    counts = []
    for many in (1, 100):
        for _ in range(many):
            run = add_applicant(db, scene)
            write(db, object_id=run.id)
        sent.clear()
        service.page(db, of(scene), Wanted(), None)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 5


# the pages


@pytest.fixture
def admin(app: Flask, db: Database, scene: Scene) -> Client:
    return Client(app).sign_in(add_official(db, "admin", scene.office).id)


@pytest.mark.parametrize("role", ["proctor", "screener"])
@pytest.mark.parametrize("path", ["/audit", "/audit/export.csv"])
def test_only_admins_read_the_trail(app: Flask, db: Database, scene: Scene, role: str, path: str) -> None:
    client = Client(app).sign_in(add_official(db, role, scene.office).id)
    assert client.get(path).status_code == 403
    assert "/audit" not in client.get("/board").text


def test_the_page_tells_rows_in_words_and_is_in_the_menu(admin: Client, db: Database, scene: Scene) -> None:
    ayu = add_applicant(db, scene, name="Ayu <b>Kartika")
    write(db, act="role.granted", object_id=ayu.id, detail={"role": "proctor"}, office_id=scene.office.id)
    page = admin.get("/audit").text
    assert "Sistem memberi peran pengawas kepada Ayu &lt;b&gt;Kartika, BPS Kabupaten Jepara" in page
    assert f'href="/people/{ayu.public_id}"' in page
    assert 'href="/audit" aria-current="page"' in page
    assert "Rabu, 4 November 2026" in page


def test_filters_stay_typed_and_travel_to_further_pages(admin: Client, db: Database, scene: Scene) -> None:
    write(db, rules.PAGE + 1, office_id=scene.office.id, act="booking.chosen")
    page = admin.get("/audit?act=booking.chosen&person=&from=2026-11-01").text
    assert "<option selected>booking.chosen</option>" in page
    assert 'value="2026-11-01"' in page
    assert "before=2&amp;from=2026-11-01&amp;act=booking.chosen" in page or "act=booking.chosen" in page
    older = admin.get("/audit?act=booking.chosen&before=2").text
    assert older.count('class="trail-at"') == 1
    assert "Terbaru" in older


def test_a_date_that_cannot_be_read_says_so_beside_its_field(admin: Client) -> None:
    answer = admin.get("/audit?from=kemarin&person=ayu")
    assert answer.status_code == 422
    assert 'aria-describedby="from-problem"' in answer.text
    assert 'value="ayu"' in answer.text
    assert 'value="kemarin"' in answer.text
    assert admin.get("/audit/export.csv?from=kemarin").status_code == 400


def test_an_empty_page_says_why(admin: Client) -> None:
    assert "Tidak ada baris pada pilihan ini." in admin.get("/audit?person=tidak-ada").text


# the table that leaves


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/audit/export.csv{query}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_table_holds_what_the_page_holds(admin: Client, db: Database, scene: Scene) -> None:
    other = add_other_scene(db)
    write(db, office_id=scene.office.id, act="notice.published", detail={"text": {"id": "Jadwal, baru\n"}})
    write(db, office_id=other.office.id)
    [row] = exported(admin)
    assert row["Tindakan"] == "notice.published"
    assert row["Waktu (UTC)"] == "2026-11-04T01:00:00.000+00:00"
    assert row["Kantor"] == "BPS Kabupaten Jepara"
    assert row["Rincian"] == '{"text": {"id": "Jadwal, baru\\n"}}'
    assert "Jadwal, baru\n" in row["Uraian"]


def test_the_table_takes_the_same_filters(admin: Client, db: Database, scene: Scene) -> None:
    write(db, office_id=scene.office.id, object_id=1)
    write(db, office_id=scene.office.id, object_id=2, act="booking.chosen")
    assert [row["Nomor objek"] for row in exported(admin, "?act=booking.chosen")] == ["2"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nobodys_name_calculates_in_a_spreadsheet(
    admin: Client, db: Database, scene: Scene, start: str
) -> None:
    name = f'{start}HYPERLINK("https://jahat.example")'
    write(db, office_id=scene.office.id, object_id=add_applicant(db, scene, name=name).id)
    [row] = exported(admin)
    assert row["Tentang"] == f"'{name}"
    assert [cell for cell in row.values() if cell.startswith(rules.DANGEROUS)] == []


def test_taking_the_trail_away_stands_in_the_trail(admin: Client, db: Database, scene: Scene) -> None:
    exported(admin, "?person=ayu%40surel.example&act=booking.chosen")
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "trail.exported")).one()
    assert (row.office_id, row.object_kind) == (scene.office.id, "trail")
    assert row.detail == {"filters": ["person", "act"]}, "whose name was looked for is nobody's business"


def test_a_long_trail_leaves_little_by_little(
    db: Database, scene: Scene, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "EXPORTED", 10)
    write(db, 35)
    chief = Reader(add_official(db, "superadmin", None).id, None, WIB)
    rows = service.exported(db, chief, Wanted(), START)
    write(db, 5)  # what comes later is not in it
    assert [row.id for row in rows] == list(range(35, 0, -1))


def test_the_table_of_the_superadmin_is_kept_once(app: Flask, db: Database, scene: Scene) -> None:
    client = Client(app).sign_in(add_official(db, "superadmin", None).id)
    write(db, 3)
    assert len(exported(client)) == 3
    with db.read() as tx:
        rows = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "trail.exported")).all()
    assert [row.office_id for row in rows] == [None]
