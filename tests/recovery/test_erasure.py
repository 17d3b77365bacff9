"""The right to be forgotten: nothing says any more who the person was, and the acts stay."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server import audit
from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.models import (
    Account,
    Application,
    ApplicationVersion,
    DeviceCheck,
    FieldCheck,
    RoleGrant,
    Screening,
    ScreeningEvent,
)
from exam_server.recovery import asking, service
from exam_server.recovery.refusals import AccountDisabled, OfficialAccount, StillRunning
from tests.factories import (
    DAY,
    START,
    add,
    add_booked,
    add_profile,
    add_session,
    make_nik,
    make_phase,
)
from tests.recovery.pleas import (
    Town,
    account,
    acts,
    asked,
    bodies,
    everything,
    granted,
    letters,
    live_sessions,
    row,
)

TICK = timedelta(microseconds=1)
CANARY_ADDRESS, CANARY_PHONE = "Gang Kenari 77", "089977553311"
CANARY_NIK, CANARY_NAME, CANARY_EMAIL = make_nik(), "Kenari Kuning", "kenari-kuning@surel.example"


def add_result(db: Database, town: Town, opens_at: datetime | None) -> None:
    add(db, make_phase(town.scene.recruitment.id, "result", 9, opens_at=opens_at,
                       closes_at=opens_at + DAY if opens_at else None))  # fmt: skip


def add_past(db: Database, town: Town) -> int:
    """A person with everything: profile, files, a screened application, a booking, letters, a session."""
    booked = add_booked(db, town.scene)
    # fmt: off
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == booked.candidate_id)
                   .values(name=CANARY_NAME, email=CANARY_EMAIL))  # fmt: skip
        mine = sa.select(Application.id).where(Application.candidate_id == booked.candidate_id,
                                               Application.kind == "registration")  # fmt: skip
        application_id = tx.scalars(mine).one()
        tx.add(ApplicationVersion(application_id=application_id, number=1, sent_at=START,
                                  data={"nik": CANARY_NIK, "name": CANARY_NAME}, documents={"ktp": 1}))
        tx.add(Screening(application_id=application_id, activity_id=town.scene.registration.id, version=1,
                         sent_at=START, decided_at=START, decision="accepted", reason_text=CANARY_NAME))
        tx.add(ScreeningEvent(application_id=application_id, version=1, kind="correction", at=START,
                              actor_id=town.admin.id, text=CANARY_NAME,
                              fields=[{"field": "nik", "note": CANARY_NIK}], due_at=START + DAY))
        tx.add(FieldCheck(application_id=application_id, version=1, field="nik", verdict="agrees",
                          note=CANARY_NAME, checked_by=town.admin.id, checked_at=START))
        tx.add(DeviceCheck(account_id=booked.candidate_id, at=START, device=CANARY_NAME,
                           outcome="good", facts={}))
    # fmt: on
    add_profile(
        db, booked.candidate_id, town.scene.office, nik=CANARY_NIK, address=CANARY_ADDRESS, phone=CANARY_PHONE
    )  # fmt: skip
    return booked.candidate_id


def test_erasing_leaves_nothing_that_says_who_it_was(db: Database, town: Town) -> None:
    add_result(db, town, START)
    person = add_past(db, town)
    asked(db, town, "email", nik=CANARY_NIK, name=CANARY_NAME)
    granted(db, town, asked(db, town, "erasure", account_id=person, name=CANARY_NAME))
    left = everything(db, "mail")
    for canary in (CANARY_NIK, CANARY_NAME, CANARY_EMAIL, CANARY_ADDRESS, CANARY_PHONE):
        assert canary not in left, canary


def test_the_account_is_closed_and_a_last_letter_leaves(db: Database, town: Town) -> None:
    person = add_past(db, town)
    add_result(db, town, START)
    add_session(db, person)
    granted(db, town, asked(db, town, "erasure", account_id=person))
    gone = account(db, person)
    assert (gone.name, gone.email) == ("(dihapus)", f"dihapus-{gone.public_id}@dihapus.invalid".lower())
    assert gone.disabled_at == START
    assert live_sessions(db, person) == 0
    assert [subject for to, subject in letters(db) if to == CANARY_EMAIL] == [
        "Data pribadi Anda sudah dihapus"
    ]
    assert set(bodies(db, gone.email)) == {""}
    assert ("account.erased", town.admin.id, person) in acts(db)


def test_letters_that_had_not_left_never_leave(db: Database, town: Town) -> None:
    granted(db, town, asked(db, town, "erasure"))
    with db.read() as tx:
        due = tx.execute(sa.text("SELECT recipient FROM mail WHERE given_up_at IS NULL")).scalars().all()
    assert due == [town.asker.email]


def test_acts_stay_and_the_trail_is_whole(db: Database, town: Town) -> None:
    add_result(db, town, START)
    person = add_past(db, town)
    granted(db, town, asked(db, town, "erasure", account_id=person))
    with db.read() as tx:
        assert audit.broken_at(tx) == []
        assert tx.execute(sa.text("SELECT count(*) FROM booking")).scalar_one() == 1
        assert tx.execute(sa.text("SELECT count(*) FROM application")).scalar_one() == 2


def test_the_nik_and_the_address_are_free_again(db: Database, town: Town) -> None:
    granted(db, town, asked(db, town, "erasure", account_id=town.holder.id))
    newcomer = accounts.register(db, town.holder.email, "Orang Baru", "-", START)
    add_profile(db, newcomer, town.scene.office, nik=town.nik)
    assert account(db, newcomer).email == town.holder.email


@pytest.mark.parametrize(
    ("results", "runs"),
    [([], True), ([None], True), ([START + TICK], True), ([START], False), ([START - DAY], False)],
)
def test_a_running_recruitment_ends_first(
    db: Database, town: Town, results: list[datetime | None], runs: bool
) -> None:
    for opens_at in results:
        add_result(db, town, opens_at)
    person = add_booked(db, town.scene).candidate_id
    public_id = asked(db, town, "erasure", account_id=person)
    assert (asking.outlook(db, person, START).problem is not None) is runs
    if runs:
        with pytest.raises(StillRunning):
            granted(db, town, public_id)
    else:
        granted(db, town, public_id)
    assert (account(db, person).name == "(dihapus)") is not runs


def test_erasure_comes_before_the_office_of_the_newest_entry(db: Database, town: Town) -> None:
    person = add_booked(db, town.elsewhere).candidate_id
    assert asking.outlook(db, person, START).office == town.elsewhere.office.slug
    assert row(db, asked(db, town, "erasure", account_id=person)).office_id == town.elsewhere.office.id


def test_an_official_is_not_erased_here(db: Database, town: Town) -> None:
    public_id = asked(db, town, "erasure")
    add(db, RoleGrant(account_id=town.asker.id, role="proctor", office_id=town.scene.office.id,
                      granted_at=START))  # fmt: skip
    with pytest.raises(OfficialAccount):
        granted(db, town, public_id)
    assert account(db, town.asker.id).name == "Pemohon"


def test_a_disabled_account_is_not_erased_by_an_old_request(db: Database, town: Town) -> None:
    public_id = asked(db, town, "erasure")
    accounts.disable(db, town.asker.id, START)
    with pytest.raises(AccountDisabled):
        granted(db, town, public_id)
    assert account(db, town.asker.id).name == "Pemohon"


def test_refusing_erases_nothing(db: Database, town: Town) -> None:
    public_id = asked(db, town, "erasure")
    service.refuse(db, public_id, town.admin, "Rekrutmen masih berjalan.", START)
    assert account(db, town.asker.id).email == town.asker.email
    assert letters(db)[-1][0] == town.asker.email
