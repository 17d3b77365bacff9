"""Keys as scores read them: the newest version of each revision, and no other."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from exam_server.bank import keys
from exam_server.bank.codec import UnknownSeal, seal
from exam_server.db import Database
from exam_server.models import ItemKey
from question_bank.scoring import Key
from tests.factories import START, add, add_items, add_scene


@pytest.fixture
def revisions(db: Database) -> list[int]:
    """Three items, each with the first version of its key."""
    scene = add_scene(db, items=0)
    add_items(db, scene.office.id, 3)
    with db.read() as tx:
        return list(tx.scalars(sa.select(ItemKey.revision_id).order_by(ItemKey.revision_id)))


def add_key(db: Database, revision_id: int, version: int, **said: object) -> None:
    add(db, ItemKey(revision_id=revision_id, version=version, content=seal(json.dumps(said).encode()),
                    created_at=START))  # fmt: skip


def test_the_newest_version_of_each_is_named(db: Database, revisions: list[int]) -> None:
    first, second, third = revisions
    add_key(db, second, 2, accepted=[0])
    add_key(db, second, 3, accepted=[1])
    with db.read() as tx:
        assert keys.newest(tx, revisions) == {first: 1, second: 3, third: 1}
        assert keys.newest(tx, [first]) == {first: 1}
        assert keys.newest(tx, []) == {}


def test_a_revision_without_a_key_is_left_out(db: Database, revisions: list[int]) -> None:
    with db.read() as tx:
        assert keys.newest(tx, [revisions[0], 999_999]) == {revisions[0]: 1}
        assert keys.keys(tx, {revisions[0]: 1, 999_999: 1}) == {revisions[0]: Key(frozenset({2}))}
        assert keys.keys(tx, {revisions[0]: 2}) == {}


def test_a_key_is_read_in_the_version_that_is_named(db: Database, revisions: list[int]) -> None:
    first = revisions[0]
    add_key(db, first, 2, accepted=[0, 3])
    with db.read() as tx:
        assert keys.keys(tx, {first: 1}) == {first: Key(frozenset({2}))}
        assert keys.keys(tx, {first: 2}) == {first: Key(frozenset({0, 3}))}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"accepted": [1], "everyone": True}, Key(frozenset({1}), everyone=True)),
        ({"accepted": [], "dropped": True}, Key(frozenset(), dropped=True)),
        ({"accepted": [1], "explanation": "Pembahasan"}, Key(frozenset({1}))),
    ],
)
def test_void_items_say_how_they_count(
    db: Database, revisions: list[int], said: dict[str, object], meant: Key
) -> None:
    add_key(db, revisions[0], 2, **said)
    with db.read() as tx:
        assert keys.keys(tx, {revisions[0]: 2}) == {revisions[0]: meant}


def test_a_key_that_was_sealed_in_an_unknown_way_is_refused(db: Database, revisions: list[int]) -> None:
    add(db, ItemKey(revision_id=revisions[0], version=2, content=b"\xffsecret", created_at=START))
    with db.read() as tx, pytest.raises(UnknownSeal):
        keys.keys(tx, {revisions[0]: 2})
