"""What many candidates of one sitting lost at once is noticed, once, proposed to officials and given back."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.exam.outages import hits
from exam_server.extra_time import giving, losses, noticing, sittings, witnesses, words
from exam_server.extra_time.evidence import PATIENT, SETTLED
from exam_server.extra_time.losses import Offer
from exam_server.extra_time.noticing import Noticing, notice
from exam_server.extra_time.wanted import Wanted
from exam_server.models import Account, Attempt, Outage, OutageScope, OutageStruck
from tests.client import Client
from tests.conftest import SetClock
from tests.extra_time.samples import (
    DEADLINE,
    Day,
    add_outage,
    close,
    entries,
    hear,
    own,
    refuse_answers,
    save,
    submit,
)
from tests.factories import HOUR, MINUTE, START, Run, add_booked, add_running
from tests.restored import once
from tests.together import AT_ONCE, outcomes

SECOND = timedelta(seconds=1)
BEGAN, ENDED = START + 2 * MINUTE, START + 9 * MINUTE
NOW = ENDED + SETTLED
LOST = 420


def signs(since: datetime, until: datetime) -> list[datetime]:
    """As often as contact is not lost."""
    return [since + turn * 30 * SECOND for turn in range(1, int((until - since) / (30 * SECOND)) + 1)]


@pytest.fixture
def day(db: Database) -> Day:
    """Ten who run, of whom the first six are not heard from minute 2 to minute 9; one handed in before that,
    one begins after it, one never does.
    """
    return once(db, "struck day", lambda: _struck(db))


def _struck(db: Database) -> Day:
    day = Day(db, running=11)
    hear(db, day.runs, *signs(START, BEGAN))
    submit(db, day.runs.pop(), BEGAN)
    hear(db, day.runs[6:], *signs(BEGAN, ENDED))
    hear(db, day.runs, ENDED, *signs(ENDED, NOW))
    add_running(db, day.scene, ENDED + SECOND)
    add_booked(db, day.scene)
    return day


@pytest.fixture
def struck(day: Day) -> list[Run]:
    return day.runs[:6]


def offers(day: Day, at: datetime = NOW) -> list[Offer]:
    found = sittings.own(day.db, day.scene.sitting.public_id, day.watcher, at)
    return list(sittings.shown(day.db, found, at).offers)


def told(offer: Offer) -> dict[str, int]:
    """Attempt -> seconds."""
    return {one.public_id: one.seconds for one in offer.people}


def expected(runs: list[Run], seconds: int = LOST) -> dict[str, int]:
    return {run.public_id: seconds for run in runs}


def extra(day: Day) -> list[int]:
    return [own(day.db, run).extra_seconds for run in day.runs]


def test_a_common_silence_is_proposed_to_exactly_those_who_were_silent(day: Day, struck: list[Run]) -> None:
    assert notice(day.db, day.sitting, NOW) == (1, False)
    (offer,) = offers(day)
    assert told(offer) == expected(struck)
    assert (offer.began_at, offer.ended_at, offer.due) == (BEGAN, ENDED, 6)
    assert words.proven(offer, "id") == (
        "6 dari 10 yang sedang mengerjakan (11 sudah memulai) tidak terdengar antara 08.02.00 dan "
        "08.09.00 WIB."
    )
    assert words.granted_to(offer, "id") == "Beri 7 menit kepada 6 peserta"


def test_one_click_moves_exactly_their_deadlines_and_a_second_one_nothing(
    day: Day, struck: list[Run]
) -> None:
    notice(day.db, day.sitting, NOW)
    (offer,) = offers(day)
    for official, count in ((day.proctor, 6), (day.admin, 0)):
        assert giving.compensate(day.db, day.sitting, offer.outage, official, NOW) == count
    assert extra(day) == [LOST] * 6 + [0] * 4
    assert entries(day.db, day.run)[1:] == [("outage", LOST)]
    (line,) = own(day.db, day.run).ledger[1:]
    assert line.reason == (
        "Banyak peserta sesi ini tidak terhubung dengan server dari 08.02.00 WIB sampai 08.09.00 WIB."
    )
    assert day.attempt().deadline_at == DEADLINE + LOST * SECOND
    assert losses.of_board(day.db, day.scene.selection.public_id, day.watcher, NOW)[1] == []


def test_it_is_told_once_however_often_it_is_looked_at(day: Day) -> None:
    assert [notice(day.db, day.sitting, NOW + turn * MINUTE)[0] for turn in range(3)] == [1, 0, 0]


def test_workers_who_look_at_once_tell_it_once(day: Day) -> None:
    def look(db: Database, together: threading.Barrier) -> None:
        together.wait(30)
        notice(db, day.sitting, NOW)

    assert outcomes(day.db, look) == {"ok": AT_ONCE}
    with day.db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Outage.id))) == 1


def test_control_looking_first_and_telling_later_tells_it_again(day: Day) -> None:
    def look(db: Database, together: threading.Barrier) -> None:
        with db.read() as tx:
            known = witnesses.of_sitting(tx, day.sitting, NOW)
        new, _ = noticing._new(known, NOW)
        together.wait(30)
        with db.write() as tx:
            for window, lost in new:
                noticing._tell(tx, day.sitting, known, window, lost)

    assert outcomes(day.db, look) == {"ok": AT_ONCE}
    with day.db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Outage.id))) == AT_ONCE
    (first, *others) = [offer.due for offer in offers(day)]
    assert (first, sum(others)) == (6, 0), "told again is not due again"


def test_a_window_waits_until_who_fell_silent_in_it_is_back(db: Database) -> None:
    day = Day(db, running=4)
    hear(db, day.runs, *signs(START, BEGAN))
    hear(db, day.runs[:3], ENDED, *signs(ENDED, NOW + PATIENT))
    assert notice(db, day.sitting, ENDED + SECOND) == (0, True)
    assert notice(db, day.sitting, NOW) == (0, True)
    assert notice(db, day.sitting, ENDED + PATIENT) == (1, False)
    assert told(offers(day)[0]) == expected(day.runs[:3])
    hear(db, day.runs[3:], ENDED + 3 * MINUTE)
    assert notice(db, day.sitting, ENDED + 4 * MINUTE) == (1, False)
    first, second = offers(day)
    assert told(first) == expected(day.runs[:3])
    assert told(second) == expected(day.runs[3:]), "what was common, not what was theirs alone"


def test_fewer_than_half_is_nobody_s_outage(day: Day) -> None:
    others = [add_running(day.db, day.scene, START) for _ in range(3)]
    hear(day.db, others, *signs(START, NOW))
    assert notice(day.db, day.sitting, NOW) == (0, False)
    assert offers(day) == []


def test_an_outage_of_the_whole_server_is_not_proposed_twice(day: Day, struck: list[Run]) -> None:
    add_outage(day.db, BEGAN + 5 * SECOND, LOST - 10)
    assert notice(day.db, day.sitting, NOW) == (0, False)
    (offer,) = offers(day)
    assert told(offer) == expected(day.runs, LOST - 10), "all ran in it, whoever was heard between two beats"


def test_what_an_outage_leaves_uncovered_is_proposed_besides(day: Day, struck: list[Run]) -> None:
    add_outage(day.db, BEGAN, 300)
    assert notice(day.db, day.sitting, NOW) == (1, False)
    first, second = offers(day)
    assert (told(first), told(second)) == (expected(day.runs, 300), expected(struck, 120))


def test_an_outage_measured_afterwards_takes_only_what_was_not_told(day: Day, struck: list[Run]) -> None:
    notice(day.db, day.sitting, NOW)
    add_outage(day.db, BEGAN - MINUTE, LOST + 60)
    with day.db.read() as tx:
        found = hits(tx, Attempt.sitting_id == day.sitting)
    taken = {(hit.attempt_id, hit.scoped): hit.seconds for hit in found}
    assert [taken[run.attempt_id, True] for run in struck] == [LOST] * 6
    assert [taken[run.attempt_id, False] for run in struck] == [60] * 6
    assert [taken[run.attempt_id, False] for run in day.runs[6:]] == [LOST + 60] * 4
    for offer in offers(day):
        giving.compensate(day.db, day.sitting, offer.outage, day.proctor, NOW)
    assert extra(day) == [LOST + 60] * 10


def test_refused_answers_are_common_trouble_too(db: Database) -> None:
    day = Day(db, running=8)
    hear(db, day.runs, *signs(START, NOW))
    refuse_answers(db, day.runs[:5], BEGAN, LOST, 3)
    assert notice(db, day.sitting, NOW) == (1, False)
    (offer,) = offers(day)
    assert told(offer) == expected(day.runs[:5])
    assert words.proven(offer, "id") == (
        "5 dari 8 yang sedang mengerjakan (8 sudah memulai): 15 jawaban ditolak antara 08.02.00 dan "
        "08.09.00 WIB karena tidak dapat disimpan."
    )
    giving.compensate(db, day.sitting, offer.outage, day.proctor, NOW)
    (line,) = own(db, day.run).ledger[1:]
    assert line.reason.startswith("Server tidak dapat menyimpan jawaban dari 08.02.00 WIB")


def test_silence_and_refusal_are_told_together(day: Day, struck: list[Run]) -> None:
    refuse_answers(day.db, struck[:2], BEGAN, LOST, 4)
    notice(day.db, day.sitting, NOW)
    assert words.proven(offers(day)[0], "id") == (
        "6 dari 10 yang sedang mengerjakan (11 sudah memulai) tidak terdengar antara 08.02.00 dan "
        "08.09.00 WIB; 8 jawaban ditolak karena tidak dapat disimpan."
    )


def test_answers_that_came_after_the_deadline_prove_a_silence_across_it(db: Database) -> None:
    day = Day(db, running=4)
    hear(db, day.runs, *signs(START, DEADLINE - 5 * MINUTE))
    for run in day.runs:
        close(db, run)
    back = DEADLINE + 3 * MINUTE
    assert [save(db, run, back) for run in day.runs] == ["deadline_passed"] * 4
    assert notice(db, day.sitting, back + SETTLED) == (1, False)
    (offer,) = offers(day, back + SETTLED)
    assert told(offer) == expected(day.runs, 8 * 60)
    assert "jawaban 4 peserta baru tiba sesudah batas waktu" in words.proven(offer, "id")
    giving.compensate(db, day.sitting, offer.outage, day.proctor, back + SETTLED)
    left = own(db, day.run).phase(back + SETTLED)
    assert left == ("running", DEADLINE + 8 * MINUTE)
    hear(db, day.runs, back + MINUTE)
    assert notice(db, day.sitting, back + 3 * MINUTE) == (0, False), "while it was closed nothing was lost"


def test_who_walked_away_is_no_witness(db: Database) -> None:
    day = Day(db, running=6)
    hear(db, day.runs, *signs(START, BEGAN))
    hear(db, day.runs[:2], *signs(BEGAN, NOW))
    assert notice(db, day.sitting, NOW) == (0, False)
    hear(db, day.runs[:2], *signs(NOW, NOW + 10 * MINUTE))
    assert notice(db, day.sitting, NOW + 10 * MINUTE) == (0, False)


def test_one_official_gives_exactly_the_proposal_and_anything_beyond_asks_a_second(day: Day) -> None:
    notice(day.db, day.sitting, NOW)
    minute = Wanted(60, "network", "jaringan putus")
    assert (
        sittings.shown(day.db, sittings.own(day.db, day.scene.sitting.public_id, day.watcher, NOW), NOW).alone
        == 0
    )
    assert giving.give(day.db, day.sitting, minute, day.proctor, NOW) is not None
    assert extra(day) == [0] * 10


def test_the_worker_looks_at_sittings_with_new_evidence_only(
    day: Day, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def look(db: Database, sitting_id: int, now: datetime) -> Any:
        looked.append(sitting_id)
        return notice(db, sitting_id, now)

    monkeypatch.setattr(noticing, "notice", look)
    worker = Noticing(day.db, clock)
    clock.at = ENDED + SECOND
    assert worker.look() == 0
    clock.at = NOW
    assert (worker.look(), worker.look(), worker.look()) == (1, 0, 0)
    assert len(looked) == 2, "once too early, once in time"
    refuse_answers(day.db, day.runs[:1], NOW, 1, 1)
    worker.look()
    assert len(looked) == 3


def test_the_page_names_who_was_struck_with_their_minutes_and_the_evidence(
    app: Flask, day: Day, struck: list[Run], clock: SetClock
) -> None:
    clock.at = NOW
    notice(day.db, day.sitting, NOW)
    proctor = Client(app).sign_in(day.proctor)
    path = f"/attempts/sitting/{day.scene.sitting.public_id}"
    page = " ".join(proctor.get(path).get_data(as_text=True).split())
    assert "6 dari 10 yang sedang mengerjakan (11 sudah memulai) tidak terdengar antara 08.02.00 dan " in page
    named = page.partition("6 peserta terkena")[2].partition("</details>")[0]
    with day.db.read() as tx:
        names = {run.public_id: tx.get_one(Account, run.candidate_id).name for run in day.runs}
    assert [names[run.public_id] in named for run in day.runs] == [True] * 6 + [False] * 4
    assert named.count("7 menit") == 6
    board = f"/attempts/activity/{day.scene.selection.public_id}/offers"
    (banner,) = proctor.get_json(board).get_json()["offers"]
    assert sorted(one["name"] for one in banner["people"]) == sorted(names[run.public_id] for run in struck)
    assert {one["time"] for one in banner["people"]} == {"7 menit"}
    assert proctor.submit(banner["grant"], outage=banner["outage"]).status_code == 303
    assert extra(day) == [LOST] * 6 + [0] * 4
    assert proctor.get_json(board).get_json()["offers"] == []


def test_what_was_noticed_stays_as_it_was_noticed(day: Day, struck: list[Run]) -> None:
    notice(day.db, day.sitting, NOW)
    with day.db.read() as tx:
        scope = tx.scalars(sa.select(OutageScope)).one()
        rows = set(tx.scalars(sa.select(OutageStruck.attempt_id)))
    assert rows == {run.attempt_id for run in struck}
    assert {int(one) for one in scope.evidence["lost"]} == rows
    assert (scope.sitting_id, scope.evidence["running"], scope.evidence["began"]) == (day.sitting, 10, 11)
    assert scope.evidence["kinds"] == {"contact": 6, "saves": 0, "late": 0}
    submit(day.db, day.run, NOW)
    assert told(offers(day)[0]) == expected(struck[1:]), "whoever handed in lost nothing"


@pytest.mark.parametrize(("handed_in", "away_for", "found"), [(9, 7, 0), (8, 7, 1), (8, 59, 1), (8, 120, 0)])
def test_a_few_who_cut_their_line_when_the_rest_has_gone_home_get_nothing(
    db: Database, handed_in: int, away_for: int, found: int
) -> None:
    day = Day(db, running=12)
    with db.write() as tx:
        tx.execute(sa.update(Attempt).values(deadline_at=START + 4 * HOUR))
    hear(db, day.runs, *signs(START, BEGAN))
    for run in day.runs[:handed_in]:
        submit(db, run, BEGAN)
    back = BEGAN + away_for * MINUTE
    hear(db, day.runs[handed_in:], back, *signs(back, back + PATIENT))
    assert notice(db, day.sitting, back + PATIENT) == (found, False)
