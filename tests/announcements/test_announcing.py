"""A result is announced by two officials, as it was asked for, on its date, and in versions that stay."""

from __future__ import annotations

import hashlib
import json

import pytest
import sqlalchemy as sa

from exam_server.announcements import reading
from exam_server.announcements.document import NUMBER, OUTCOME
from exam_server.announcements.refusals import (
    AnnouncementChanged,
    ListOutdated,
    NotFrozen,
    NothingNew,
    PolicyUnknown,
    PublishTimePassed,
    ResultsMoved,
    StillSitting,
    TextTooLong,
    TooEarly,
)
from exam_server.announcements.rules import Policy
from exam_server.announcements.telling import Telling
from exam_server.approvals.service import AlreadyAsked, ReasonMissing, SamePerson
from exam_server.db import Database
from exam_server.models import Account, AuditEntry, ItemRevision, Mail, Notice, Phase, ResultVersion
from tests.announcements.announcing import ACTS, LATER, announcements, ask, grant, happen, publish
from tests.conftest import SetClock
from tests.factories import DAY, HOUR, MINUTE, START, add, add_running, make_phase
from tests.ranking.stand import AFTER, Stand, build


@pytest.fixture
def stand(db: Database) -> Stand:
    """Two places, two reserves, one without a place, one absent."""
    return build(db, frozen=True)


def said(stand: Stand) -> dict[str, object]:
    return dict(json.loads(announcements(stand.db)[-1].content))


def test_two_officials_announce_exactly_what_was_asked_for(stand: Stand) -> None:
    row = publish(stand)
    assert (row.number, row.asked_by, row.granted_by) == (1, stand.admin, stand.second)
    assert hashlib.sha256(row.content.encode()).hexdigest() == row.sha256
    outcomes = [(line[0], line[5], line[6]) for line in json.loads(row.content)["rows"]]
    numbers = [one.number for one in stand.people]
    assert outcomes == [
        (numbers[0], "accepted", None), (numbers[1], "accepted", None), (numbers[2], "reserve", 1),
        (numbers[3], "reserve", 2), (numbers[4], "not_accepted", None),
    ]  # fmt: skip


def test_the_trail_and_a_notice_tell_of_it(stand: Stand) -> None:
    row = publish(stand, publish_at=LATER)
    with stand.db.read() as tx:
        entry = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "result.announced")).one()
        notice = tx.scalars(sa.select(Notice)).one()
    assert (entry.actor_id, entry.detail["sha256"], entry.detail["reason"]) == (
        stand.second,
        row.sha256,
        "Rapat pleno",
    )
    assert (notice.published_at, "Hasil seleksi akhir" in notice.text["id"]) == (LATER, True)


def test_nothing_is_announced_before_the_list_is_frozen(db: Database) -> None:
    with pytest.raises(NotFrozen):
        ask(build(db))


def test_nothing_is_announced_while_somebody_sits_or_may_still_enter(stand: Stand) -> None:
    add_running(stand.db, stand.scene)
    with pytest.raises(StillSitting):
        ask(stand)


def test_a_sitting_that_is_ahead_is_waited_for(stand: Stand) -> None:
    with pytest.raises(StillSitting) as refused:
        ask(stand, at=START - HOUR)
    assert refused.value.params["count"] == 1


def test_a_list_without_somebody_who_sat_since_is_refused(stand: Stand) -> None:
    run = add_running(stand.db, stand.scene)
    with stand.db.write() as tx:
        tx.execute(
            sa.text("UPDATE attempt SET finalised_at = deadline_at, how = 'clock' WHERE id = :id"),
            {"id": run.attempt_id},
        )
    with pytest.raises(ListOutdated):
        ask(stand)


def test_a_list_by_scores_that_were_corrected_since_is_refused(stand: Stand) -> None:
    with stand.db.read() as tx:
        revision = tx.scalars(sa.select(ItemRevision.id).limit(1)).one()
    add(stand.db, ResultVersion(
        activity_id=stand.activity_id, number=2, revision_id=revision, key_version=1, kind="void",
        reason="Rapat", note={"id": "-", "en": "-"}, effect={}, asked_by=stand.admin,
        granted_by=stand.second, applied_at=AFTER,
    ))  # fmt: skip
    with pytest.raises(ResultsMoved) as refused:
        ask(stand)
    assert refused.value.params == {"now": 2, "used": 1}


def test_the_announced_date_is_the_earliest_instant(stand: Stand) -> None:
    add(stand.db, make_phase(stand.scene.recruitment.id, "result", 9, opens_at=LATER, closes_at=LATER + DAY))
    with pytest.raises(TooEarly) as refused:
        ask(stand)
    assert "2026" in str(refused.value.params["at"])
    with pytest.raises(TooEarly):
        ask(stand, publish_at=LATER - MINUTE)
    assert publish(stand, publish_at=LATER).publish_at == LATER


def test_later_than_the_announced_date_is_allowed(stand: Stand) -> None:
    add(stand.db, make_phase(stand.scene.recruitment.id, "result", 9, opens_at=LATER, closes_at=LATER + DAY))
    assert publish(stand, publish_at=LATER + DAY).publish_at == LATER + DAY


def test_an_instant_that_has_passed_is_refused_where_no_date_was_announced(stand: Stand) -> None:
    with pytest.raises(PublishTimePassed):
        ask(stand, publish_at=AFTER - HOUR)


def test_a_date_that_was_moved_meanwhile_stops_the_grant(stand: Stand) -> None:
    phase = add(
        stand.db, make_phase(stand.scene.recruitment.id, "result", 9, opens_at=AFTER, closes_at=LATER)
    )
    asked = ask(stand)
    with stand.db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.id == phase.id).values(opens_at=AFTER + HOUR))
    with pytest.raises(AnnouncementChanged):
        grant(stand, asked)
    assert announcements(stand.db) == []


def test_what_changed_since_it_was_asked_for_is_not_announced(stand: Stand) -> None:
    asked = ask(stand)
    happen(stand, "withdrew", 0, AFTER)
    with pytest.raises(AnnouncementChanged):
        grant(stand, asked)
    assert announcements(stand.db) == []


def test_nobody_grants_what_they_asked_for(stand: Stand) -> None:
    from exam_server.approvals import service as approvals

    with pytest.raises(SamePerson):
        approvals.grant(stand.db, ACTS, ask(stand), stand.admin, AFTER)


def test_it_is_asked_for_once_and_with_a_reason(stand: Stand) -> None:
    from exam_server.announcements import service

    ask(stand)
    with pytest.raises(AlreadyAsked):
        ask(stand)
    with pytest.raises(ReasonMissing):
        service.ask(stand.db, stand.place, Policy(), None, " ", stand.second, AFTER)


@pytest.mark.parametrize("policy", [Policy(names="nik"), Policy(not_accepted="all"), Policy(offer_hours=0)])
def test_a_policy_that_is_not_offered_is_refused(stand: Stand, policy: Policy) -> None:
    with pytest.raises(PolicyUnknown):
        ask(stand, policy)


def test_texts_that_are_too_long_are_refused(stand: Stand) -> None:
    with pytest.raises(TextTooLong):
        ask(stand, Policy(document_number="B" * 81))


def test_it_is_public_from_its_instant_on_and_not_a_moment_earlier(stand: Stand) -> None:
    row = publish(stand, publish_at=LATER)
    for now, numbers in ((LATER - MINUTE, []), (LATER, [1])):
        found = reading.of_office(stand.db, stand.scene.office.slug, now)
        assert [one.number for one in found.versions] == numbers
    assert found.versions[0].public_id == row.public_id


def test_a_further_version_tells_what_changed_and_the_older_stays(stand: Stand) -> None:
    first = publish(stand)
    happen(stand, "withdrew", 0, AFTER)
    happen(stand, "offered", 2, AFTER, due_at=LATER, vacated_by=stand.people[0].attempt_id)
    second = publish(stand, at=AFTER + HOUR)
    numbers = [one.number for one in stand.people]
    told = json.loads(second.content)
    assert (second.number, told["since"]) == (2, 1)
    assert told["replaced"] == [{"left": numbers[0], "by": numbers[2]}]
    assert told["changes"] == sorted(
        [
            {"number": numbers[0], "was": "accepted", "now": ""},
            {"number": numbers[2], "was": "reserve 1", "now": "offered 1"},
        ],
        key=lambda one: one["number"],
    )
    found = reading.of_office(stand.db, stand.scene.office.slug, AFTER + HOUR)
    assert [one.public_id for one in found.versions] == [second.public_id, first.public_id]


def test_the_same_again_is_no_further_version(stand: Stand) -> None:
    publish(stand)
    with pytest.raises(NothingNew):
        ask(stand, at=AFTER + HOUR)


def test_an_offer_that_ran_out_since_the_asking_is_another_announcement(stand: Stand) -> None:
    happen(stand, "withdrew", 0, AFTER)
    happen(stand, "offered", 2, AFTER, due_at=AFTER + HOUR, vacated_by=stand.people[0].attempt_id)
    asked = ask(stand)
    with pytest.raises(AnnouncementChanged):
        grant(stand, asked, AFTER + HOUR)


@pytest.mark.parametrize(("how", "name"), [("full", "Peserta 001"), ("masked", "P*** 0***"), ("none", "")])
def test_names_are_public_as_far_as_the_policy_says(stand: Stand, how: str, name: str) -> None:
    publish(stand, Policy(names=how))
    assert said(stand)["rows"][0][1] == name  # type: ignore[index]


def test_where_ranks_are_closed_the_order_does_not_tell_them(db: Database) -> None:
    stand = build(db, places=5, frozen=True)
    rows = json.loads(publish(stand, Policy(rank=False)).content)["rows"]
    accepted = [row[NUMBER] for row in rows if row[OUTCOME] == "accepted"]
    assert len(accepted) == 5
    assert accepted == sorted(accepted)


def test_columns_that_the_policy_closes_are_empty(stand: Stand) -> None:
    publish(stand, Policy(names="none", kecamatan=False, rank=False, total=False, not_accepted="none"))
    rows = json.loads(announcements(stand.db)[-1].content)["rows"]
    assert [row[1:5] for row in rows] == [["", "", None, None]] * 4


def test_nothing_private_is_in_it(stand: Stand) -> None:
    with stand.db.read() as tx:
        emails = list(tx.scalars(sa.select(Account.email)))
        niks = list(tx.scalars(sa.text("SELECT nik FROM profile")))
    text = publish(stand, Policy(names="full")).content
    assert [one for one in (*emails, *niks, "1998-05-17") if one and one in text] == []


def test_the_method_is_told_in_words_with_the_lot_and_the_counts(stand: Stand) -> None:
    publish(stand)
    whole = " ".join(said(stand)["method"])  # type: ignore[arg-type]
    for part in ("Tes Kompetensi 80%", "1. Sehat jasmani", "mendaftar lebih dahulu", "SHA-256",
                 stand.place.public_id, "umum: 2 orang", "paling banyak 2 orang",
                 "mengikuti tes: 5 orang", "tidak hadir: 1 orang", "hasil versi 1"):  # fmt: skip
        assert part in whole, part


def letters(db: Database) -> list[Mail]:
    with db.read() as tx:
        return list(
            tx.scalars(sa.select(Mail).where(Mail.subject.contains("asil seleksi")).order_by(Mail.id))
        )


def test_everybody_on_the_list_is_written_to_once_and_only_when_it_is_out(
    stand: Stand, clock: SetClock
) -> None:
    publish(stand, publish_at=LATER)
    workers = [Telling(stand.db, clock) for _ in range(2)]
    clock.at = LATER - MINUTE
    assert [one.round() for one in workers] == [0, 0]
    clock.at = LATER
    assert [one.round() for one in workers] == [5, 0]
    sent = letters(stand.db)
    assert {one.account_id for one in sent} == {one.run.candidate_id for one in stand.people}
    assert all("/result" in one.body and "iterima" not in one.body for one in sent)


def test_a_further_announcement_is_told_once_more(stand: Stand, clock: SetClock) -> None:
    publish(stand)
    clock.at = AFTER
    worker = Telling(stand.db, clock)
    assert worker.round() == 5
    happen(stand, "withdrew", 0, AFTER)
    publish(stand, at=AFTER + HOUR)
    clock.at = AFTER + HOUR
    assert (worker.round(), worker.round()) == (5, 0)
    assert letters(stand.db)[-1].subject.startswith("Pengumuman hasil seleksi")
