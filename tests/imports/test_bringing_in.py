"""A draft becomes a batch: all of it or nothing, once, as it was shown, and it can be taken back."""

from __future__ import annotations

import re
import threading
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.imports import importing, service
from exam_server.imports.refusals import DraftChanged, ImportOver, ImportRunning
from exam_server.imports.service import Draft
from exam_server.models import AuditEntry, BankItem, ImportBatch, ImportDraft, ItemRevision
from tests.conftest import SetClock
from tests.factories import START, add_official
from tests.imports.samples import BROKEN, GOOD, Admin, csv, sent, workbook
from tests.together import AT_ONCE, outcomes


def direct(act: Any, *args: Any) -> Any:
    return act(*args)


def public_id(address: str) -> str:
    return address.rpartition("/")[2]


def draft_of(db: Database, address: str) -> Draft:
    with db.read() as tx:
        return service.drafts(tx, None, START, public_id(address))[0]


def count(db: Database, table: Any) -> int:
    with db.read() as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_every_item_comes_as_a_draft_with_its_labels(admin: Admin, db: Database) -> None:
    before = count(db, BankItem)
    address = admin.upload(workbook(GOOD))
    admin.choose(address, act="label", scope="empty", topic="wawancara", difficulty="hard")
    answer = admin.bring_in(address)
    assert answer.get_json() == {"ok": True, "page": address}
    with db.read() as tx:
        came = tx.scalars(sa.select(BankItem).order_by(BankItem.id)).all()[before:]
    assert [(one.topic, one.difficulty, one.state) for one in came] == [
        ("umum", "easy", "draft"), ("hitung", "easy", "draft"), ("wawancara", "hard", "draft"),
    ]  # fmt: skip
    assert count(db, ImportDraft) == 0
    html = admin.page(address)
    assert "Batalkan impor soal.xlsx (3 soal)" in html
    assert html.count("Draf</span>") == 3


def test_what_is_left_out_stays_out(admin: Admin, db: Database) -> None:
    before = count(db, BankItem)
    address = admin.upload(workbook(GOOD, picture_at="B2"))
    first = re.findall(r'name="item" value="([0-9a-f-]+)"', admin.page(address))[0]
    admin.choose(address, act="leave_out", item=first)
    admin.bring_in(address)
    assert count(db, BankItem) - before == 2
    assert db_pictures(db) == 0


def db_pictures(db: Database) -> int:
    with db.read() as tx:
        return tx.scalar(sa.text("SELECT count(*) FROM picture")) or 0


def test_a_file_with_a_mistake_is_not_imported_in_part(admin: Admin, db: Database) -> None:
    before = count(db, BankItem)
    address = admin.upload(workbook(BROKEN))
    answer = admin.bring_in(address, draft_of(db, address).seen)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "import_has_errors")
    assert count(db, BankItem) == before


def test_nothing_is_imported_when_everything_is_left_out(admin: Admin, db: Database) -> None:
    address = admin.upload(csv(GOOD[0]), "soal.csv")
    (only,) = re.findall(r'name="item" value="([0-9a-f-]+)"', admin.page(address))
    admin.choose(address, act="leave_out", item=only)
    answer = admin.bring_in(address, draft_of(db, address).seen)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "nothing_to_import")


def test_what_another_official_changed_meanwhile_is_looked_at_first(admin: Admin, db: Database) -> None:
    address = admin.upload(workbook(GOOD))
    seen = admin.seen(address)
    admin.choose(address, act="label", scope="all", topic="lain", difficulty="")
    answer = admin.bring_in(address, seen)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "draft_changed")
    shown = admin.client.submit(f"{address}/import", seen=seen)
    assert shown.status_code == 409
    assert "tekan sekali lagi" in shown.get_data(as_text=True)
    assert admin.bring_in(address).get_json()["ok"]


def test_a_failure_at_the_very_end_leaves_the_draft_and_an_empty_bank(
    admin: Admin, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = count(db, BankItem)
    address = admin.upload(workbook(GOOD))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("exam_server.bank.batches.add", fail)
        with pytest.raises(RuntimeError):
            bring_in(db, draft_of(db, address))
    assert (count(db, BankItem), count(db, ImportDraft)) == (before, 1)
    assert admin.bring_in(address).get_json()["ok"], "it can be tried again at once"


def bring_in(db: Database, draft: Draft, actor_id: int = 1) -> bank.Imported:
    return importing.import_draft(db, draft, draft.seen, actor_id, START, direct)


def test_two_admins_who_press_at_once_import_it_once(admin: Admin, db: Database) -> None:
    before = count(db, BankItem)
    address = admin.upload(workbook(GOOD))
    draft = draft_of(db, address)
    actors = [add_official(db, "admin", admin.scene.office).id for _ in range(2)]

    def press(database: Database, together: threading.Barrier) -> None:
        together.wait(20)
        importing.import_draft(database, draft, draft.seen, actors[0], START, direct)

    told = outcomes(db, press)
    assert told["ok"] == 1
    assert set(told) <= {"ok", ImportRunning.__name__, ImportOver.__name__}
    assert (count(db, BankItem) - before, count(db, ImportBatch), count(db, ImportDraft)) == (3, 1, 0)


def test_control_without_the_draft_that_goes_with_it_everybody_imports(admin: Admin, db: Database) -> None:
    """Each looks whether it is a draft still, and then acts."""
    address = admin.upload(workbook(GOOD))
    draft = draft_of(db, address)
    told: Counter[str] = Counter()
    report = service.report_of(db, draft)
    ready = importing.prepare(importing.wanted(report, draft), report.pictures)

    def press(database: Database, together: threading.Barrier) -> None:
        with database.read() as tx:
            waits = tx.get(ImportDraft, draft.id) is not None
        together.wait(20)
        if waits:
            with database.write() as tx:
                bank.bring_in(tx, draft.office_id, ready, {}, START, admin.account.id,
                              bank.Source("soal.xlsx", "xlsx", "0"), reviewed=False)  # fmt: skip

    told += outcomes(db, press)
    assert told == {"ok": AT_ONCE}
    assert count(db, ImportBatch) == AT_ONCE, "the control must lose"


def test_whoever_comes_second_sees_what_came_of_it(admin: Admin, db: Database) -> None:
    address = admin.upload(workbook(GOOD))
    seen = admin.seen(address)
    admin.bring_in(address, seen)
    revisions = count(db, ItemRevision)
    assert admin.bring_in(address, seen).get_json() == {"ok": True, "page": address}
    assert count(db, ItemRevision) == revisions
    assert admin.client.post(f"{address}/choices", act="dance").get_json()["code"] == "import_over"
    assert admin.client.post(f"{address}/file", **sent(b"x")).get_json()["code"] == "import_over"
    assert admin.client.post(f"{address}/discard").get_json()["code"] == "import_over"


def test_while_it_is_imported_nobody_changes_it_and_everybody_sees_how_far_it_is(
    admin: Admin, db: Database
) -> None:
    address = admin.upload(workbook(GOOD))
    draft = draft_of(db, address)
    assert admin.client.get_json(f"{address}/progress").get_json()["state"] == "open"
    told: list[Any] = []

    def look(act: Any, *args: Any) -> Any:
        told.append(admin.client.get_json(f"{address}/progress").get_json())
        told.append(admin.choose(address, act="label", scope="all", topic="x").get_json()["code"])
        told.append(admin.bring_in(address, draft.seen).get_json()["code"])
        return act(*args)

    importing.import_draft(db, draft, draft.seen, admin.account.id, START, look)
    assert told[0] == {"ok": True, "state": "importing", "done": 0, "total": 3}
    assert told[1:] == ["import_running", "import_running"]
    done = admin.client.get_json(f"{address}/progress").get_json()
    assert done == {"ok": True, "state": "done", "page": address}


def test_an_import_whose_server_died_can_be_begun_again(admin: Admin, db: Database, clock: SetClock) -> None:
    address = admin.upload(workbook(GOOD))
    draft = draft_of(db, address)
    importing._begin(db, draft, 3, START)
    assert admin.bring_in(address, draft.seen).get_json()["code"] == "import_running"
    clock.at += service.PATIENCE
    assert admin.bring_in(address, draft.seen).get_json()["code"] == "import_running"
    clock.pass_by(seconds=1)
    assert admin.bring_in(address, draft.seen).get_json()["ok"]


def test_a_file_that_was_replaced_meanwhile_is_not_the_one_that_is_imported(
    admin: Admin, db: Database
) -> None:
    address = admin.upload(workbook(GOOD))
    draft = draft_of(db, address)
    admin.client.post(f"{address}/file", **sent(workbook(GOOD[:2])))
    with pytest.raises(DraftChanged):
        bring_in(db, draft, admin.account.id)
    assert count(db, ImportBatch) == 0


def test_a_thousand_items_come_in_one_go_with_their_progress(admin: Admin, db: Database) -> None:
    rows = [(f"Soal besar {number}", "a", "b", "c", "d", "A", "", "") for number in range(1000)]
    address = admin.upload(csv(*rows), "besar.csv")
    steps: list[int] = []

    def notice(act: Any, *args: Any) -> Any:
        steps.append(admin.client.get_json(f"{address}/progress").get_json()["done"])
        return act(*args)

    draft = draft_of(db, address)
    done = importing.import_draft(db, draft, draft.seen, admin.account.id, START, notice)
    assert done.added == 1000
    assert steps == [0, 250, 500, 750]


def test_the_result_can_be_taken_back_and_says_so(admin: Admin, db: Database) -> None:
    address = admin.upload(workbook(GOOD))
    admin.bring_in(address)
    assert admin.client.submit(f"{address}/undo").status_code == 303
    html = admin.page(address)
    assert "Dibatalkan" in html
    assert "Batalkan impor" not in html
    again = admin.client.submit(f"{address}/undo")
    assert again.status_code == 409
    assert "sudah dibatalkan" in again.get_data(as_text=True)
    acts = [row.act for row in rows(db, AuditEntry)]
    assert acts[-2:] == ["bank.imported", "bank.import_undone"]


def rows(db: Database, table: Any) -> list[Any]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(table).order_by(table.id)))


def test_a_draft_cannot_be_taken_back(admin: Admin) -> None:
    address = admin.upload(workbook(GOOD))
    assert admin.client.post(f"{address}/undo").status_code == 404


def test_the_list_names_what_waits_and_what_came(admin: Admin) -> None:
    assert "Tidak ada berkas yang menunggu." in admin.page("/bank/imports")
    address = admin.upload(workbook(GOOD), "pertama.xlsx")
    admin.bring_in(address)
    admin.upload(workbook(GOOD), "kedua.xlsx")
    html = admin.page("/bank/imports")
    assert html.index("kedua.xlsx") < html.index("pertama.xlsx")
    assert "3 baru, 0 diperbarui" in html
