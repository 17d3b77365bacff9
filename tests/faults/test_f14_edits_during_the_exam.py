"""F14 (a): items are edited, retired and imported again while candidates sit: their papers do not change."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exam_server.bank import service as bank
from exam_server.bank.codec import seal, unseal
from exam_server.exam import service
from exam_server.exam.papers import read_paper
from exam_server.exam.rules import Item as Answer
from exam_server.exam.saves import Save, store
from exam_server.exam.settling import Settler
from exam_server.models import Attempt, BankItem, ItemKey, ItemRevision, Paper, Score, ServerSession
from question_bank.items import Item
from tests import worlds
from tests.client import Client
from tests.conftest import MakeApp, SetClock
from tests.faults.sizes import size
from tests.worlds import Somebody, World

PEOPLE = size(6, 50)
CORRECT_IS = 3
"""Everybody answers so many positions as the key of their own paper wants, and no other."""

FRESH_EACH_TIME = re.compile(r'(nonce="|name="csrf" content=")[^"]+')
"""What every request gets anew, whoever asks."""

Edit = Callable[[World], None]


def imported_again(world: World) -> None:
    """Another wording, other options and another key for every item."""
    items = [
        dataclasses.replace(one, stem=f"{one.stem} (diubah)", key=(one.key + 1) % 4,
                            options=tuple(f"{option} baru" for option in one.options))
        for one in worlds.items(12)
    ]  # fmt: skip
    assert bring_in(world, items).revised == len(items)


def key_corrected(world: World) -> None:
    """Only the key, by a file that is otherwise the same."""
    items = [dataclasses.replace(one, key=(one.key + 2) % 4) for one in worlds.items(12)]
    assert bring_in(world, items).revised == len(items)


def retired(world: World) -> None:
    """No item may be drawn any more."""
    with world.db.write() as tx:
        tx.execute(sa.update(BankItem).values(state="retired"))


def retired_and_brought_back(world: World) -> None:
    retired(world)
    imported_again(world)
    assert bring_in(world, worlds.items(12)).revised == 12


def one_after_another(world: World) -> None:
    for edit in (imported_again, key_corrected, retired, retired_and_brought_back):
        edit(world)


EDITS = size(
    [one_after_another],
    [imported_again, key_corrected, retired, retired_and_brought_back, one_after_another],
)


def bring_in(world: World, items: Sequence[Item]) -> bank.Imported:
    return bank.import_items(world.db, world.office_id, items, {}, world.now)


@pytest.fixture
def sitting_down(world: World) -> list[Somebody]:
    """People whose exam runs."""
    people = world.booked(PEOPLE, world.sitting())
    for person in people:
        with world.db.write() as tx:
            service.start(tx, world.attempt(person).id, world.now)
    return people


def papers(world: World) -> list[tuple[str, str]]:
    with world.db.read() as tx:
        rows = tx.execute(sa.select(Paper.content, Paper.sha256).order_by(Paper.attempt_id))
        return [(row.content, row.sha256) for row in rows]


def pages(app: Flask, world: World, tokens: Sequence[str]) -> list[str]:
    """What each of them sees, but for what every request gets anew."""
    seen = []
    for token in tokens:
        client = Client(app)
        client.set_cookie("exam", token)
        answer = client.get("/exam")
        assert answer.status_code == 200
        seen.append(FRESH_EACH_TIME.sub(r"\1", answer.get_data(as_text=True)))
    return seen


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_a_running_paper_is_the_same_to_the_byte_whatever_is_done_to_its_items(
    world: World, make_app: MakeApp, sitting_down: list[Somebody], edit: Edit
) -> None:
    tokens = [world.token(person) for person in sitting_down]
    before = papers(world), pages(make_app(), world, tokens)
    assert all("Butir uji nomor" in page for page in before[1])
    edit(world)
    assert (papers(world), pages(make_app(), world, tokens)) == before  # by an application that kept nothing


def test_control_a_paper_that_follows_the_newest_wording_changes_under_the_candidate(
    world: World, make_app: MakeApp, sitting_down: list[Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = [world.token(person) for person in sitting_down]
    before = pages(make_app(), world, tokens)
    imported_again(world)
    shown = bank.shown

    def newest(tx: Session, revision_ids: Sequence[int]) -> dict[int, bank.Shown]:
        item = sa.select(ItemRevision.item_id).where(ItemRevision.id == sa.bindparam("old")).scalar_subquery()
        follows = sa.select(sa.func.max(ItemRevision.id)).where(ItemRevision.item_id == item)
        last = {old: tx.scalars(follows, {"old": old}).one() for old in revision_ids}
        found = shown(tx, list(last.values()))
        return {old: found[new] for old, new in last.items()}

    monkeypatch.setattr(bank, "shown", newest)
    assert all(now != then for now, then in zip(pages(make_app(), world, tokens), before, strict=True))


def answer_by_key(world: World, person: Somebody) -> None:
    """CORRECT_IS positions as the paper's own key says, the others with something else."""
    world.token(person)  # signed in, so that there is a session to save under
    attempt = world.attempt(person)
    with world.db.write() as tx:
        session = tx.scalars(sa.select(ServerSession.id).where(ServerSession.account_id == person.id)).first()
        assert session is not None
        lease = service.join(tx, attempt.id, session, "uji", True, world.now)
        drawn = read_paper(tx.get_one(Paper, attempt.id).content)
        keys = {
            row.revision_id: key_of(row) for row in tx.scalars(sa.select(ItemKey).where(ItemKey.version == 1))
        }
        answers = tuple(
            Answer(place, 1, displayed(one.order, keys[one.id], right=place <= CORRECT_IS), False)
            for place, one in enumerate(drawn, 1)
        )
        (stored,) = store(tx, [Save(attempt.id, session, lease, answers, world.now)])
        assert {fate for fate, _ in stored.fates.values()} == {"saved"}


def key_of(row: ItemKey) -> int:
    (accepted,) = json.loads(unseal(row.content))["accepted"]
    return int(accepted)


def displayed(order: Sequence[int], key: int, right: bool) -> int:
    """The option to tick, counted from 1 as shown."""
    place = list(order).index(key)
    return 1 + (place if right else (place + 1) % len(order))


def scores(world: World) -> list[Score]:
    with world.db.read() as tx:
        return list(tx.scalars(sa.select(Score).order_by(Score.attempt_id)))


def settle_everybody(world: World, app: Flask, clock: SetClock) -> None:
    clock.at = world.now + timedelta(hours=2)
    with world.db.read() as tx:
        attempts = list(tx.scalars(sa.select(Attempt.id)))
    for attempt_id in attempts:
        with world.db.write() as tx:
            service.close_by_clock(tx, attempt_id, clock.at)
    settler = Settler(world.db, clock, app.extensions["autosave"], "s" * 40)
    assert settler.round() == len(attempts)


def test_a_score_is_made_by_the_key_of_the_wording_that_was_sat_and_names_it(
    world: World, app: Flask, clock: SetClock, sitting_down: list[Somebody]
) -> None:
    for person in sitting_down:
        answer_by_key(world, person)
    one_after_another(world)
    settle_everybody(world, app, clock)
    assert [one.correct for one in scores(world)] == [CORRECT_IS] * PEOPLE
    drawn = [[one.id for one in read_paper(content)] for content, _ in papers(world)]
    assert [one.keys for one in scores(world)] == [[[number, 1] for number in paper] for paper in drawn]


def test_a_further_version_of_the_key_of_that_wording_counts_and_is_named(
    world: World, app: Flask, clock: SetClock, sitting_down: list[Somebody]
) -> None:
    for person in sitting_down:
        answer_by_key(world, person)
    first = {content: read_paper(content)[0].id for content, _ in papers(world)}
    with world.db.write() as tx:
        for revision_id in set(first.values()):
            content = seal(json.dumps({"accepted": [], "explanation": ""}).encode())
            tx.add(ItemKey(revision_id=revision_id, version=2, content=content, created_at=world.now,
                           author_id=None))  # fmt: skip
    settle_everybody(world, app, clock)
    corrected = set(first.values())
    for score, (content, _) in zip(scores(world), papers(world), strict=True):
        named = [[one.id, 2 if one.id in corrected else 1] for one in read_paper(content)]
        assert score.keys == named
        right = [one.id for one in read_paper(content)[:CORRECT_IS]]
        assert score.correct == sum(number not in corrected for number in right)
