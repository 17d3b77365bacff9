"""On how many papers wordings stand: as the papers say it."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import ItemRevision, Paper
from exam_server.questions import usage
from tests.factories import Scene, add_running, add_scene
from tests.questions.samples import Bank


@pytest.fixture
def scene(db: Database) -> Scene:
    scene = add_scene(db)
    for _ in range(3):
        add_running(db, scene)
    return scene


def on_papers(db: Database) -> Counter[int]:
    """Papers by revision, read from the papers one by one."""
    with db.read() as tx:
        papers = [json.loads(content) for content in tx.scalars(sa.select(Paper.content))]
    return Counter(revision for paper in papers for revision, _ in paper)


def test_the_count_is_what_the_papers_say(db: Database, scene: Scene) -> None:
    told = on_papers(db)
    assert told.total() == 3 * 4
    with db.read() as tx:
        rows = tx.execute(sa.select(ItemRevision.id, ItemRevision.item_id)).all()
        items: Counter[int] = Counter()
        for row in rows:
            items[row.item_id] += told[row.id]
            assert usage.of_revisions(tx, row.item_id)[row.id] == told[row.id]
        assert usage.of_items(tx, list(items)) == +items


def test_wordings_of_one_item_are_counted_together_and_apart(bench: Bank) -> None:
    add_running(bench.db, bench.scene)
    with bench.db.read() as tx:
        drawn = min(revision for revision, _ in json.loads(tx.scalars(sa.select(Paper.content)).one()))
        item = tx.get_one(ItemRevision, drawn).item_id
        assert (usage.of_items(tx, [item]), usage.of_revisions(tx, item)) == ({item: 1}, {drawn: 1})
        assert usage.of_items(tx, []) == {}
