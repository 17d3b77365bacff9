"""What an official does to another: each act, each refusal, and that it acts at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.models import Account, AuditEntry, Mail, RoleGrant, SecondFactor
from exam_server.staff import acts
from exam_server.staff.refusals import (
    AlreadyHolds,
    AlreadyStopped,
    BeyondYou,
    LastSuperadmin,
    NothingToReset,
    NotYourOffice,
    NotYourself,
    OfficeMissing,
    ReasonMissing,
    RoleNotHeld,
    RoleUnknown,
)
from tests.factories import START, add, add_account, add_applicant, add_session
from tests.staff.conftest import Cast

WHY = "pindah tugas"
SOON = START + timedelta(seconds=1)


def live_roles(db: Database, account: Account) -> set[tuple[str, int | None]]:
    with db.read() as tx:
        rows = tx.execute(
            sa.select(RoleGrant.role, RoleGrant.office_id).where(
                RoleGrant.account_id == account.id, RoleGrant.ended_at.is_(None)
            )
        )
        return {(row.role, row.office_id) for row in rows}


def trail(db: Database) -> list[tuple[str, int | None, dict[str, str]]]:
    with db.read() as tx:
        rows = tx.execute(
            sa.select(AuditEntry.act, AuditEntry.actor_id, AuditEntry.detail).order_by(AuditEntry.id)
        )
        return [(row.act, row.actor_id, row.detail) for row in rows]


def grant(cast: Cast, by: Account, whom: Account, role: str, office_id: int | None) -> None:
    acts.grant(cast.db, cast.actor(by), whom.public_id, role, office_id, SOON)


def end(cast: Cast, by: Account, whom: Account, role: str, office_id: int | None, why: str = WHY) -> None:
    acts.end_role(cast.db, cast.actor(by), whom.public_id, role, office_id, why, SOON)


def disable(cast: Cast, by: Account, whom: Account, why: str = WHY) -> None:
    acts.disable(cast.db, cast.actor(by), whom.public_id, why, SOON)


def reset(cast: Cast, by: Account, whom: Account, why: str = WHY) -> None:
    acts.reset_second_factor(cast.db, cast.actor(by), whom.public_id, why, SOON)


Stop = Callable[[Cast, Account, Account], None]
STOPS = [disable, reset]


def end_proctor(cast: Cast, by: Account, whom: Account) -> None:
    end(cast, by, whom, "proctor", cast.here.office.id)


def test_a_further_role_is_given_and_sockets_hear_of_it(cast: Cast, db: Database) -> None:
    session = add_session(db, cast.proctor.id)
    grant(cast, cast.admin, cast.proctor, "screener", cast.here.office.id)
    assert ("screener", cast.here.office.id) in live_roles(db, cast.proctor)
    assert accounts.changed_since(db, SOON) == {session.session_id: SOON}
    assert trail(db) == [("role.granted", cast.admin.id, {"role": "screener"})]


def test_a_superadmin_makes_another(cast: Cast, db: Database) -> None:
    grant(cast, cast.superadmin, cast.proctor, "superadmin", None)
    assert ("superadmin", None) in live_roles(db, cast.proctor)


def test_roles_that_cannot_be_given_are_refused(cast: Cast, db: Database) -> None:
    here, there = cast.here.office.id, cast.there.office.id
    for role, office_id, refusal in (
        ("proctor", here, AlreadyHolds), ("root", here, RoleUnknown), ("admin", None, OfficeMissing),
        ("proctor", there, NotYourOffice), ("superadmin", None, NotYourOffice),
    ):  # fmt: skip
        with pytest.raises(refusal):
            grant(cast, cast.admin, cast.proctor, role, office_id)
    accounts.disable(db, cast.proctor.id, START)
    with pytest.raises(AlreadyStopped):
        grant(cast, cast.admin, cast.proctor, "screener", here)
    assert live_roles(db, cast.proctor) == {("proctor", here)}


def test_an_ended_role_is_over_on_the_next_request_and_drops_sockets(cast: Cast, db: Database) -> None:
    session = add_session(db, cast.proctor.id)
    end_proctor(cast, cast.admin, cast.proctor)
    live = accounts.live_session(db, session.token, SOON)
    assert live is not None
    assert live.roles == frozenset()
    assert accounts.changed_since(db, SOON) == {session.session_id: SOON}
    assert trail(db) == [("role.ended", cast.admin.id, {"role": "proctor", "reason": WHY})]


def test_a_role_that_is_not_held_cannot_be_ended(cast: Cast) -> None:
    with pytest.raises(RoleNotHeld):
        end(cast, cast.admin, cast.proctor, "screener", cast.here.office.id)


def test_an_admin_ends_no_role_of_another_office_and_none_of_a_superadmin(cast: Cast, db: Database) -> None:
    accounts.grant_role(db, cast.proctor.id, "proctor", cast.there.office.id, START)
    with pytest.raises(BeyondYou):
        end(cast, cast.admin, cast.proctor, "proctor", cast.there.office.id)
    end_proctor(cast, cast.admin, cast.proctor)
    accounts.grant_role(db, cast.second.id, "proctor", cast.here.office.id, START)
    with pytest.raises(BeyondYou):
        end_proctor(cast, cast.admin, cast.second)
    end_proctor(cast, cast.superadmin, cast.second)


def test_a_disabled_account_is_out_at_once(cast: Cast, db: Database) -> None:
    session = add_session(db, cast.proctor.id)
    disable(cast, cast.admin, cast.proctor)
    assert accounts.live_session(db, session.token, SOON) is None
    assert accounts.changed_since(db, SOON) == {session.session_id: SOON}
    assert trail(db) == [("account.disabled", cast.admin.id, {"reason": WHY})]
    with pytest.raises(AlreadyStopped):
        disable(cast, cast.admin, cast.proctor)


def with_phone(db: Database, account: Account) -> None:
    add(db, SecondFactor(account_id=account.id, secret="x", confirmed_at=START))


def test_a_lost_phone_counts_no_more_and_its_owner_is_told(cast: Cast, db: Database) -> None:
    with_phone(db, cast.proctor)
    session = add_session(db, cast.proctor.id)
    reset(cast, cast.admin, cast.proctor, "  ponsel   hilang ")
    with db.read() as tx:
        assert tx.scalars(sa.select(SecondFactor)).all() == []
        letter = tx.scalars(sa.select(Mail)).one()
    assert letter.recipient == cast.proctor.email
    assert cast.admin.name in letter.body
    assert "ponsel hilang" in letter.body
    assert accounts.live_session(db, session.token, SOON) is None
    assert trail(db) == [("second_factor.reset", cast.admin.id, {"reason": "ponsel hilang"})]


def test_where_there_is_no_second_step_nothing_is_reset(cast: Cast, db: Database) -> None:
    session = add_session(db, cast.proctor.id)
    with pytest.raises(NothingToReset):
        reset(cast, cast.admin, cast.proctor)
    assert accounts.live_session(db, session.token, SOON) is not None


@pytest.mark.parametrize("stop", [*STOPS, end_proctor])
def test_a_reason_is_asked_for(cast: Cast, db: Database, stop: Callable[..., None]) -> None:
    with_phone(db, cast.proctor)
    before = live_roles(db, cast.proctor)
    for why in ("", "    ", "abcd"):
        with pytest.raises(ReasonMissing):
            if stop is end_proctor:
                end(cast, cast.admin, cast.proctor, "proctor", cast.here.office.id, why)
            else:
                stop(cast, cast.admin, cast.proctor, why)
    assert live_roles(db, cast.proctor) == before
    assert trail(db) == []


@pytest.mark.parametrize("stop", STOPS)
def test_nobody_does_it_to_themselves(cast: Cast, db: Database, stop: Stop) -> None:
    for person in (cast.admin, cast.superadmin):
        with_phone(db, person)
        with pytest.raises(NotYourself):
            stop(cast, person, person)
    with pytest.raises(NotYourself):
        end(cast, cast.admin, cast.admin, "admin", cast.here.office.id)


@pytest.mark.parametrize("stop", STOPS)
def test_an_admin_stops_nobody_who_serves_elsewhere_too(cast: Cast, db: Database, stop: Stop) -> None:
    with_phone(db, cast.proctor)
    accounts.grant_role(db, cast.proctor.id, "screener", cast.there.office.id, START)
    with pytest.raises(BeyondYou):
        stop(cast, cast.admin, cast.proctor)
    stop(cast, cast.superadmin, cast.proctor)


@pytest.mark.parametrize("stop", STOPS)
def test_an_admin_stops_no_superadmin(cast: Cast, db: Database, stop: Stop) -> None:
    with_phone(db, cast.second)
    accounts.grant_role(db, cast.second.id, "proctor", cast.here.office.id, START)
    with pytest.raises(BeyondYou):
        stop(cast, cast.admin, cast.second)


@pytest.mark.parametrize("stop", [*STOPS, end_proctor])
def test_people_of_another_office_are_not_there_and_the_try_is_kept(
    cast: Cast, db: Database, stop: Stop
) -> None:
    for whom in (cast.stranger, cast.second, add_applicant(db, cast.here)):
        with pytest.raises(NotFound):
            stop(cast, cast.admin, whom)
    assert [act for act, *_ in trail(db)] == ["access.refused"] * 3
    with pytest.raises(NotFound):
        acts.disable(db, cast.actor(cast.admin), "nobody", WHY, SOON)


def test_a_superadmin_acts_on_officials_not_on_candidates(cast: Cast, db: Database) -> None:
    with pytest.raises(NotFound):
        disable(cast, cast.superadmin, add_account(db))


def outcome(act: Callable[[], None]) -> str:
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_the_last_superadmin_stays(cast: Cast, db: Database) -> None:
    disable(cast, cast.superadmin, cast.second)
    accounts.grant_role(db, cast.proctor.id, "superadmin", None, START)
    actor = cast.actor(cast.proctor)
    accounts.disable(db, cast.proctor.id, START)  # signed out a moment after asking
    for act in (
        lambda: acts.disable(db, actor, cast.superadmin.public_id, WHY, SOON),
        lambda: acts.end_role(db, actor, cast.superadmin.public_id, "superadmin", None, WHY, SOON),
    ):
        with pytest.raises(LastSuperadmin):
            act()
    assert live_roles(db, cast.superadmin) == {("superadmin", None)}


@pytest.mark.parametrize("attempt", range(3))
def test_two_superadmins_who_end_each_other_at_once_do_not_both_succeed(
    cast: Cast, db: Database, attempt: int
) -> None:
    pair = [(cast.superadmin, cast.second), (cast.second, cast.superadmin)]
    together, came = threading.Barrier(2), []

    def work(by: Account, whom: Account) -> None:
        actor = cast.actor(by)
        together.wait(10)
        came.append(outcome(lambda: acts.disable(db, actor, whom.public_id, WHY, SOON)))

    workers = [threading.Thread(target=work, args=names) for names in pair]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert sorted(came) == ["done", "last_superadmin"]
