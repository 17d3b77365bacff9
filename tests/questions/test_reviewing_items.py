"""A second person's review of one revision; retiring and bringing back; the same for many at once."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.models import AuditEntry, BankItem
from tests.client import Client
from tests.factories import add_other_scene
from tests.questions.samples import Bank, form


@pytest.fixture
def draft(bench: Bank) -> Bank:
    """Rina wrote W001."""
    assert bench.rina.submit("/bank/new", **form()).status_code == 303
    return bench


def review(bench: Bank, who: Client, act: str, note: str = "", revision: int | None = None) -> Any:
    newest = bench.revisions("W001")[-1].id if revision is None else revision
    return who.post(f"/bank/item/{bench.id('W001')}/review", act=act, note=note, revision=str(newest))


def test_a_second_person_brings_an_item_into_the_draw(draft: Bank) -> None:
    assert review(draft, draft.bagus, "accept").status_code == 303
    assert draft.item("W001").state == "reviewed"
    assert draft.reviews() == [(draft.bagus_id, "accepted", "")]
    assert draft.revisions("W001")[0].id in draft.drawn()
    assert draft.acts() == ["bank.item_added", "bank.item_accepted"]


def test_a_return_tells_the_author_why_and_leaves_a_draft(draft: Bank) -> None:
    assert review(draft, draft.bagus, "return", "Pilihan C juga benar").status_code == 303
    assert draft.item("W001").state == "draft"
    page = draft.rina.get(f"/bank/item/{draft.id('W001')}").get_data(as_text=True)
    assert "Pilihan C juga benar" in page
    assert "Dikembalikan" in page
    assert "Dikembalikan" in draft.rina.get("/bank?state=draft").get_data(as_text=True)


@pytest.mark.parametrize("act", ["accept", "return"])
def test_who_wrote_a_revision_does_not_review_it(draft: Bank, act: str) -> None:
    answer = review(draft, draft.rina, act, "catatan")
    assert (answer.status_code, answer.json["code"]) == (409, "own_revision")
    assert (draft.item("W001").state, draft.reviews()) == ("draft", [])
    page = draft.rina.get(f"/bank/item/{draft.id('W001')}").get_data(as_text=True)
    assert "Terima versi" not in page


def test_a_return_without_a_note_is_refused(draft: Bank) -> None:
    answer = review(draft, draft.bagus, "return", " - ")
    assert (answer.status_code, answer.json["code"]) == (422, "note_missing")
    assert draft.reviews() == []


def test_only_the_revision_that_was_read_is_reviewed(draft: Bank) -> None:
    was = draft.revisions("W001")[0].id
    path, seen = f"/bank/item/{draft.id('W001')}/edit", draft.seen("W001")
    assert draft.rina.submit(path, **form(stem="Lain", seen=seen, why="Diperjelas")).status_code == 303
    answer = review(draft, draft.bagus, "accept", revision=was)
    assert (answer.status_code, answer.json["code"]) == (409, "item_changed")
    assert (draft.item("W001").state, draft.reviews()) == ("draft", [])


def test_there_is_nothing_to_review_of_what_is_no_draft(draft: Bank) -> None:
    review(draft, draft.bagus, "accept")
    again = review(draft, draft.bagus, "accept")
    assert (again.status_code, again.json["code"]) == (409, "not_a_draft")
    assert len(draft.reviews()) == 1


def test_an_edit_leaves_the_draw_until_the_other_one_accepts_it(draft: Bank) -> None:
    review(draft, draft.bagus, "accept")
    path, seen = f"/bank/item/{draft.id('W001')}/edit", draft.seen("W001")
    draft.bagus.submit(path, **form(stem="Lain", seen=seen, why="Diperjelas"))
    assert draft.item("W001").state == "draft"
    assert review(draft, draft.bagus, "accept").json["code"] == "own_revision"
    assert review(draft, draft.rina, "accept").status_code == 303
    assert draft.revisions("W001")[-1].id in draft.drawn()


def test_a_retired_item_is_not_drawn_and_comes_back_as_a_draft(bench: Bank) -> None:
    path, revision = f"/bank/item/{bench.id('U001')}/state", bench.revisions("U001")[0].id
    assert bench.rina.post(path, act="retire").status_code == 303
    assert bench.rina.post(path, act="retire").status_code == 303
    assert bench.item("U001").state == "retired"
    assert revision not in bench.drawn()
    assert bench.rina.post(path, act="restore").status_code == 303
    assert bench.item("U001").state == "draft"
    assert revision not in bench.drawn()
    assert bench.acts() == ["bank.item_retired", "bank.item_restored"]


def test_bringing_back_what_was_never_retired_changes_nothing(bench: Bank) -> None:
    assert bench.rina.post(f"/bank/item/{bench.id('U001')}/state", act="restore").status_code == 303
    assert (bench.item("U001").state, bench.acts()) == ("reviewed", [])


def several(bench: Bank, who: Client, act: str, *codes: str, **fields: str) -> Any:
    return who.post("/bank/several", act=act, office="jepara", chosen=bench.chosen(*codes), **fields)


def test_many_are_accepted_at_once_and_ones_own_are_left_and_told(draft: Bank) -> None:
    draft.bagus.submit("/bank/new", **form(code="W002"))
    answer = several(draft, draft.bagus, "accept", "W001", "W002", "U001")
    assert answer.status_code == 303
    assert [draft.item(code).state for code in ("W001", "W002")] == ["reviewed", "draft"]
    page = draft.bagus.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Selesai untuk 1 soal." in page
    assert "1 soal dilewati karena versi terakhirnya Anda tulis sendiri" in page
    assert "1 soal dilewati karena sudah begitu keadaannya" in page
    assert draft.acts()[-1] == "bank.items_accepted"


def test_what_was_changed_after_the_list_was_opened_is_left(draft: Bank) -> None:
    chosen = draft.chosen("W001")
    draft.rina.submit(
        f"/bank/item/{draft.id('W001')}/edit",
        **form(stem="Lain", seen=draft.seen("W001"), why="Diperjelas"),
    )
    answer = draft.bagus.post("/bank/several", act="accept", office="jepara", chosen=chosen)
    assert "changed=1" in answer.headers["Location"]
    assert draft.item("W001").state == "draft"


def test_many_are_retired_and_brought_back(bench: Bank) -> None:
    several(bench, bench.rina, "retire", "U001", "U002")
    assert [bench.item(code).state for code in ("U001", "U002", "U003")] == ["retired", "retired", "reviewed"]
    several(bench, bench.rina, "restore", "U001", "U003")
    assert [bench.item(code).state for code in ("U001", "U002", "U003")] == ["draft", "retired", "reviewed"]
    assert bench.acts() == ["bank.items_retired", "bank.items_restored"]


def test_many_get_labels_without_losing_their_review(bench: Bank) -> None:
    several(bench, bench.rina, "topic", "U001", "U002", new_topic=" angka ")
    several(bench, bench.rina, "difficulty", "U001", "U002", new_difficulty="hard")
    several(bench, bench.rina, "tag", "U001", "U002", new_tags="Baru, Sulit")
    several(bench, bench.rina, "untag", "U001", new_tags="sulit")
    item = bench.item("U001")
    assert (item.topic, item.difficulty, item.state) == ("angka", "hard", "reviewed")
    assert "baru" in bench.rina.get("/bank?tag=baru").get_data(as_text=True)
    found = bench.rina.get("/bank?tag=sulit").get_data(as_text=True)
    assert "U002" in found
    assert "U001" not in found
    with bench.db.read() as tx:
        rows = tx.scalars(sa.select(AuditEntry.detail).where(AuditEntry.act == "bank.items_labelled")).all()
    assert [row["count"] for row in rows] == [2, 2, 2, 1]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"act": "burn"}, "act_unknown"),
        ({"act": ""}, "act_unknown"),
        ({"act": "retire", "chosen": []}, "nothing_chosen"),
        ({"act": "retire", "chosen": ["x", "1", "1.2.3"]}, "nothing_chosen"),
        ({"act": "difficulty", "new_difficulty": "huge"}, "difficulty_unknown"),
        ({"act": "tag", "new_tags": " , "}, "tags_unusable"),
        ({"act": "tag", "new_tags": "x" * 41}, "tags_unusable"),
    ],
)
def test_an_act_on_many_that_makes_no_sense_changes_nothing(
    bench: Bank, fields: dict[str, Any], code: str
) -> None:
    answer = bench.rina.post(
        "/bank/several", **({"chosen": bench.chosen("U001"), "office": "jepara"} | fields)
    )
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert bench.acts() == []


def test_what_was_ticked_stays_ticked_when_an_act_is_refused(bench: Bank) -> None:
    chosen = bench.chosen("U001")
    page = bench.rina.submit(
        "/bank/several",
        act="tag",
        new_tags="x" * 41,
        chosen=chosen,
        office="jepara",  # type: ignore[arg-type]
    ).get_data(as_text=True)
    assert "label yang dipisahkan koma" in page
    assert page.count(" checked") == 1
    assert "x" * 41 in page


def test_another_offices_items_are_not_touched(bench: Bank) -> None:
    other = add_other_scene(bench.db).office
    with bench.db.read() as tx:
        foreign = tx.scalars(sa.select(BankItem.id).where(BankItem.office_id == other.id)).first()
    answer = bench.rina.post("/bank/several", act="retire", office="jepara", chosen=[f"{foreign}.1"])
    assert "done=0" in answer.headers["Location"]
    with bench.db.read() as tx:
        assert tx.get_one(BankItem, foreign).state == "reviewed"
    assert bench.rina.post("/bank/several", act="retire", office="magetan", chosen=["1.1"]).status_code == 403
