"""A place is left, and the next reserve of the same quota is offered it in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from exam_server.approvals import service as approvals
from exam_server.approvals.service import AlreadyAsked, SamePerson
from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.placings import offers, service, telling
from exam_server.placings.refusals import (
    AlreadyLeft,
    NoPlace,
    NotAnnounced,
    NotFrozen,
    NothingOffered,
    NotOnTheList,
    OfferOver,
    WhyMissing,
    WhyTooLong,
)
from exam_server.placings.worker import Offering
from exam_server.ranking.rules import Quota
from tests.conftest import SetClock
from tests.factories import HOUR, MINUTE, add_account, add_other_scene
from tests.placings.samples import ACTS, DAY_OF_RESULT, LATER, REASON, Places, announce
from tests.ranking.stand import AFTER, build

THREE_DAYS = timedelta(hours=72)


def test_at_first_everybody_stands_as_the_list_says(places: Places) -> None:
    assert places.where(LATER) == ["accepted", "accepted", "reserve", "reserve", "not_accepted"]


def test_who_withdraws_leaves_the_place_to_the_first_reserve(places: Places) -> None:
    places.withdraw(1)
    assert places.where(LATER) == ["withdrew", "accepted", "offered", "reserve", "not_accepted"]
    assert places.standing(3, LATER).until == LATER + THREE_DAYS
    assert places.events() == [("withdrew", 1), ("offered", 3)]


def test_withdrawing_again_is_nothing_new(places: Places) -> None:
    places.withdraw(1)
    places.withdraw(1, LATER + HOUR)
    assert places.events() == [("withdrew", 1), ("offered", 3)]


def test_a_reserve_who_withdraws_leaves_no_place(places: Places) -> None:
    places.withdraw(3)
    assert places.events() == [("withdrew", 3)]
    places.withdraw(1)
    assert places.where(LATER)[3] == "offered"


def test_the_announcement_says_how_long_an_offer_stands(db: Database) -> None:
    places = Places(db, policy={"offer_hours": 24})
    places.withdraw(2)
    assert places.standing(3, LATER).until == LATER + timedelta(hours=24)


def test_another_quota_s_reserve_is_not_offered_the_place(db: Database) -> None:
    quotas = (Quota(1, "Bangsri"), Quota(1, "Keling"))
    places = Places(db, kecamatan=("Bangsri", "Keling"), quotas=quotas, reserves=1)
    assert places.where(LATER) == ["accepted", "accepted", "reserve", "reserve", "not_accepted"]
    places.withdraw(2)
    assert places.where(LATER)[2:] == ["reserve", "offered", "not_accepted"]


def test_a_declined_place_goes_to_the_next_reserve_at_once(places: Places) -> None:
    places.withdraw(1)
    places.decline(3, LATER + HOUR)
    assert places.where(LATER + HOUR)[2:4] == ["declined", "offered"]
    places.decline(3, LATER + HOUR)
    places.decline(4, LATER + HOUR)
    assert places.events() == [("withdrew", 1), ("offered", 3), ("declined", 3), ("offered", 4),
                               ("declined", 4)]  # fmt: skip


def test_a_taken_place_is_theirs_and_taking_again_is_nothing_new(places: Places) -> None:
    places.withdraw(1)
    places.take(3, LATER + HOUR)
    places.take(3, LATER + 2 * HOUR)
    assert places.where(LATER + 4 * THREE_DAYS)[2] == "accepted"
    assert places.events() == [("withdrew", 1), ("offered", 3), ("took", 3)]
    places.withdraw(3, LATER + 3 * HOUR)
    assert places.where(LATER + 3 * HOUR)[2:4] == ["withdrew", "offered"]


def test_an_offer_lapses_by_the_clock_whether_or_not_a_worker_lives(places: Places) -> None:
    places.withdraw(1)
    over = LATER + THREE_DAYS
    assert places.standing(3, over - timedelta(microseconds=1)).where == "offered"
    assert places.standing(3, over).where == "lapsed"
    with pytest.raises(OfferOver):
        places.take(3, over)
    with pytest.raises(OfferOver):
        places.decline(3, over)
    with pytest.raises(AlreadyLeft):
        places.withdraw(3, over)
    assert places.events() == [("withdrew", 1), ("offered", 3)]


def test_the_worker_offers_what_lapsed_and_a_second_round_does_nothing(places: Places) -> None:
    places.withdraw(1)
    clock = SetClock(LATER + THREE_DAYS)
    worker = Offering(places.db, clock)
    assert (worker.round(), worker.round()) == (1, 0)
    assert places.where(clock.now())[2:4] == ["lapsed", "offered"]
    assert places.standing(4, clock.now()).until == clock.now() + THREE_DAYS


def test_another_act_makes_up_for_a_dead_worker(places: Places) -> None:
    places.withdraw(1)
    over = LATER + THREE_DAYS
    places.withdraw(2, over)
    # the lapsed place was left first: the one reserve who is left is offered that one
    assert places.where(over) == ["withdrew", "withdrew", "lapsed", "offered", "not_accepted"]
    assert places.standing(4, over).instead_of in {places[3].attempt_id, places[2].attempt_id}


def test_who_took_a_moment_too_late_by_another_clock_does_not_share_the_place(places: Places) -> None:
    places.withdraw(1)
    over = LATER + THREE_DAYS
    offers.catch_up(places.db, places.stand.activity_id, over)
    with pytest.raises(OfferOver):
        places.take(3, over - MINUTE)
    assert places.where(over)[2:4] == ["lapsed", "offered"]


def test_before_the_announcement_offers_wait_and_then_the_worker_makes_them(db: Database) -> None:
    places = Places(db, announced=False)
    places.note(1, AFTER + HOUR)
    assert places.events() == [("withdrew", 1)]
    announce(places.stand)
    worker = Offering(db, SetClock(DAY_OF_RESULT - MINUTE))
    assert worker.round() == 0
    assert Offering(db, SetClock(DAY_OF_RESULT)).round() == 1
    assert places.standing(3, DAY_OF_RESULT).until == DAY_OF_RESULT + THREE_DAYS


def test_an_official_notes_a_withdrawal_and_the_candidate_is_told_why(places: Places) -> None:
    places.note(2)
    (letter,) = places.letters(2)
    assert "Surat bermeterai" in letter.body
    (noted, offered) = places.trail()
    assert (noted.act, noted.actor_id, noted.object_id) == ("place.withdrew", places.stand.admin,
                                                            places[2].attempt_id)  # fmt: skip
    assert noted.detail["reason"] == "Surat bermeterai"
    assert (offered.act, offered.actor_id, offered.object_id) == ("place.offered", None,
                                                                  places[3].attempt_id)  # fmt: skip


@pytest.mark.parametrize("how", ["cancelled", "disqualified"])
def test_two_officials_end_a_place_and_the_next_is_offered_it(places: Places, how: service.How) -> None:
    asked = places.ask(1, how)
    assert places.where(LATER)[0] == "accepted"
    places.grant(asked)
    assert places.where(LATER)[:3] == [how, "accepted", "offered"]
    (letter,) = places.letters(1)
    assert REASON in letter.body
    ended = places.trail()[0]
    assert (ended.act, ended.actor_id) == (f"place.{how}", places.stand.second)
    assert (ended.detail["asked_by"], ended.detail["approval"]) == (places.stand.admin, asked)
    assert ended.detail["reason"] == REASON


def test_one_official_alone_ends_nothing(places: Places) -> None:
    asked = places.ask(1)
    with pytest.raises(SamePerson):
        approvals.grant(places.db, ACTS, asked, places.stand.admin, LATER)
    with pytest.raises(AlreadyAsked):
        places.ask(1, "disqualified")
    assert places.events() == []


def test_who_left_meanwhile_is_not_ended_by_an_older_question(places: Places) -> None:
    asked = places.ask(1)
    places.withdraw(1)
    with pytest.raises(AlreadyLeft):
        places.grant(asked)
    assert places.events() == [("withdrew", 1), ("offered", 3)]


def test_no_letter_tells_of_anybody_else(places: Places) -> None:
    places.withdraw(1)
    places.decline(3, LATER + HOUR)
    places.grant(places.ask(2))
    others = {one.name for one in places.stand.people} | {one.number for one in places.stand.people}
    for rank in range(1, 6):
        mine = {places[rank].name, places[rank].number}
        for letter in places.letters(rank):
            assert not [one for one in others - mine if one in letter.body + letter.subject]
    assert [len(places.letters(rank)) for rank in range(1, 6)] == [1, 1, 2, 1, 0]
    assert "sebelum" in places.letters(4)[0].subject


REFUSED: list[tuple[type[Refusal], Callable[[Places], object]]] = [
    (AlreadyLeft, lambda one: (one.withdraw(1), one.note(1))),
    (AlreadyLeft, lambda one: (one.withdraw(1), one.ask(1))),
    (AlreadyLeft, lambda one: (one.note(3), one.take(3, LATER))),
    (NoPlace, lambda one: one.withdraw(5)),
    (NoPlace, lambda one: one.note(5)),
    (NoPlace, lambda one: one.ask(5)),
    (NothingOffered, lambda one: one.take(1, LATER)),
    (NothingOffered, lambda one: one.take(3, LATER)),
    (NothingOffered, lambda one: one.decline(3, LATER)),
    (WhyMissing, lambda one: one.note(1, reason=" \u200b ")),
    (WhyMissing, lambda one: one.ask(1, reason="")),
    (WhyTooLong, lambda one: one.note(1, reason="x" * 501)),
    (NotAnnounced, lambda one: one.withdraw(1, DAY_OF_RESULT - MINUTE)),
    (NotAnnounced, lambda one: one.take(1, DAY_OF_RESULT - MINUTE)),
]


@pytest.mark.parametrize(("refusal", "act"), REFUSED)
def test_an_act_on_a_place_is_refused(
    places: Places, refusal: type[Refusal], act: Callable[[Places], object]
) -> None:
    with pytest.raises(refusal):
        act(places)


def test_before_there_is_a_list_there_is_no_place(db: Database) -> None:
    stand = build(db)
    with pytest.raises(NotFrozen):
        service.note_withdrawal(db, stand.activity_id, stand.people[0].run.public_id, "Surat", stand.admin,
                                LATER)  # fmt: skip
    with pytest.raises(NotAnnounced):
        service.withdraw(db, stand.people[0].run.candidate_id, LATER)


def test_who_is_not_on_the_list_has_no_place(places: Places) -> None:
    absent = places.stand.absent[0].run
    with pytest.raises(NotOnTheList):
        service.note_withdrawal(places.db, places.stand.activity_id, absent.public_id, "Surat",
                                places.stand.admin, LATER)  # fmt: skip
    with pytest.raises(NotOnTheList):
        service.withdraw(places.db, absent.candidate_id, LATER)
    with pytest.raises(NotAnnounced):
        service.withdraw(places.db, absent.candidate_id, DAY_OF_RESULT - MINUTE)
    with pytest.raises(NotOnTheList):
        service.withdraw(places.db, add_account(places.db).id, LATER)
    elsewhere = add_other_scene(places.db)
    with pytest.raises(NotFound):
        service.note_withdrawal(places.db, elsewhere.selection.id, places[1].run.public_id, "Surat",
                                places.stand.admin, LATER)  # fmt: skip


def test_the_story_shows_who_had_each_place_and_who_is_next(places: Places) -> None:
    places.withdraw(1)
    places.decline(3, LATER + HOUR)
    story = telling.of_activity(places.db, places.place, LATER + HOUR)
    (share,) = story.shares
    names = [[one.person.name for one in line.holders] for line in share.lines]
    assert names == [["Peserta 001", "Peserta 003", "Peserta 004"], ["Peserta 002"]]
    assert [line.fate for line in share.lines] == ["offered", "held"]
    assert share.waiting == ()
    places.decline(4, LATER + HOUR)
    (share,) = telling.of_activity(places.db, places.place, LATER + HOUR).shares
    assert ([line.fate for line in share.lines], share.count("empty")) == (["empty", "held"], 1)
