"""One analysis per state of the results: the same reckoned here or apart, kept until scores come."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from bench.large import Large
from exam_server.analysis import reckoning, service
from exam_server.analysis.parcel import pack, unpack
from exam_server.analysis.results import Analysis
from exam_server.analysis.service import Shelf
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.scores.sheets import gather
from tests.factories import add_running, add_scene
from tests.ranking import stand


def look(db: Database, shelf: Shelf, activity_id: int, version: int | None = None) -> Analysis:
    url = db.engine.url.render_as_string(hide_password=False)
    return service.look(db, url, shelf, activity_id, version)[1]


def test_the_planted_wrong_key_is_found(db: Database, large: Large) -> None:
    found = look(db, Shelf(), large.scene.selection.id)
    suspects = {one.code for one in found.items for flag in one.flags if flag.kind == "key_probably_wrong"}
    assert suspects == {large.wrong}
    assert (found.sat, len(found.items), len(found.sittings)) == (120, 36, 3)
    assert found.reliability is not None


def test_reckoned_apart_it_is_the_same(db: Database, large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    here = look(db, Shelf(), large.scene.selection.id)
    monkeypatch.setattr(service, "LARGE", 0)
    assert look(db, Shelf(), large.scene.selection.id) == here


def test_the_order_of_the_sheets_does_not_matter(db: Database, large: Large) -> None:
    with db.read() as tx:
        told = gather(tx, large.scene.selection.id)
    mixed = list(told.sheets)
    random.Random(4).shuffle(mixed)
    assert reckoning.analyse(replace(told, sheets=mixed), 1) == reckoning.analyse(told, 1)


def test_it_travels_as_json_without_losing_anything(db: Database, large: Large) -> None:
    with db.read() as tx:
        found = reckoning.analyse(gather(tx, large.scene.selection.id), 1)
    assert unpack(Analysis, json.loads(json.dumps(pack(found)))) == found


def test_it_is_kept_until_somebody_is_scored(db: Database) -> None:
    scene, shelf = add_scene(db), Shelf()
    stand.sit(db, add_running(db, scene), 3)
    first = look(db, shelf, scene.selection.id)
    assert look(db, shelf, scene.selection.id) is first
    stand.sit(db, add_running(db, scene), 1)
    assert (first.sat, look(db, shelf, scene.selection.id).sat) == (1, 2)


def test_a_shelf_keeps_the_newest_only(db: Database, large: Large) -> None:
    shelf = Shelf()
    with db.read() as tx:
        state = service.state(tx, large.scene.selection.id)
    found = look(db, shelf, large.scene.selection.id)
    for count in range(1000, 1000 + service.KEPT):
        shelf.keep(replace(state, scores=count), found)
    assert shelf.find(state) is None
    assert shelf.find(replace(state, scores=1001)) is found


def test_without_anybody_there_is_nothing_to_say(db: Database) -> None:
    scene = add_scene(db)
    found = look(db, Shelf(), scene.selection.id)
    assert (found.sat, found.totals, found.items, found.papers, found.sittings) == (0, None, (), None, ())
    assert found.unreliable == "few_candidates"


def test_a_version_that_is_not_there_is_refused(db: Database) -> None:
    scene = add_scene(db)
    with pytest.raises(NotFound):
        look(db, Shelf(), scene.selection.id, 2)
