"""A list is frozen by two officials who mean the same list; who did not sit is on none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exam_server.approvals import service as approvals
from exam_server.approvals.service import AlreadyAsked, ReasonMissing, SamePerson
from exam_server.db import Database
from exam_server.models import AuditEntry, Placing, Receipt, Score, SelectionList
from exam_server.ranking import freezing, listing, marks, plan, ready, service, storing
from exam_server.ranking import refusals as no
from exam_server.ranking.freezing import Freezing
from exam_server.ranking.ready import Ready
from exam_server.ranking.rules import Criteria, Quota, select
from exam_server.ranking.storing import Signed
from tests.factories import DAY, HOUR, MINUTE, START, add_running, add_sitting
from tests.ranking.stand import AFTER, CRITERIA, INTERVIEW, WITH_INTERVIEW, Stand, build


@pytest.fixture
def stand(db: Database) -> Stand:
    """Scores are opened; two places and two reserves for five who sat, one stayed away."""
    return build(db)


def grant(stand: Stand, asked: str, actor: int | None = None) -> None:
    acts = {freezing.KIND: Freezing().apply}
    approvals.grant(stand.db, acts, asked, actor or stand.second, AFTER + MINUTE)


def mark(stand: Stand, index: int, value: str) -> None:
    person = stand.people[index].run.public_id
    marks.give(stand.db, stand.place, person, INTERVIEW.key, value, "", stand.admin, AFTER)


def test_the_list_holds_everybody_who_sat_with_rank_outcome_and_total(stand: Stand) -> None:
    stand.freeze()
    assert [
        (one["detail"]["number"], one["rank"], one["outcome"], one["reserve"], one["total"])
        for one in stand.lines()
    ] == [
        (stand.people[0].number, 1, "accepted", None, 100_000_000),
        (stand.people[1].number, 2, "accepted", None, 80_000_000),
        (stand.people[2].number, 3, "reserve", 1, 60_000_000),
        (stand.people[3].number, 4, "reserve", 2, 40_000_000),
        (stand.people[4].number, 5, "not_accepted", None, 20_000_000),
    ]  # fmt: skip


def test_the_list_names_who_stands_for_it_and_seals_its_lines(stand: Stand) -> None:
    stand.freeze()
    with stand.db.read() as tx:
        row = tx.scalars(sa.select(SelectionList)).one()
        entry = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == freezing.KIND)).one()
    assert (row.asked_by, row.granted_by, row.reason) == (stand.admin, stand.second, "Rapat pleno")
    assert (row.number, row.result_number) == (1, 1)
    assert row.sha256 == listing.seal(stand.lines()) == entry.detail["sha256"]
    assert (entry.actor_id, entry.detail["asked_by"], entry.detail["count"]) == (stand.second, stand.admin, 5)


def test_what_the_rules_said_is_what_is_read_again(stand: Stand) -> None:
    list_id = stand.freeze()
    with stand.db.read() as tx:
        recorded = plan.plan(tx, stand.activity_id)
        runners = service.runners(tx, stand.activity_id)
        placed = service.placed(tx, list_id)
    criteria, quota = recorded.needed()
    assert placed == list(select(criteria.criteria, runners, quota.quotas, quota.reserves))


def test_the_world_hears_of_it_after_the_commit(stand: Stand) -> None:
    heard: list[dict[str, object]] = []
    stand.db.subscribe(freezing.KIND, heard.append)
    list_id = stand.freeze()
    assert heard == [{"activity_id": stand.activity_id, "list_id": list_id}]


def test_a_must_have_that_is_not_met_takes_the_rank_away(stand: Stand) -> None:
    best = stand.people[0]
    marks.check_gate(stand.db, stand.place, best.run.public_id, 1, False, "Sakit", stand.admin, AFTER)
    stand.freeze()
    last = stand.lines()[-1]
    assert (last["attempt_id"], last["outcome"], last["rank"]) == (best.attempt_id, "not_eligible", None)
    assert last["detail"]["failed"] == [1]
    assert stand.lines()[0]["attempt_id"] == stand.people[1].attempt_id


def test_a_preference_counts_as_the_application_says_until_an_official_says_otherwise(db: Database) -> None:
    stand = build(db, rights=[2, 2], data=[{"education": "smp"}, {}])
    with db.read() as tx:
        wish = [one.shares["preference:2"] for one in service.runners(tx, stand.activity_id)]
    assert wish == [0, 1]
    person = stand.people[0].run.public_id
    marks.give(db, stand.place, person, "preference:2", "1", "Ijazah paket C", stand.admin, AFTER)
    with db.read() as tx:
        wish = [one.shares["preference:2"] for one in service.runners(tx, stand.activity_id)]
    assert wish == [1, 1]


def test_equal_totals_are_told_apart_by_who_applied_first_and_the_list_says_so(db: Database) -> None:
    stand = build(db, rights=[2, 2], frozen=True)
    assert [(one["attempt_id"], one["detail"]["tie"]) for one in stand.lines()] == [
        (stand.people[0].attempt_id, None), (stand.people[1].attempt_id, "applied"),
    ]  # fmt: skip


def test_quotas_per_kecamatan_take_their_own_best(db: Database) -> None:
    stand = build(db, rights=[4, 3, 2, 1], kecamatan=["Bangsri", "Bangsri", "Keling", "Elsewhere"],
                  quotas=(Quota(1, "Bangsri"), Quota(1, "Keling")), reserves=1, frozen=True)  # fmt: skip
    assert [(one["outcome"], one["quota"]) for one in stand.lines()] == [
        ("accepted", 0), ("reserve", 0), ("accepted", 1), ("not_accepted", None),
    ]  # fmt: skip


def test_the_asker_does_not_grant(stand: Stand) -> None:
    asked = stand.ask()
    with pytest.raises(SamePerson):
        grant(stand, asked, stand.admin)
    assert stand.lines() == []


def test_the_same_question_waits_only_once(stand: Stand) -> None:
    stand.ask()
    with pytest.raises(AlreadyAsked):
        stand.ask()


def test_a_question_without_a_reason_is_not_asked(stand: Stand) -> None:
    with pytest.raises(ReasonMissing):
        stand.ask(reason="  ")


def test_a_list_that_has_changed_since_the_asking_is_not_frozen(stand: Stand) -> None:
    asked = stand.ask()
    person = stand.people[4].run.public_id
    marks.check_gate(stand.db, stand.place, person, 1, False, "Sakit", stand.admin, AFTER)
    with pytest.raises(no.ListChanged):
        grant(stand, asked)
    assert stand.lines() == []
    with stand.db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Placing.attempt_id))) == 0


def test_another_quota_after_the_asking_is_another_list(stand: Stand) -> None:
    asked = stand.ask()
    plan.record_quota(stand.db, stand.place, (Quota(3),), 2, "Anggaran", stand.admin, AFTER)
    with pytest.raises(no.ListChanged):
        grant(stand, asked)


def test_before_the_opening_nothing_is_frozen(db: Database) -> None:
    with pytest.raises(no.ScoresNotOpened):
        build(db, opened=False).ask()


def test_without_a_quota_nothing_is_frozen(db: Database) -> None:
    with pytest.raises(no.QuotaMissing):
        build(db, quotas=()).ask()


def test_outside_the_announced_stage_nothing_is_frozen(stand: Stand) -> None:
    with pytest.raises(no.DecisionOutsidePhase):
        stand.ask(START + 14 * DAY)
    asked = stand.ask(START + 14 * DAY - MINUTE)
    acts = {freezing.KIND: Freezing().apply}
    with pytest.raises(no.DecisionOutsidePhase):
        approvals.grant(stand.db, acts, asked, stand.second, START + 14 * DAY)


def test_while_somebody_still_sits_the_list_is_prepared_but_not_frozen(stand: Stand) -> None:
    later = add_sitting(stand.db, stand.activity_id, starts_at=AFTER, ends_at=AFTER + 2 * HOUR)
    add_running(stand.db, replace(stand.scene, sitting=later), AFTER)
    with pytest.raises(no.StillSitting) as refused:
        stand.ask(AFTER + MINUTE)
    assert refused.value.params == {"count": 1, "at": "Rabu, 4 November 2026 pukul 13.00 WIB"}
    with stand.db.read() as tx:
        assert len(service.runners(tx, stand.activity_id)) == 5


def test_a_sitting_that_is_still_ahead_holds_the_freeze(stand: Stand) -> None:
    add_sitting(stand.db, stand.activity_id, label="Sesi 2", starts_at=AFTER + DAY, ends_at=AFTER + 2 * DAY)
    with pytest.raises(no.StillSitting) as refused:
        stand.ask()
    assert refused.value.params["count"] == 0


def test_a_sitting_is_over_at_its_end_and_not_a_moment_before(stand: Stand) -> None:
    ends_at = START + 2 * HOUR
    with pytest.raises(no.StillSitting):
        stand.ask(ends_at - timedelta(microseconds=1))
    assert stand.ask(ends_at)


def test_a_missing_mark_is_named_with_how_many_lack_it(db: Database) -> None:
    stand = build(db, rights=[4, 3], criteria=WITH_INTERVIEW)
    mark(stand, 0, "80")
    with pytest.raises(no.MarksMissing) as refused:
        stand.ask()
    assert refused.value.params == {"label": "Wawancara", "count": 1}
    mark(stand, 1, "90")
    stand.freeze()
    assert [one["total"] for one in stand.lines()] == [96_000_000, 78_000_000]


def test_who_has_no_rank_needs_no_mark(db: Database) -> None:
    stand = build(db, rights=[4, 3], criteria=WITH_INTERVIEW)
    mark(stand, 0, "80")
    other = stand.people[1].run.public_id
    marks.check_gate(db, stand.place, other, 1, False, "Sakit", stand.admin, AFTER)
    assert stand.freeze()


def test_a_list_of_nobody_is_not_frozen(db: Database) -> None:
    with pytest.raises(no.NobodyRanked):
        build(db, rights=[], absent=1).ask()


def test_a_frozen_selection_is_not_frozen_again_by_asking(stand: Stand) -> None:
    stand.freeze()
    with pytest.raises(no.SelectionFrozen):
        stand.ask()


def test_a_correction_makes_a_further_list_by_the_same_criteria_and_quota(stand: Stand) -> None:
    first = stand.freeze()
    signed = Signed(stand.second, stand.admin, "Kunci", AFTER + DAY)
    with stand.db.write() as tx:
        asked = storing.wanted(stand.place, plan.plan(tx, stand.activity_id), 1)
        second = service.freeze_again(tx, stand.activity_id, 2, ready.make(tx, asked), signed)
    with stand.db.read() as tx:
        rows = list(tx.scalars(sa.select(SelectionList).order_by(SelectionList.number)))
        newest = service.newest_list(tx, stand.activity_id)
        assert service.placed(tx, first) == service.placed(tx, second)
    assert [(row.id, row.number, row.result_number) for row in rows] == [(first, 1, 1), (second, 2, 2)]
    assert len({(row.criteria_id, row.quota_id) for row in rows}) == 1
    assert newest is not None
    assert newest.id == second


def test_without_a_frozen_list_there_is_nothing_to_freeze_again(stand: Stand) -> None:
    signed = Signed(stand.admin, stand.second, "Kunci", AFTER)
    with pytest.raises(no.NothingFrozen), stand.db.write() as tx:
        service.freeze_again(tx, stand.activity_id, 2, Ready([], "0" * 64, {}, {}, []), signed)


def test_the_schema_refuses_to_place_who_did_not_sit(stand: Stand) -> None:
    list_id = stand.freeze()
    with pytest.raises(IntegrityError), stand.db.write() as tx:
        tx.add(Placing(list_id=list_id, attempt_id=stand.absent[0].attempt_id, receipt_number=1,
                       keys_sha256="0" * 64, rank=6, outcome="not_accepted", reserve=None, quota=0,
                       total=0, detail={}))  # fmt: skip


def test_every_placing_rests_on_a_receipt_and_a_score(stand: Stand) -> None:
    stand.freeze()
    with stand.db.read() as tx:
        rows = tx.execute(
            sa.select(Placing.attempt_id)
            .join(Receipt, sa.and_(Receipt.attempt_id == Placing.attempt_id,
                                   Receipt.number == Placing.receipt_number))
            .join(Score, sa.and_(Score.attempt_id == Placing.attempt_id,
                                 Score.keys_sha256 == Placing.keys_sha256))
        ).all()  # fmt: skip
    assert len(rows) == len(stand.people)


def test_weights_that_are_not_whole_are_reckoned_exactly(db: Database) -> None:
    third = Fraction(100, 3)
    criteria = Criteria((replace(CRITERIA.components[0], weight=100 - third),
                         replace(CRITERIA.components[1], weight=third)))  # fmt: skip
    stand = build(db, rights=[1], criteria=criteria, frozen=True)
    (line,) = stand.lines()
    assert Fraction(line["detail"]["total"]) == Fraction(200, 12) + third
    assert line["total"] == 50_000_000
