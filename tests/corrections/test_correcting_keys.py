"""A corrected key makes further scores, a further list and rows in the trail, and leaves the old ones be."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.approvals.service import AlreadyAsked, ApprovalOver, ReasonMissing, SamePerson
from exam_server.corrections import correcting, reckoning
from exam_server.corrections.correcting import Correcting
from exam_server.corrections.refusals import (
    EffectChanged,
    ItemNotDrawn,
    KeyChanged,
    NoteMissing,
    NothingChanges,
    UnknownKind,
    UnknownOption,
)
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.exam.saves import store
from exam_server.models import (
    Approval,
    AuditEntry,
    GateCheck,
    ItemKey,
    ResultVersion,
    Score,
    SelectionList,
)
from exam_server.ranking import listing, storing
from exam_server.ranking import service as ranking
from exam_server.ranking.refusals import FactsMoved
from tests.corrections.samples import NOTE, NOW, OTHER, Case, case, here, turned, whole
from tests.factories import MINUTE, START, add_running, answer
from tests.ranking.stand import KEY, sit

WISHES = {
    "key": Wish("key", OTHER), "second": Wish("second", OTHER), "void": Wish("void"), "drop": Wish("drop"),
}  # fmt: skip
every_kind = pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)


def rows(db: Database, table: Any) -> list[Any]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(table).order_by(*table.__table__.primary_key)))


def acts(db: Database, act: str) -> list[AuditEntry]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id)))


@every_kind
def test_every_attempt_with_the_item_has_the_score_that_scoring_it_anew_gives(
    db: Database, wish: Wish
) -> None:
    fix = case(db)
    before = fix.points()
    fix.correct(wish)
    found = fix.in_force()
    assert set(found) == set(before)
    for attempt, one in found.items():
        anew = whole(db, attempt)
        assert (one.correct, one.wrong, one.blank, one.out_of) == (
            anew.correct, anew.wrong, anew.blank, anew.out_of
        )  # fmt: skip
        assert dict(one.keys)[fix.revision] == 2
    assert fix.points(1) == before
    assert fix.points(2) == fix.points()


@every_kind
def test_the_preview_tells_what_the_correction_then_does(db: Database, wish: Wish) -> None:
    fix = case(db)
    told, before = fix.look(wish), fix.points()
    fix.correct(wish)
    after = fix.points()
    assert {one.attempt: (one.before, one.after) for one in told.lines if one.before != one.after} == {
        attempt: (before[attempt], after[attempt]) for attempt in after if before[attempt] != after[attempt]
    }
    (version,) = rows(db, ResultVersion)
    assert version.effect["sha256"] == version.effect["previewed"] == told.sha256
    assert (version.number, version.kind, version.key_version, version.note) == (2, wish.kind, 2, NOTE)
    assert (version.asked_by, version.granted_by) == (fix.stand.admin, fix.stand.second)


@every_kind
def test_corrected_again_to_the_same_key_nothing_changes(db: Database, wish: Wish) -> None:
    fix = case(db)
    fix.correct(wish)
    scores, points = len(rows(db, Score)), fix.points()
    with pytest.raises(NothingChanges):
        fix.look(wish)
    assert (len(rows(db, Score)), fix.points()) == (scores, points)


def test_the_corrected_key_names_the_asker_and_keeps_the_explanation(db: Database) -> None:
    fix = case(db)
    fix.correct(Wish("second", OTHER))
    first, second = (one for one in rows(db, ItemKey) if one.revision_id == fix.revision)
    assert (second.version, second.author_id, second.created_at) == (2, fix.stand.admin, NOW)
    assert b"Pembahasan 1" in second.content
    assert b'"accepted":[0,2]' in second.content
    assert b'"accepted":[2]' in first.content


def test_three_corrections_make_three_versions_each_readable(db: Database) -> None:
    fix = case(db)
    told = {1: fix.points()}
    for number, wish in enumerate((Wish("second", OTHER), Wish("void"), Wish("drop")), 2):
        fix.correct(wish)
        told[number] = fix.points()
    assert {number: fix.points(number) for number in told} == told
    assert [one.number for one in rows(db, ResultVersion)] == [2, 3, 4]


def test_before_scores_are_opened_only_counts_are_told(db: Database) -> None:
    fix = case(db, opened=False)
    told = fix.look(Wish("void"))
    assert told.lines == ()
    assert told.sums.scores == told.sums.up > 0
    assert not told.sums.ranked
    fix.correct(Wish("void"))
    assert len(fix.points(2)) == 5


def test_who_gains_and_who_loses_a_place_is_told(db: Database) -> None:
    fix = turned(db)
    told = fix.look(Wish("key", OTHER))
    moved = [one for one in told.lines if one.status_changed]
    gained = [one for one in moved if one.stands and one.stands.outcome == "accepted"]
    assert told.sums.ranked
    assert told.sums.statuses == len(moved)
    assert told.sums.gained == len([one for one in gained if one.stood and one.stood.outcome != "accepted"])
    assert told.sums.gained == told.sums.lost == 2
    assert sum(told.chosen) == told.sums.drawn == 5
    assert sum(count for _, count in told.steps) == 5


def test_a_frozen_list_is_frozen_again_and_each_changed_status_is_in_the_trail(db: Database) -> None:
    fix = turned(db, frozen=True)
    before = {one["attempt_id"]: (one["outcome"], one["reserve"]) for one in fix.stand.lines()}
    fix.correct(Wish("key", OTHER))
    after = {one["attempt_id"]: (one["outcome"], one["reserve"]) for one in fix.stand.lines()}
    with db.read() as tx:
        newest = ranking.newest_list(tx, fix.stand.activity_id)
    assert newest is not None
    assert newest.number == 2
    assert len(acts(db, correcting.STATUS)) == 5
    assert {one.object_id for one in acts(db, correcting.STATUS)} == {
        attempt for attempt, status in after.items() if before[attempt] != status
    }
    for entry in acts(db, correcting.STATUS):
        assert (entry.object_kind, entry.actor_id, entry.office_id) == (
            "attempt", fix.stand.second, fix.stand.scene.office.id
        )  # fmt: skip
        stood, stands = entry.detail["stood"], entry.detail["stands"]
        assert (stood[0], stood[2]) == before[entry.object_id]
        assert (stands[0], stands[2]) == after[entry.object_id]


def test_without_a_frozen_list_none_is_made(db: Database) -> None:
    fix = case(db)
    fix.correct(Wish("void"))
    assert fix.stand.lines() == []


def test_one_row_of_the_trail_tells_the_correction_with_its_counts(db: Database) -> None:
    fix = case(db)
    told = fix.look(Wish("drop"))
    fix.correct(Wish("drop"))
    (entry,) = acts(db, correcting.KIND)
    assert (entry.object_kind, entry.actor_id, entry.at) == ("item", fix.stand.second, NOW)
    assert entry.detail["rescored"] == 5
    assert entry.detail["count"] == told.sums.scores
    assert entry.detail["version"] == 2
    assert entry.detail["asked_by"] == fix.stand.admin


def test_results_are_announced_after_the_commit(db: Database) -> None:
    fix, heard = case(db), []
    db.subscribe(correcting.RESULTS, heard.append)
    fix.correct(Wish("void"))
    assert heard == [{"activity_id": fix.stand.activity_id, "number": 2}]


def test_another_activity_of_the_office_keeps_its_scores(db: Database) -> None:
    fix = case(db)
    fix.correct(Wish("void"))
    kept = [one for one in rows(db, Score) if dict(map(tuple, one.keys))[fix.revision] == 1]
    assert len(kept) == 5, "the scores of before name their keys and stay"


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (Wish("key", KEY), NothingChanges), (Wish("second", KEY), NothingChanges),
        (Wish("key", 4), UnknownOption), (Wish("second", None), UnknownOption), (Wish("other"), UnknownKind),
    ],
)  # fmt: skip
def test_a_correction_that_makes_no_key_is_refused(db: Database, wish: Wish, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        case(db, rights=(4,), absent=0).look(wish)


def test_an_item_on_no_paper_of_the_activity_is_refused(db: Database) -> None:
    fix = case(db, rights=(4,), absent=0)
    fix.revision = 9999
    with pytest.raises(ItemNotDrawn):
        fix.look(Wish("void"))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"reason": "  "}, ReasonMissing), ({"note": {"id": "Diperbaiki", "en": ""}}, NoteMissing),
        ({"note": {"en": "Corrected"}}, NoteMissing), ({"seen": "0" * 64}, EffectChanged),
    ],
)  # fmt: skip
def test_a_question_that_lacks_something_is_refused(
    db: Database, changed: dict[str, Any], refusal: type[Refusal]
) -> None:
    fix = case(db, rights=(4, 0), absent=0)
    with pytest.raises(refusal):
        fix.ask(Wish("void"), **changed)
    assert acts(db, "approval.asked") == []


def test_a_second_question_about_the_same_item_is_refused_while_one_waits(db: Database) -> None:
    fix = case(db, rights=(4, 0), absent=0)
    fix.ask(Wish("void"))
    with pytest.raises(AlreadyAsked):
        fix.ask(Wish("drop"))


def test_the_asker_does_not_grant(db: Database) -> None:
    fix = case(db, rights=(4, 0), absent=0)
    asked = fix.ask(Wish("void"))
    with pytest.raises(SamePerson):
        fix.grant(asked, fix.stand.admin)
    assert rows(db, ResultVersion) == []


def test_a_grant_replayed_is_refused_and_changes_nothing_more(db: Database) -> None:
    fix = case(db, rights=(4, 0), absent=0)
    asked = fix.ask(Wish("void"))
    fix.grant(asked)
    scores = len(rows(db, Score))
    with pytest.raises(ApprovalOver):
        fix.grant(asked)
    assert (len(rows(db, ResultVersion)), len(rows(db, Score))) == (1, scores)


def test_a_key_that_changed_since_it_was_asked_is_refused_and_nothing_is_granted(db: Database) -> None:
    fix = case(db, rights=(4, 0), absent=0)
    asked = fix.ask(Wish("void"))
    with db.write() as tx:
        tx.add(ItemKey(revision_id=fix.revision, version=2, content=b'\x00{"accepted":[1]}', created_at=NOW,
                       author_id=None))  # fmt: skip
    with pytest.raises(KeyChanged):
        fix.grant(asked)
    assert rows(db, ResultVersion) == []
    assert acts(db, "approval.granted") == []


def test_an_attempt_that_runs_again_is_left_to_its_next_settling(db: Database) -> None:

    fix = case(db, rights=(4, 0), absent=0)
    running = add_running(db, fix.stand.scene)
    with db.write() as tx:
        store(tx, [running.save(answer(1, 1, 1), at=START + MINUTE)])
    fix.correct(Wish("void"))
    assert running.attempt_id not in fix.points()


def test_what_was_reckoned_before_the_grant_is_what_is_written(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:

    fix = case(db)
    asked, act = fix.ask(Wish("void")), Correcting()
    monkeypatch.setattr(reckoning, "LARGE", 1)
    approval = waiting(db, asked)
    act.prepare(db, approval, here(db))
    monkeypatch.setattr(reckoning, "reckon", None)
    fix.grant(asked, act=act)
    assert fix.points() == {attempt: (whole(db, attempt).correct, 4) for attempt in fix.points(1)}


def test_what_was_reckoned_before_a_further_score_came_is_reckoned_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:

    fix = case(db, opened=False)
    asked, act = fix.ask(Wish("void")), Correcting()
    monkeypatch.setattr(reckoning, "LARGE", 1)
    act.prepare(db, waiting(db, asked), here(db))
    late = add_running(db, fix.stand.scene)
    sit(db, late, 1)
    fix.grant(asked, act=act)
    assert dict(fix.in_force()[late.attempt_id].keys)[fix.revision] == 2


def waiting(db: Database, asked: str) -> Any:

    with db.read() as tx:
        return tx.scalars(sa.select(Approval).where(Approval.public_id == asked)).one()


def test_who_closes_afterwards_is_scored_by_the_corrected_key(db: Database) -> None:

    fix: Case = case(db, opened=False)
    fix.correct(Wish("void"))
    late = add_running(db, fix.stand.scene)
    sit(db, late, 0)
    assert fix.points()[late.attempt_id] == (1, 4)
    assert late.attempt_id not in fix.points(1)


def prepared(fix: Case, asked: str, monkeypatch: pytest.MonkeyPatch) -> Correcting:
    """In a world in which two are many: everything is reckoned before the transaction."""
    monkeypatch.setattr(reckoning, "LARGE", 1)
    act = Correcting()
    act.prepare(fix.db, waiting(fix.db, asked), here(fix.db))
    return act


def further_mark(fix: Case) -> None:
    """As a fact that came by another way: officials give none any more after the freeze."""
    person = fix.stand.people[0]
    with fix.db.write() as tx:
        tx.add(GateCheck(attempt_id=person.attempt_id, receipt_number=fix.stand.lines()[0]["receipt_number"],
                         requirement=1, met=True, note="", author_id=fix.stand.admin,
                         given_at=NOW))  # fmt: skip


def test_the_further_list_is_made_before_the_grant_and_only_stored_by_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix = turned(db, frozen=True)
    before = {one["attempt_id"]: one["outcome"] for one in fix.stand.lines()}
    asked = fix.ask(Wish("key", OTHER))
    act = prepared(fix, asked, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(listing, "select", None)
        patched.setattr(reckoning, "reckon", None)
        fix.grant(asked, act=act)
    after = fix.stand.lines()
    assert {one["attempt_id"]: one["outcome"] for one in after} != before
    with db.read() as tx:
        newest = ranking.newest_list(tx, fix.stand.activity_id)
        assert newest is not None
        recorded = ranking.plan(tx, fix.stand.activity_id)
        anew = listing.compute_here(tx, storing.wanted(fix.stand.place, recorded, 2))
    assert (newest.number, newest.sha256) == (2, listing.seal(anew))
    assert len(acts(db, correcting.STATUS)) == 5


def test_a_fact_that_came_after_the_making_is_refused_and_granted_once_more_it_is_done(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix = turned(db, frozen=True)
    asked = fix.ask(Wish("key", OTHER))
    act = prepared(fix, asked, monkeypatch)
    further_mark(fix)
    scores = len(rows(db, Score))
    with pytest.raises(FactsMoved):
        fix.grant(asked, act=act)
    assert (rows(db, ResultVersion), len(rows(db, Score)), len(rows(db, SelectionList))) == ([], scores, 1)
    assert [one.object_kind for one in acts(db, "approval.granted")] == ["activity"], "only of the freeze"
    act.prepare(db, waiting(db, asked), here(db))
    fix.grant(asked, act=act)
    assert [one.number for one in rows(db, SelectionList)] == [1, 2]


def test_a_list_frozen_after_the_preparation_is_not_passed_over(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix = turned(db)
    asked = fix.ask(Wish("key", OTHER))
    act = prepared(fix, asked, monkeypatch)
    fix.stand.freeze()
    with pytest.raises(FactsMoved):
        fix.grant(asked, act=act)
    assert rows(db, ResultVersion) == []


def test_the_grant_never_reckons_a_large_activity_itself(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix = case(db)
    asked = fix.ask(Wish("void"))
    monkeypatch.setattr(reckoning, "LARGE", 1)
    with pytest.raises(FactsMoved):
        fix.grant(asked)
    assert rows(db, ResultVersion) == []
