"""What is recorded of a final selection, in its order: criteria, quotas, the opening of the scores."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.models import AuditEntry, Desa, Phase
from exam_server.ranking import ground, marks, plan
from exam_server.ranking import refusals as no
from exam_server.ranking.rules import TEST, Component, Criteria, Quota
from tests.factories import DAY, START, add
from tests.ranking.stand import AFTER, CRITERIA, INTERVIEW, WITH_INTERVIEW, Stand, build


@pytest.fixture
def stand(db: Database) -> Stand:
    """Two who sat and one who did not; nothing is recorded yet."""
    made = build(db, rights=[3, 1], criteria=None)
    add(db, Desa(office_id=made.scene.office.id, kecamatan="Bangsri", name="Jerukwangi"))
    return made


def trail(db: Database, act: str) -> list[dict[str, Any]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id))
        return [row.detail | {"actor": row.actor_id, "office": row.office_id} for row in rows]


def record(stand: Stand, criteria: Criteria) -> int:
    return plan.record_criteria(stand.db, stand.place, criteria, stand.admin, START)


def quota(stand: Stand, *quotas: Quota, reserves: int = 2, reason: str = "") -> int:
    return plan.record_quota(stand.db, stand.place, quotas, reserves, reason, stand.admin, START)


def look(stand: Stand) -> plan.Plan:
    with stand.db.read() as tx:
        return plan.plan(tx, stand.activity_id)


def test_criteria_are_kept_with_who_and_when_and_the_lot_of_the_activity(stand: Stand) -> None:
    assert record(stand, replace(CRITERIA, lot="my own lot")) == 1
    kept = look(stand).criteria
    assert kept is not None
    assert kept.criteria == replace(CRITERIA, lot=stand.scene.selection.public_id)
    assert (kept.number, kept.at) == (1, START)
    (row,) = trail(stand.db, "criteria.recorded")
    assert (row["actor"], row["office"], row["version"]) == (stand.admin, stand.scene.office.id, 1)


def test_newer_criteria_count_and_the_same_again_are_no_newer_ones(stand: Stand) -> None:
    assert [record(stand, CRITERIA), record(stand, CRITERIA), record(stand, WITH_INTERVIEW)] == [1, 1, 2]
    kept = look(stand).criteria
    assert kept is not None
    assert kept.criteria.components == WITH_INTERVIEW.components


def part(key: str, weight: int = 20, **changed: Any) -> Component:
    return Component(key, Fraction(weight), **changed)


TESTED = part(TEST, 80)


@pytest.mark.parametrize(
    ("criteria", "refusal", "params"),
    [
        (Criteria((TESTED, part("preference:2", 15, basis="education"))), no.WeightsDoNotSum, {"sum": "95"}),
        (Criteria((part(TEST, 100), replace(INTERVIEW, weight=Fraction(1, 2)))), no.WeightsDoNotSum,
         {"sum": "100,5"}),
        (Criteria(()), no.WeightsDoNotSum, {"sum": "0"}),
        (Criteria((part(TEST, 120), part("preference:2", -20, basis="age"))), no.WeightUnreadable,
         {"typed": "120"}),
        (Criteria((TESTED, part("preference:9", basis="age"))), no.UnknownRequirement, {"position": "9"}),
        (Criteria((TESTED, part("preference:1", basis="age"))), no.UnknownRequirement, {"position": "1"}),
        (Criteria((TESTED, part("preference:2", basis="looks"))), no.UnknownBasis, {"position": 2}),
        (Criteria((TESTED, part("height"))), no.UnknownComponent, {"key": "height"}),
        (Criteria((TESTED, part(TEST))), no.ComponentDoubled, {"label": "test"}),
        (Criteria((TESTED, part("mark:x", label="  "))), no.LabelMissing, {"most": 60}),
        (Criteria((TESTED, part("mark:x", label="X", most=0))), no.MostUnreadable,
         {"label": "X", "most": 1000}),
        (Criteria((part(TEST, 100),), gates=(2,)), no.UnknownRequirement, {"position": 2}),
        (Criteria((part(TEST, 100),), ties=("mark:x",)), no.UnknownTie, {"key": "mark:x"}),
        (Criteria((part(TEST, 100),), ties=("applied", "applied")), no.TieDoubled, {}),
    ],
)  # fmt: skip
def test_criteria_that_cannot_count_are_refused_and_nothing_is_kept(
    stand: Stand, criteria: Criteria, refusal: type[Refusal], params: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as refused:
        record(stand, criteria)
    assert refused.value.params == params
    assert look(stand).criteria is None
    assert trail(stand.db, "criteria.recorded") == []


def test_a_highest_value_is_not_lowered_under_a_mark_that_was_given(stand: Stand) -> None:
    record(stand, WITH_INTERVIEW)
    person = stand.people[0].run.public_id
    marks.give(stand.db, stand.place, person, INTERVIEW.key, "80", "", stand.admin, AFTER)
    with pytest.raises(no.MarksAboveMost):
        record(stand, Criteria((TESTED, replace(INTERVIEW, most=50))))
    assert record(stand, Criteria((TESTED, replace(INTERVIEW, most=80)))) == 2


def test_after_the_opening_criteria_are_fixed(stand: Stand) -> None:
    record(stand, CRITERIA)
    plan.open_scores(stand.db, stand.place, stand.admin, AFTER)
    with pytest.raises(no.CriteriaFixed):
        record(stand, WITH_INTERVIEW)
    kept = look(stand).criteria
    assert kept is not None
    assert kept.number == 1


def test_scores_are_opened_once_by_whoever_was_first(stand: Stand) -> None:
    record(stand, CRITERIA)
    plan.open_scores(stand.db, stand.place, stand.admin, AFTER)
    plan.open_scores(stand.db, stand.place, stand.second, AFTER + DAY)
    opening = look(stand).opening
    assert opening is not None
    assert opening.at == AFTER
    (row,) = trail(stand.db, "scores.opened")
    assert (row["actor"], row["version"]) == (stand.admin, 1)


def test_without_criteria_scores_stay_closed(stand: Stand) -> None:
    with pytest.raises(no.CriteriaMissing):
        plan.open_scores(stand.db, stand.place, stand.admin, AFTER)
    assert look(stand).opening is None


@pytest.mark.parametrize("days", [-15, 15])
def test_outside_the_announced_stage_scores_stay_closed_and_the_window_is_named(
    stand: Stand, days: int
) -> None:
    record(stand, CRITERIA)
    with pytest.raises(no.DecisionOutsidePhase) as refused:
        plan.open_scores(stand.db, stand.place, stand.admin, START + days * DAY)
    assert refused.value.params == {
        "opens": "Rabu, 21 Oktober 2026 pukul 08.00 WIB", "closes": "Rabu, 18 November 2026 pukul 08.00 WIB",
    }  # fmt: skip
    assert look(stand).opening is None


def test_a_stage_without_dates_is_always_open(stand: Stand) -> None:
    with stand.db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "final").values(opens_at=None, closes_at=None))
    record(stand, CRITERIA)
    with stand.db.read() as tx:
        place = ground.of_activity(tx, stand.activity_id)
    plan.open_scores(stand.db, place, stand.admin, START + 300 * DAY)
    assert look(stand).opening is not None


def test_quotas_are_of_the_office_s_own_lists_and_kept_in_their_order(stand: Stand) -> None:
    wanted = (Quota(3, "Bangsri", "Jerukwangi"), Quota(5, "Bangsri"), Quota(9))
    assert quota(stand, *wanted, reserves=4) == 1
    kept = look(stand).quota
    assert kept is not None
    assert (kept.quotas, kept.reserves) == (wanted, 4)
    (row,) = trail(stand.db, "quota.recorded")
    assert (row["actor"], row["reserves"]) == (stand.admin, 4)


@pytest.mark.parametrize(
    ("quotas", "reserves", "refusal", "params"),
    [
        ([], 0, no.NoPlaces, {}),
        ([Quota(0)], 0, no.NoPlaces, {}),
        ([Quota(1, "Pecangaan")], 0, no.UnknownKecamatan, {"kecamatan": "Pecangaan"}),
        ([Quota(1, "", "Jerukwangi")], 0, no.UnknownKecamatan, {"kecamatan": "–"}),
        ([Quota(1, "Keling", "Jerukwangi")], 0, no.UnknownDesa,
         {"desa": "Jerukwangi", "kecamatan": "Keling"}),
        ([Quota(1, "Keling"), Quota(2, "Keling")], 0, no.QuotaDoubled, {"where": "Keling"}),
        ([Quota(1), Quota(2)], 0, no.QuotaDoubled, {"where": "Kabupaten Jepara"}),
        ([Quota(1)], -1, no.ReservesUnreadable, {"most": 10_000}),
    ],
)  # fmt: skip
def test_quotas_that_cannot_be_filled_are_refused_and_nothing_is_kept(
    stand: Stand, quotas: list[Quota], reserves: int, refusal: type[Refusal], params: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as refused:
        quota(stand, *quotas, reserves=reserves)
    assert refused.value.params == params
    assert look(stand).quota is None


def test_a_changed_quota_needs_a_reason_and_the_same_again_does_not(stand: Stand) -> None:
    assert [quota(stand, Quota(2)), quota(stand, Quota(2))] == [1, 1]
    with pytest.raises(no.QuotaReasonMissing):
        quota(stand, Quota(3), reason=" \u200b ")
    assert quota(stand, Quota(3), reason="Anggaran berubah") == 2
    assert [row["reason"] for row in trail(stand.db, "quota.recorded")] == ["", "Anggaran berubah"]


def test_a_frozen_list_keeps_its_quota(db: Database) -> None:
    stand = build(db, rights=[3, 1], frozen=True)
    with pytest.raises(no.SelectionFrozen):
        quota(stand, Quota(5), reason="Anggaran berubah")
