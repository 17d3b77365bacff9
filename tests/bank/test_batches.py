"""An import is taken back together while nobody was drawn any of it, and nothing of it is lost."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.bank import batches, codec, holding, service
from exam_server.bank.batches import AlreadyTakenBack, BatchEdited, BatchUsed, Source, TakenBack
from exam_server.bank.service import Imported
from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.exam import papers
from exam_server.exam.papers import ensure_paper, read_paper
from exam_server.models import (
    AuditEntry,
    BankItem,
    ImportBatch,
    ImportRow,
    ItemKey,
    ItemRevision,
    Paper,
    RevisionNote,
    RevisionPicture,
)
from question_bank.items import Item
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add_booked,
    add_official,
    add_other_scene,
    add_scene,
    make_item,
    make_picture,
)

SOURCE = Source("soal.xlsx", "xlsx", "a" * 64)
IMPORTED_AT, UNDONE_AT = START - 2 * HOUR, START - HOUR


@dataclass
class Desk:
    """An admin with a bank."""

    db: Database
    scene: Scene
    actor: int

    def bring_in(self, *items: Item, reviewed: bool = False, **pictures: bytes) -> Imported:
        named = {f"{name}.png": data for name, data in pictures.items()}
        return service.import_items(self.db, self.scene.office.id, items, named, IMPORTED_AT, self.actor,
                                    source=SOURCE, reviewed=reviewed)  # fmt: skip

    def before(self, *items: Item, **pictures: bytes) -> None:
        """What was in the bank already, reviewed, without any batch."""
        named = {f"{name}.png": data for name, data in pictures.items()}
        service.import_items(self.db, self.scene.office.id, items, named, START - 2 * DAY)

    def batch(self) -> batches.Batch:
        with self.db.read() as tx:
            return batches.batches(tx, [self.scene.office.id])[0]

    def take_back(self) -> TakenBack:
        return batches.take_back(self.db, self.batch().id, self.actor, UNDONE_AT)

    def states(self) -> dict[str, str]:
        return {one.code: one.state for one in self.all(BankItem)}

    def refs(self) -> list[int]:
        with self.db.read() as tx:
            return [one.id for one in service.refs(tx, self.scene.office.id)]

    def all(self, table: Any) -> list[Any]:
        with self.db.read() as tx:
            return list(tx.scalars(sa.select(table)))

    def accept(self) -> None:
        with self.db.write() as tx:
            tx.execute(sa.update(BankItem).where(BankItem.state == "draft").values(state="reviewed"))

    def edit(self, code: str) -> None:
        with self.db.write() as tx:
            item_id = tx.scalars(sa.select(BankItem.id).where(BankItem.code == code)).one()
            service.add_revision(
                tx, item_id, make_item(1, code=code, stem="Diubah"), {}, IMPORTED_AT, self.actor
            )

    def draw(self) -> list[int]:
        """Revisions of a paper that is drawn now."""
        attempt_id = add_booked(self.db, self.scene).attempt_id
        with self.db.write() as tx:
            ensure_paper(tx, attempt_id, UNDONE_AT)
        with self.db.read() as tx:
            return [one.id for one in read_paper(tx.get_one(Paper, attempt_id).content)]


@pytest.fixture
def desk(db: Database) -> Desk:
    scene = add_scene(db, items=0)
    return Desk(db, scene, add_official(db, "admin", scene.office).id)


def test_what_comes_from_a_file_is_a_batch_of_drafts(desk: Desk) -> None:
    assert desk.bring_in(make_item(1), make_item(2)) == Imported(added=2)
    batch = desk.batch()
    assert (batch.filename, batch.format, batch.added, batch.revised) == ("soal.xlsx", "xlsx", 2, 0)
    assert batch.undone_at is None
    assert desk.states() == {"U001": "draft", "U002": "draft"}
    assert desk.refs() == []
    (entry,) = [row for row in desk.all(AuditEntry) if row.act == "bank.imported"]
    assert (entry.object_kind, entry.object_id, entry.actor_id) == ("import_batch", batch.id, desk.actor)


def test_by_the_command_line_it_is_reviewed_and_a_batch_as_well(desk: Desk) -> None:
    desk.bring_in(make_item(1), reviewed=True)
    assert desk.states() == {"U001": "reviewed"}
    assert desk.batch().added == 1


def test_a_reviewed_item_that_a_file_changes_is_a_draft_until_somebody_reviews_it(desk: Desk) -> None:
    desk.before(make_item(1))
    assert desk.bring_in(make_item(1, stem="Lain", topic="baru")) == Imported(revised=1)
    assert desk.states() == {"U001": "draft"}
    (row,) = desk.all(ImportRow)
    assert row.former_id == min(one.id for one in desk.all(ItemRevision))


def test_new_items_are_retired_when_the_import_is_taken_back(desk: Desk) -> None:
    desk.bring_in(make_item(1), make_item(2))
    desk.accept()
    assert len(desk.refs()) == 2
    assert desk.take_back() == TakenBack(retired=2, restored=0)
    assert desk.refs() == []
    assert desk.states() == {"U001": "retired", "U002": "retired"}
    batch = desk.batch()
    assert batch.undone_at == UNDONE_AT
    assert batch.undone_by
    (entry,) = [row for row in desk.all(AuditEntry) if row.act == "bank.import_undone"]
    assert entry.detail == {"retired": 2, "restored": 0}


def test_a_changed_item_reads_as_before_under_its_former_labels(desk: Desk) -> None:
    former = make_item(1, topic="umum", difficulty="hard", picture="a.png", picture_alt="Peta",
                       explanation='Lihat <img src="b.png" alt="B">')  # fmt: skip
    desk.before(former, a=make_picture(), b=make_picture(50))
    desk.bring_in(make_item(1, stem="Lain", key=0, topic="baru", difficulty="easy"))
    assert desk.take_back() == TakenBack(retired=0, restored=1)
    (item,) = desk.all(BankItem)
    assert (item.topic, item.difficulty, item.state) == ("umum", "hard", "reviewed")
    first, came, further = sorted(desk.all(ItemRevision), key=lambda one: one.number)
    assert came.number == 2
    for name in ("content", "options", "shuffle", "picture_id"):
        assert getattr(further, name) == getattr(first, name)
    keys = {one.revision_id: json.loads(codec.unseal(one.content)) for one in desk.all(ItemKey)}
    assert keys[further.id] == keys[first.id]
    assert keys[came.id]["accepted"] == [0]
    shown = [(one.revision_id, one.picture_id) for one in desk.all(RevisionPicture)]
    assert [picture for revision, picture in shown if revision == further.id] == [
        picture for revision, picture in shown if revision == first.id
    ]
    (note,) = desk.all(RevisionNote)
    assert (note.revision_id, "soal.xlsx" in note.why) == (further.id, True)
    assert desk.refs() == [further.id]


def test_a_key_that_was_corrected_before_the_import_is_the_one_that_comes_back(desk: Desk) -> None:
    desk.before(make_item(1))
    with desk.db.write() as tx:
        revision_id = tx.scalars(sa.select(ItemRevision.id)).one()
        corrected = codec.seal(json.dumps({"accepted": [3], "explanation": ""}).encode())
        tx.add(ItemKey(revision_id=revision_id, version=2, content=corrected, created_at=IMPORTED_AT))
    desk.bring_in(make_item(1, stem="Lain"))
    desk.take_back()
    newest = max(desk.all(ItemKey), key=lambda one: one.id)
    assert json.loads(codec.unseal(newest.content))["accepted"] == [3]


def test_once_a_paper_holds_one_of_its_items_it_stays(desk: Desk) -> None:
    desk.bring_in(*(make_item(number) for number in range(1, 5)))
    desk.accept()
    assert len(desk.draw()) == 4
    before = desk.states()
    with pytest.raises(BatchUsed) as refused:
        desk.take_back()
    assert refused.value.params == {"count": 4}
    assert (desk.states(), desk.batch().undone_at) == (before, None)


def test_papers_of_other_items_do_not_keep_it(desk: Desk) -> None:
    desk.before(*(make_item(number) for number in range(1, 5)))
    desk.bring_in(make_item(9))
    desk.draw()
    assert desk.take_back() == TakenBack(retired=1, restored=0)


def test_what_somebody_edited_since_is_not_thrown_away(desk: Desk) -> None:
    desk.bring_in(make_item(1), make_item(2))
    desk.edit("U002")
    with pytest.raises(BatchEdited) as refused:
        desk.take_back()
    assert refused.value.params == {"count": 1}
    assert desk.states() == {"U001": "draft", "U002": "draft"}


def test_it_is_taken_back_once(desk: Desk) -> None:
    desk.bring_in(make_item(1))
    desk.take_back()
    with pytest.raises(AlreadyTakenBack):
        desk.take_back()
    assert len([row for row in desk.all(AuditEntry) if row.act == "bank.import_undone"]) == 1


def test_an_import_that_is_not_there_cannot_be_taken_back(desk: Desk) -> None:
    with pytest.raises(NotFound):
        batches.take_back(desk.db, 999, desk.actor, UNDONE_AT)


def test_the_same_file_after_that_brings_the_items_back_as_drafts(desk: Desk) -> None:
    desk.bring_in(make_item(1))
    desk.take_back()
    assert desk.bring_in(make_item(1)) == Imported(added=1)
    assert desk.states() == {"U001": "draft"}
    assert len(desk.all(ItemRevision)) == 1
    assert desk.take_back() == TakenBack(retired=1, restored=0)
    assert len(desk.all(ImportBatch)) == 2


def test_what_was_retired_stays_so_when_the_command_line_brings_it_again(desk: Desk) -> None:
    desk.bring_in(make_item(1))
    desk.take_back()
    assert desk.bring_in(make_item(1), reviewed=True) == Imported(unchanged=1)
    assert desk.states() == {"U001": "retired"}


def test_what_was_retired_since_is_not_brought_back_by_taking_an_import_back(desk: Desk) -> None:
    desk.before(make_item(1))
    desk.bring_in(make_item(1, stem="Lain"))
    with desk.db.write() as tx:
        tx.execute(sa.update(BankItem).values(state="retired"))
    desk.take_back()
    assert desk.states() == {"U001": "retired"}


def test_two_wordings_under_one_code_in_one_file_are_two_items(desk: Desk) -> None:
    assert desk.bring_in(make_item(1), make_item(2, code="U001")) == Imported(added=2)
    assert len(desk.all(BankItem)) == 2


def test_an_item_that_stands_twice_in_one_file_is_one(desk: Desk) -> None:
    assert desk.bring_in(make_item(1), make_item(1)) == Imported(added=1, unchanged=1)


def test_the_same_picture_for_two_offices_is_kept_once(desk: Desk) -> None:
    item = make_item(1, picture="a.png", picture_alt="Peta")
    desk.bring_in(item, a=make_picture())
    other = add_other_scene(desk.db)
    service.import_items(desk.db, other.office.id, [item], {"a.png": make_picture()}, IMPORTED_AT)
    assert len({one.picture_id for one in desk.all(ItemRevision) if one.picture_id}) == 1


def drawn_meanwhile(desk: Desk) -> tuple[list[str], list[int]]:
    """An official takes the import back while a draw has read the bank and is not committed.

    What the official was told, and the revisions of the paper.
    """
    attempt_id = add_booked(desk.db, desk.scene).attempt_id
    told: list[str] = []

    def take_back() -> None:
        try:
            desk.take_back()
            told.append("ok")
        except Refusal as problem:
            told.append(problem.code)

    taker = threading.Thread(target=take_back)
    with desk.db.write() as tx:
        ensure_paper(tx, attempt_id, UNDONE_AT)
        taker.start()
        taker.join(1.0)
    taker.join(20)
    with desk.db.read() as tx:
        return told, [one.id for one in read_paper(tx.get_one(Paper, attempt_id).content)]


def full_bank(desk: Desk) -> None:
    desk.bring_in(*(make_item(number) for number in range(1, 5)))
    desk.accept()


def test_a_draw_at_the_same_moment_keeps_the_import(desk: Desk) -> None:
    full_bank(desk)
    told, drawn = drawn_meanwhile(desk)
    assert told == [BatchUsed.code]
    assert set(drawn) == set(desk.refs())


def test_control_without_the_lock_a_paper_holds_what_was_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite writers wait for each other anyway, so there the control looks first and acts later."""
    full_bank(desk)
    if not desk.db.sqlite:
        monkeypatch.setattr(papers.holding, "while_drawn", lambda tx, office_id: None)
        told, drawn = drawn_meanwhile(desk)
    else:
        monkeypatch.setattr(batches, "_check_untouched", lambda tx, batch: None)
        with desk.db.read() as tx:
            seen = batches.used(tx, desk.scene.office.id, desk.refs(), IMPORTED_AT)
        drawn = desk.draw()
        told = ["ok"] if not seen and desk.take_back() else []
    assert told == ["ok"]
    assert (len(drawn), desk.refs()) == (4, []), "the control must lose"


def test_the_locks_of_two_offices_do_not_meet(desk: Desk) -> None:
    other = add_other_scene(desk.db)
    assert other.office.id != desk.scene.office.id
    with desk.db.write() as tx:
        holding.while_changed(tx, desk.scene.office.id)
        holding.while_drawn(tx, other.office.id)
        assert service.refs(tx, other.office.id)
