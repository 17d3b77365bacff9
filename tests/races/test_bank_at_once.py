"""Twelve at once on one item: one editor wins, an acceptance is of what was read, one code is one item."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa

from exam_server.bank import arrival, reviewing, revising
from exam_server.bank.revising import Wanted
from exam_server.db import Database
from exam_server.models import BankItem, ItemReview, ItemRevision
from exam_server.questions import service
from exam_server.questions.entries import Entry, judge
from exam_server.questions.service import Place
from tests.factories import make_item
from tests.together import AT_ONCE, outcomes
from tests.worlds import World, wall


@pytest.fixture
def place(world: World) -> Place:
    with world.db.read() as tx:
        item = tx.scalars(sa.select(BankItem).order_by(BankItem.id)).first()
    assert item is not None
    return Place(item.id, item.office_id, item.code)


def seen(world: World, place: Place) -> str:
    with world.db.read() as tx:
        return revising.standing(tx, place.id).seen


def wordings(world: World, place: Place) -> list[int]:
    with world.db.read() as tx:
        wanted = sa.select(ItemRevision.number).where(ItemRevision.item_id == place.id)
        return list(tx.scalars(wanted.order_by(ItemRevision.number)))


def one_wording(number: int) -> Wanted:
    return Wanted(make_item(number), {}, (), "Serentak")


def test_of_editors_at_once_one_saves_and_the_others_are_told(world: World, place: Place) -> None:
    before, numbers = seen(world, place), iter(range(AT_ONCE))

    def save(db: Database, together: threading.Barrier) -> None:
        wanted = one_wording(next(numbers))
        together.wait(60)
        with db.write() as tx:
            revising.revise(tx, place.id, wanted, before, world.screener_id, wall())

    assert outcomes(world.db, save) == Counter({"ItemChanged": AT_ONCE - 1, "ok": 1})
    assert wordings(world, place) == [1, 2]


def test_control_reading_and_writing_apart_lets_many_editors_win(world: World, place: Place) -> None:
    before, numbers = seen(world, place), iter(range(AT_ONCE))

    def careless(db: Database, together: threading.Barrier) -> None:
        wanted = one_wording(next(numbers))
        assert seen(world, place) == before
        together.wait(60)
        with db.write() as tx:
            now_seen = revising.standing(tx, place.id, lock=True).seen
            revising.revise(tx, place.id, wanted, now_seen, world.screener_id, wall())

    assert outcomes(world.db, careless)["ok"] > 1
    assert len(wordings(world, place)) > 2


def test_what_is_drawn_was_accepted_as_it_is(world: World, place: Place) -> None:
    """Half of them change the item, half accept what they read."""
    with world.db.write() as tx:
        revising.revise(tx, place.id, one_wording(99), seen(world, place), world.screener_id, wall())
    before, read = seen(world, place), wordings(world, place)[-1]
    with world.db.read() as tx:
        revision = revising.standing(tx, place.id).revision
    second, turns = world.official("admin").id, iter(range(AT_ONCE))

    def act(db: Database, together: threading.Barrier) -> None:
        turn = next(turns)
        together.wait(60)
        with db.write() as tx:
            if turn % 2:
                revising.revise(tx, place.id, one_wording(turn), before, world.screener_id, wall())
            else:
                reviewing.accept(tx, place.id, revision.id, second, wall())

    told = outcomes(world.db, act)
    assert told["ok"] >= 1
    assert set(told) <= {"ok", "ItemChanged", "NotADraft"}, told
    with world.db.read() as tx:
        item, newest = tx.get_one(BankItem, place.id), revising.standing(tx, place.id).revision
        accepted = tx.scalars(sa.select(ItemReview.revision_id).where(ItemReview.verdict == "accepted")).all()
    assert (item.state == "reviewed") is (newest.id in accepted)
    assert wordings(world, place)[: read + 1][:read] == list(range(1, read + 1))


def test_one_code_is_one_item(world: World) -> None:
    entry = Entry("Baru", ("a", "b"), 1, code="SATU")

    def write(db: Database, together: threading.Barrier) -> None:
        judged = judge(entry, ())
        together.wait(60)
        service.add(db, world.office_id, entry, judged, world.screener_id, wall())

    assert outcomes(world.db, write) == Counter({"CodeTaken": AT_ONCE - 1, "ok": 1})
    assert world.scalar("SELECT count(*) FROM item WHERE code = 'SATU'") == 1


def test_an_import_and_an_edit_at_once_are_one_after_the_other(world: World, place: Place) -> None:
    before, turns = seen(world, place), iter(range(AT_ONCE))
    with world.db.read() as tx:
        code = tx.get_one(BankItem, place.id).code

    def act(db: Database, together: threading.Barrier) -> None:
        turn = next(turns)
        item = replace(make_item(turn), code=code)
        together.wait(60)
        with db.write() as tx:
            if turn % 2:
                revising.revise(
                    tx, place.id, Wanted(item, {}, (), "Serentak"), before, world.screener_id, wall()
                )
            else:
                arrival.bring_in(tx, place.office_id, arrival.prepare([item], {}), {}, wall(), None, False)

    told = outcomes(world.db, act)
    assert set(told) <= {"ok", "ItemChanged"}, told
    assert wordings(world, place) == list(range(1, told["ok"] + 2))
