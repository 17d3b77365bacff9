"""Papers: drawn once, stable, and shown by a type that cannot express a key."""

from __future__ import annotations

import hashlib
from dataclasses import fields

import pytest
import sqlalchemy as sa

from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam.papers import PaperShelf, ShownItem, ensure_paper, papers_due, read_paper
from exam_server.exam.refusals import PaperMissing
from exam_server.models import Paper, Picture
from question_bank.blueprint import Drawn
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_items,
    add_running,
    add_scene,
    make_item,
    make_picture,
)


def paper(db: Database, run: Run) -> Paper:
    with db.write() as tx:
        ensure_paper(tx, run.attempt_id, START)
    with db.read() as tx:
        return tx.get_one(Paper, run.attempt_id)


def show(shelf: PaperShelf, db: Database, drawn: list[Drawn]) -> list[ShownItem]:
    """The paper as its candidate sees it."""
    shelf.fetch(db, drawn)
    return [shelf.item(position, one) for position, one in enumerate(drawn, 1)]


def test_a_paper_is_drawn_once_and_stays(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    first = paper(db, run)
    add_items(db, scene.office.id, 20)
    second = paper(db, run)
    assert (first.content, first.seed, first.drawn_at) == (second.content, second.seed, second.drawn_at)
    assert first.sha256 == hashlib.sha256(first.content.encode()).hexdigest()


def test_a_paper_fills_the_blueprint_without_repeating_an_item(db: Database, scene: Scene) -> None:
    drawn = read_paper(paper(db, add_booked(db, scene)).content)
    assert len({one.id for one in drawn}) == len(drawn) == 4
    assert all(sorted(one.order) == [0, 1, 2, 3] for one in drawn)


def test_neighbours_are_drawn_different_papers(db: Database, scene: Scene) -> None:
    contents = {paper(db, add_booked(db, scene)).content for _ in range(5)}
    assert len(contents) == 5


def test_a_bank_that_is_too_small_is_refused_and_leaves_nothing(db: Database) -> None:
    run = add_booked(db, add_scene(db, items=3))
    with pytest.raises(PaperMissing):
        paper(db, run)
    with db.read() as tx:
        assert tx.scalars(sa.select(Paper.attempt_id)).all() == []


def test_a_paper_is_due_only_for_who_has_none_and_may_still_enter(db: Database, scene: Scene) -> None:
    add_running(db, scene)
    waiting = add_booked(db, scene)
    assert papers_due(db, START - 31 * MINUTE) == []
    assert papers_due(db, START - 30 * MINUTE) == [waiting.attempt_id]
    assert papers_due(db, START + 2 * HOUR) == []


def test_an_item_is_shown_in_displayed_order(db: Database, scene: Scene) -> None:
    drawn = read_paper(paper(db, add_booked(db, scene)).content)
    for position, (one, item) in enumerate(zip(drawn, show(PaperShelf(), db, drawn), strict=True), 1):
        number = item.stem.removeprefix("Soal nomor ")
        assert item.position == position
        assert item.options == tuple(f"{number} pilihan {'abcd'[original]}" for original in one.order)
        assert not item.has_picture


def test_what_is_shown_has_no_field_for_a_key() -> None:
    for shown in (ShownItem, bank.Shown):
        names = {field.name for field in fields(shown)}
        assert names <= {"position", "stem", "options", "has_picture", "picture_id", "picture_alt",
                         "pictures"}  # fmt: skip


def test_a_revision_after_the_draw_changes_no_paper(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    drawn = read_paper(paper(db, run).content)
    before = show(PaperShelf(), db, drawn)
    bank.import_items(
        db, scene.office.id, [make_item(n, stem=f"Diganti {n}") for n in range(1, 9)], {}, START
    )
    assert show(PaperShelf(), db, drawn) == before
    fresh = read_paper(paper(db, add_booked(db, scene)).content)
    assert all(item.stem.startswith("Diganti") for item in show(PaperShelf(), db, fresh))


def test_the_picture_of_a_position_is_handed_out_and_no_other(db: Database) -> None:
    scene = add_scene(db, items=0)
    with_picture = make_item(1, picture="peta.png", picture_alt="Peta")
    bank.import_items(db, scene.office.id, [with_picture, *(make_item(n) for n in (2, 3, 4))],
                      {"peta.png": make_picture()}, START)  # fmt: skip
    drawn, shelf = read_paper(paper(db, add_booked(db, scene)).content), PaperShelf()
    items = show(shelf, db, drawn)
    (position,) = [item.position for item in items if item.has_picture]
    media_type, content = shelf.picture(db, drawn, position)
    assert media_type == "image/png"
    assert content.startswith(b"\x89PNG")
    for other in (0, 5, -1, *(item.position for item in items if not item.has_picture)):
        with pytest.raises(NotFound):
            shelf.picture(db, drawn, other)


def test_the_shelf_reads_each_revision_once(
    db: Database, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, shelf = read_paper(paper(db, add_booked(db, scene)).content), PaperShelf()
    first = show(shelf, db, drawn)
    monkeypatch.setattr(bank, "shown", None)
    assert show(shelf, db, drawn) == first


def test_pictures_inside_texts_are_shown_by_hash_and_handed_out_at_their_position_only(db: Database) -> None:
    scene = add_scene(db, items=0)
    inside = make_item(
        1, stem='Lihat <img src="peta.png" alt="Peta"> ini', explanation='<img src="kunci.png" alt="">'
    )
    pictures = {"peta.png": make_picture(), "kunci.png": make_picture(width=50)}
    bank.import_items(db, scene.office.id, [inside, *(make_item(n) for n in (2, 3, 4))], pictures, START)
    drawn, shelf = read_paper(paper(db, add_booked(db, scene)).content), PaperShelf()
    items = show(shelf, db, drawn)
    (item,) = [item for item in items if "<img" in item.stem]
    with db.read() as tx:
        names = {row.sha256: row.id for row in tx.scalars(sa.select(Picture))}
    (shown,) = [name for name in names if name in item.stem]
    assert f'src="/exam/picture/{item.position}/{shown}"' in item.stem
    assert shelf.inside(db, drawn, item.position, shown)[0] == "image/png"
    (of_the_explanation,) = set(names) - {shown}
    elsewhere = item.position % len(items) + 1
    for position, name in ((item.position, of_the_explanation), (elsewhere, shown), (0, shown), (9, shown)):
        with pytest.raises(NotFound):
            shelf.inside(db, drawn, position, name)
