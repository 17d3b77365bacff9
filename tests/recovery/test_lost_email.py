"""A lost e-mail address: only the link that reaches the new address changes it, once and within a day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, Profile, RoleGrant
from exam_server.recovery import lost_email, service
from exam_server.recovery.refusals import (
    AccountDisabled,
    EmailInUse,
    NobodyKnown,
    OfficialAccount,
    OtherOffice,
)
from exam_server.tokens import LinkExpired, LinkUnknown, sign
from tests.factories import DAY, START, add, add_account, add_profile, add_session
from tests.recovery.pleas import (
    NEW_EMAIL,
    SECRET,
    Town,
    account,
    acts,
    asked,
    bodies,
    granted,
    letters,
    live_sessions,
    row,
)

TICK = timedelta(microseconds=1)


def link(db: Database, town: Town, **changed: str) -> str:
    """The token that the new address was sent."""
    granted(db, town, asked(db, town, "email", **changed))
    return token_in(bodies(db, changed.get("email", NEW_EMAIL))[-1])


def token_in(body: str) -> str:
    found = re.search(r"/help/email/(\S+)", body)
    assert found
    return found[1]


def change(db: Database, account_id: int, **values: object) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == account_id).values(**values))


def test_granting_writes_to_both_addresses_and_changes_nothing_yet(db: Database, town: Town) -> None:
    add_session(db, town.holder.id)
    public_id = asked(db, town, "email")
    granted(db, town, public_id)
    assert [to for to, _ in letters(db)] == [NEW_EMAIL, town.holder.email]
    assert NEW_EMAIL not in bodies(db, town.holder.email)[0]
    assert account(db, town.holder.id).email == town.holder.email
    assert live_sessions(db, town.holder.id) == 1
    assert acts(db)[-2:] == [
        ("help.granted", town.admin.id, row(db, public_id).id),
        ("email.link_sent", town.admin.id, town.holder.id),
    ]


def test_the_link_changes_the_address_and_ends_every_session(db: Database, town: Town) -> None:
    add_session(db, town.holder.id)
    token = link(db, town)
    looked = lost_email.look(db, SECRET, token, START)
    assert (looked.new_email, looked.masked_old) == (NEW_EMAIL, "pe***@surel.example")
    lost_email.use(db, SECRET, token, START + DAY - TICK)
    assert account(db, town.holder.id).email == NEW_EMAIL
    assert live_sessions(db, town.holder.id) == 0
    assert letters(db)[-1][0] == town.holder.email
    assert acts(db)[-1] == ("email.changed", town.holder.id, town.holder.id)


def test_the_link_works_once(db: Database, town: Town) -> None:
    token = link(db, town)
    lost_email.use(db, SECRET, token, START)
    for act in (lost_email.use, lost_email.look):
        with pytest.raises(LinkExpired):
            act(db, SECRET, token, START)
    assert account(db, town.holder.id).email == NEW_EMAIL


def test_the_link_is_over_after_a_day(db: Database, town: Town) -> None:
    token = link(db, town)
    with pytest.raises(LinkExpired):
        lost_email.use(db, SECRET, token, START + DAY)
    assert account(db, town.holder.id).email == town.holder.email


@pytest.mark.parametrize("values", [{"password_hash": "new"}, {"disabled_at": START}])
def test_an_owner_who_was_warned_can_stop_the_link(
    db: Database, town: Town, values: dict[str, object]
) -> None:
    token = link(db, town)
    change(db, town.holder.id, **values)
    with pytest.raises(LinkExpired):
        lost_email.use(db, SECRET, token, START)
    assert account(db, town.holder.id).email == town.holder.email


def test_a_forged_link_or_one_of_another_purpose_opens_nothing(db: Database, town: Town) -> None:
    token = link(db, town)
    bound = f"{town.holder.email} {town.holder.password_hash}"
    public_id = asked(db, town, "email", email="kedua@surel.example")  # not granted
    others = [
        token[:-2] + "xx", "x", "",
        sign(SECRET, "signup.activate", town.holder.id, bound, START + DAY, public_id),
        sign(SECRET, lost_email.PURPOSE, town.holder.id, bound, START + DAY, public_id),
        sign("t" * 40, lost_email.PURPOSE, town.holder.id, bound, START + DAY, public_id),
    ]  # fmt: skip
    for other in others:
        with pytest.raises(LinkUnknown):
            lost_email.use(db, SECRET, other, START)
    assert account(db, town.holder.id).email == town.holder.email


def test_an_address_that_was_taken_meanwhile_is_refused_at_the_link(db: Database, town: Town) -> None:
    token = link(db, town)
    add_account(db, email=NEW_EMAIL)
    with pytest.raises(EmailInUse):
        lost_email.use(db, SECRET, token, START)
    assert account(db, town.holder.id).email == town.holder.email


def refused(db: Database, town: Town, public_id: str, why: type[Exception]) -> bool:
    """True when granting was refused for `why`, on the page as at the press, and no letter was written."""
    with pytest.raises(why):
        granted(db, town, public_id)
    shown = service.desk(db, public_id, town.admin, START).problem
    return type(shown) is why and letters(db) == [] and row(db, public_id).outcome is None


def test_a_nik_that_nobody_has_cannot_be_granted(db: Database, town: Town) -> None:
    assert refused(db, town, asked(db, town, "email", nik="3320011705989999"), NobodyKnown)


def test_an_address_in_use_cannot_be_granted(db: Database, town: Town) -> None:
    assert refused(db, town, asked(db, town, "email", email=town.asker.email), EmailInUse)


def test_a_disabled_account_cannot_be_granted(db: Database, town: Town) -> None:
    change(db, town.holder.id, disabled_at=START)
    assert refused(db, town, asked(db, town, "email"), AccountDisabled)


def test_an_officials_account_is_never_handed_over_here(db: Database, town: Town) -> None:
    add(db, RoleGrant(account_id=town.holder.id, role="superadmin", office_id=None, granted_at=START))
    assert refused(db, town, asked(db, town, "email"), OfficialAccount)


def test_an_account_that_moved_to_another_office_is_no_longer_ours(db: Database, town: Town) -> None:
    public_id = asked(db, town, "email")
    with db.write() as tx:
        tx.execute(sa.update(Profile).values(office_id=town.elsewhere.office.id))
    assert refused(db, town, public_id, OtherOffice)
    assert service.desk(db, public_id, town.admin, START).shown is False
    granted(db, town, public_id, town.superadmin)
    assert row(db, public_id).outcome == "granted"


def test_refusing_tells_the_new_address_only(db: Database, town: Town) -> None:
    public_id = asked(db, town, "email")
    service.refuse(db, public_id, town.admin, "Nama tidak cocok dengan KTP.", START)
    assert [to for to, _ in letters(db)] == [NEW_EMAIL]
    assert "Nama tidak cocok" in bodies(db, NEW_EMAIL)[0]


def test_the_officials_see_the_account_to_compare(db: Database, town: Town) -> None:
    found = service.desk(db, asked(db, town, "email"), town.admin, START)
    assert found.person is not None
    assert (found.person.name, sorted(found.documents)) == ("Pemegang NIK", ["ijazah", "ktp", "photo"])
    assert found.shown


def test_two_accounts_never_end_with_one_address(db: Database, town: Town) -> None:
    second = add_account(db)
    add_profile(db, second.id, town.scene.office, nik="3320011705980055")
    first_token = link(db, town)
    granted(db, town, asked(db, town, "email", nik="3320011705980055"))
    second_token = token_in(bodies(db, NEW_EMAIL)[-1])
    lost_email.use(db, SECRET, first_token, START)
    with pytest.raises(EmailInUse):
        lost_email.use(db, SECRET, second_token, START)
    assert account(db, second.id).email == second.email
