"""What the statistics are told is what was scored: by every key that a score names, on both databases."""

from __future__ import annotations

import hashlib
import json
import random

import sqlalchemy as sa

from bench.large import Large
from exam_server.bank import keys as bank_keys
from exam_server.bank.codec import seal
from exam_server.db import Database
from exam_server.exam import journal
from exam_server.exam.papers import read_paper
from exam_server.models import ItemKey, Paper, Response, ResultVersion, Score
from exam_server.scores import service as scores
from exam_server.scores.sheets import Gathered, by_topic, gather
from question_bank.scoring import score
from question_bank.statistics.facts import points
from tests.factories import DAY, START, add_official, add_running, add_scene
from tests.ranking import stand

AFTER = START + 60 * DAY


def gathered(db: Database, large: Large, version: int | None = None) -> Gathered:
    with db.read() as tx:
        return gather(tx, large.scene.selection.id, version)


def correct(db: Database, large: Large, revision: int, content: dict[str, object], number: int = 2) -> None:
    """A corrected key, and one more score for each attempt that holds the item."""
    asked, granted = (add_official(db, "admin", large.scene.office).id for _ in range(2))
    with db.write() as tx:
        version = bank_keys.newest(tx, [revision])[revision] + 1
        sealed = seal(json.dumps(content | {"explanation": ""}).encode())
        tx.add(ItemKey(revision_id=revision, version=version, content=sealed, created_at=AFTER))
        tx.add(ResultVersion(
            activity_id=large.scene.selection.id, number=number, revision_id=revision, key_version=version,
            kind="key", reason="Salah ketik", note={}, effect={}, asked_by=asked, granted_by=granted,
            applied_at=AFTER,
        ))  # fmt: skip
        tx.flush()
        for one in scores.in_force(tx, large.scene.selection.id).values():
            if any(drawn == revision for drawn, _ in one.keys):
                _score_again(tx, one, {revision: version})


def _score_again(tx: sa.orm.Session, one: scores.Scored, newer: dict[int, int]) -> None:
    drawn = read_paper(tx.get_one(Paper, one.attempt_id).content)
    versions = {revision: newer.get(revision, version) for revision, version in one.keys}
    named = [[revision, versions[revision]] for revision, _ in one.keys]
    answers = tx.execute(sa.select(Response.position, Response.option)
                         .where(Response.attempt_id == one.attempt_id))  # fmt: skip
    chosen = {row.position - 1: None if row.option is None else row.option - 1 for row in answers}
    found = score(drawn, chosen, bank_keys.keys(tx, versions))
    tx.add(Score(
        attempt_id=one.attempt_id, number=one.number, keys=named,
        keys_sha256=hashlib.sha256(journal.canonical(named).encode()).hexdigest(), correct=found.correct,
        wrong=found.wrong, blank=found.blank, out_of=found.out_of, scored_at=AFTER,
    ))  # fmt: skip


def agrees(db: Database, large: Large, version: int | None = None) -> bool:
    """Marks of every sheet add up to the score in force, and no attempt is missing or too many."""
    sheets = gathered(db, large, version).sheets
    with db.read() as tx:
        force = scores.in_force(tx, large.scene.selection.id, version)
    told = {one.attempt: points(one) for one in sheets}
    return told == {one.attempt_id: (one.correct, one.out_of) for one in force.values()}


def test_marks_add_up_to_the_score_of_every_attempt(db: Database, large: Large) -> None:
    assert len(gathered(db, large).sheets) == 120
    assert agrees(db, large)


def test_they_do_so_after_any_corrections_and_for_each_earlier_version(db: Database, large: Large) -> None:
    dice, revisions = random.Random(3), sorted(gathered(db, large).items)
    kinds = ({"accepted": [0, 1]}, {"accepted": [3], "everyone": True}, {"accepted": [1], "dropped": True})
    for number, kind in enumerate(kinds, 2):
        correct(db, large, dice.choice(revisions[::number]), kind, number)
    assert [agrees(db, large, version) for version in (None, 1, 2, 3, 4)] == [True] * 5


def test_a_dropped_item_counts_for_nobody_and_a_void_one_is_right_for_all(db: Database, large: Large) -> None:
    first, second = sorted(gathered(db, large).items)[:2]
    correct(db, large, first, {"accepted": [0], "dropped": True})
    correct(db, large, second, {"accepted": [0], "everyone": True}, 3)
    counted, right = set(), set()
    for sheet in gathered(db, large).sheets:
        for item, mark, counts in zip(sheet.items, sheet.marks, sheet.counted, strict=True):
            counted |= {counts} if item == first else set()
            right |= {mark} if item == second else set()
    assert (counted, right) == ({False}, {True})


def test_an_earlier_version_is_told_by_its_own_keys(db: Database, large: Large) -> None:
    revision = min(gathered(db, large).items)
    before = gathered(db, large)
    correct(db, large, revision, {"accepted": [3]})
    assert gathered(db, large, 1) == before
    assert gathered(db, large).items[revision].accepted == frozenset({3})


def test_options_are_told_as_the_bank_counts_them(db: Database) -> None:
    scene = add_scene(db)
    run = add_running(db, scene)
    stand.sit(db, run, 4)
    with db.read() as tx:
        found = gather(tx, scene.selection.id)
    assert found.sheets[0].chosen == (stand.KEY,) * 4
    assert found.sheets[0].marks == (True,) * 4
    assert set(found.codes.values()) <= {f"U{number:03d}" for number in range(1, 9)}
    assert {one.stratum for one in found.items.values()} == {"umum/"}


def test_who_is_still_in_the_exam_is_not_told(db: Database) -> None:
    scene = add_scene(db)
    stand.sit(db, add_running(db, scene), 4)
    add_running(db, scene)
    with db.read() as tx:
        assert len(gather(tx, scene.selection.id).sheets) == 1


def test_one_attempt_can_be_asked_for_alone(db: Database, large: Large) -> None:
    wanted = large.attempts[5]
    with db.read() as tx:
        found = gather(tx, large.scene.selection.id, attempts=[wanted])
    assert [one.attempt for one in found.sheets] == [wanted]
    assert found.sheets[0] == gathered(db, large).sheets[5]


def test_topics_of_an_attempt_add_up_to_its_score(db: Database, large: Large) -> None:
    found = gathered(db, large)
    told = by_topic(found)
    assert {len(topics) for topics in told.values()} == {6}
    for sheet in found.sheets:
        right, out_of = map(sum, zip(*told[sheet.attempt].values(), strict=True))
        assert (right, out_of) == points(sheet)


def test_control_a_forged_score_is_noticed(db: Database, large: Large) -> None:
    with db.write() as tx:
        one = next(iter(scores.in_force(tx, large.scene.selection.id).values()))
        tx.add(Score(attempt_id=one.attempt_id, number=one.number + 1, keys_sha256="f" * 64,
                     keys=[list(pair) for pair in one.keys], correct=one.correct + 1, wrong=one.wrong,
                     blank=one.blank, out_of=one.out_of, scored_at=AFTER))  # fmt: skip
    assert not agrees(db, large)
