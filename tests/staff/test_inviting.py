"""Inviting officials: who may, whom, and that one link opens once, for seven days, to whom it was sent."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server import mail
from exam_server.accounts import service as accounts
from exam_server.accounts.rules import EmailUnusable, NameUnusable
from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.models import Account, AuditEntry, Invitation, Mail, RoleGrant
from exam_server.staff import joining, service
from exam_server.staff.people import people, waiting
from exam_server.staff.refusals import (
    AccountStopped,
    AlreadyHolds,
    AlreadyInvited,
    CandidateAddress,
    InvitationOver,
    NotYourOffice,
    OfficeMissing,
    OtherAccount,
    RoleUnknown,
    SignInFirst,
)
from exam_server.staff.service import LIFE, Wanted
from exam_server.tokens import LinkExpired, LinkUnknown
from tests.factories import DAY, START, add_account, add_applicant
from tests.staff.conftest import Cast

SECRET = "s" * 40
RINA = "rina@kantor.example"


def wanted(cast: Cast, **changed: Any) -> Wanted:
    return Wanted(
        **{"email": RINA, "name": "Rina", "role": "proctor", "office_id": cast.here.office.id} | changed
    )


def invite(cast: Cast, by: Account | None = None, now: datetime = START, **changed: Any) -> str:
    """The token of the link."""
    actor = cast.actor(by or cast.admin)
    return service.invite(cast.db, SECRET, wanted(cast, **changed), actor, now).removeprefix("/join/")


def join(db: Database, token: str, now: datetime = START) -> None:
    joining.join(db, SECRET, token, "Rina Lestari", "hash", now)


def roles(db: Database, email: str = RINA) -> set[tuple[str, int | None]]:
    with db.read() as tx:
        rows = tx.execute(
            sa.select(RoleGrant.role, RoleGrant.office_id)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(Account.email == email, RoleGrant.ended_at.is_(None))
        )
        return {(row.role, row.office_id) for row in rows}


def acts(db: Database) -> list[str]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)))


def test_who_is_invited_gets_a_letter_whose_link_opens_the_invitation(cast: Cast, db: Database) -> None:
    token = invite(cast, email="  Rina@Kantor.Example ")
    with db.read() as tx:
        letter = tx.scalars(sa.select(Mail)).one()
    assert letter.recipient == RINA
    assert mail.link("/join/" + token) in letter.body
    assert cast.admin.name in letter.body
    assert "Rabu, 11 November 2026 pukul 08.00 WIB" in letter.body
    opened = joining.look(db, SECRET, token, START)
    assert (opened.email, opened.role, opened.office) == (RINA, "proctor", cast.here.office.name)
    assert not opened.has_account
    assert acts(db) == ["invitation.sent"]


def test_a_new_official_has_the_role_from_the_first_request_on(cast: Cast, db: Database) -> None:
    join(db, invite(cast))
    assert roles(db) == {("proctor", cast.here.office.id)}
    with db.read() as tx:
        account = tx.scalars(sa.select(Account).where(Account.email == RINA)).one()
        assert (account.name, account.activated_at) == ("Rina Lestari", START)
        done = tx.scalars(sa.select(Invitation)).one()
        assert (done.accepted_at, done.account_id) == (START, account.id)
    assert acts(db) == ["invitation.sent", "account.registered", "invitation.accepted", "role.granted"]
    assert waiting(db, cast.actor(cast.admin)) == []


def test_an_official_accepts_another_role_signed_in(cast: Cast, db: Database) -> None:
    token = invite(cast, by=cast.superadmin, email=cast.stranger.email)
    assert joining.look(db, SECRET, token, START).has_account
    joining.accept(db, SECRET, token, cast.stranger.id, START)
    assert roles(db, cast.stranger.email) == {
        ("proctor", cast.there.office.id),
        ("proctor", cast.here.office.id),
    }


def test_a_superadmin_invites_superadmins_and_for_every_office(cast: Cast, db: Database) -> None:
    join(db, invite(cast, by=cast.superadmin, role="superadmin", office_id=None))
    assert roles(db) == {("superadmin", None)}
    assert invite(cast, by=cast.superadmin, email="b@kantor.example", office_id=cast.there.office.id)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"email": "rina"}, EmailUnusable),
        ({"name": " "}, NameUnusable),
        ({"role": "root"}, RoleUnknown),
        ({"role": ""}, RoleUnknown),
        ({"office_id": None}, OfficeMissing),
        ({"role": "superadmin", "office_id": None}, NotYourOffice),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(
    cast: Cast, db: Database, changed: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        invite(cast, **changed)
    assert acts(db) == []


def test_an_admin_invites_for_no_other_office(cast: Cast) -> None:
    with pytest.raises(NotYourOffice):
        invite(cast, office_id=cast.there.office.id)


def test_a_candidate_who_applied_is_no_official_with_the_same_address(cast: Cast, db: Database) -> None:
    candidate = add_applicant(db, cast.here)
    with pytest.raises(CandidateAddress):
        invite(cast, email=candidate.email)


def test_who_applies_after_being_invited_cannot_accept(cast: Cast, db: Database) -> None:
    token = invite(cast)
    account = add_applicant(db, cast.here, email=RINA)
    with pytest.raises(CandidateAddress):
        joining.accept(db, SECRET, token, account.id, START)
    assert roles(db) == set()


def test_a_disabled_account_is_not_invited(cast: Cast, db: Database) -> None:
    accounts.disable(db, cast.proctor.id, START)
    with pytest.raises(AccountStopped):
        invite(cast, email=cast.proctor.email, role="screener")


def test_who_holds_the_role_is_not_invited_to_it(cast: Cast) -> None:
    with pytest.raises(AlreadyHolds):
        invite(cast, email=cast.proctor.email)


def test_one_address_is_invited_once_to_one_role(cast: Cast, db: Database) -> None:
    invite(cast)
    with pytest.raises(AlreadyInvited):
        invite(cast, by=cast.colleague)
    assert invite(cast, role="screener")
    assert invite(cast, now=START + LIFE), "an expired invitation gives way"
    assert [one.role for one in waiting(db, cast.actor(cast.admin))] == ["proctor", "screener"]


def test_a_form_sent_twice_invites_once(cast: Cast, db: Database) -> None:
    came: list[str] = []
    together = threading.Barrier(2)

    def act() -> None:
        together.wait(10)
        try:
            came.append(invite(cast) and "invited")
        except AlreadyInvited:
            came.append("refused")

    workers = [threading.Thread(target=act) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert sorted(came) == ["invited", "refused"]


def test_a_link_opens_once(cast: Cast, db: Database) -> None:
    token = invite(cast)
    join(db, token)
    for use in (join, lambda *given: joining.look(db, SECRET, token, START)):
        with pytest.raises(LinkExpired):
            use(db, token)


def test_of_two_who_use_a_link_at_once_one_is_in(cast: Cast, db: Database) -> None:
    token = invite(cast)
    came: list[str] = []
    together = threading.Barrier(2)

    def act() -> None:
        together.wait(10)
        try:
            join(db, token)
            came.append("in")
        except (LinkExpired, SignInFirst):
            came.append("refused")

    workers = [threading.Thread(target=act) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert sorted(came) == ["in", "refused"]
    assert len(roles(db)) == 1


def test_a_link_is_good_for_seven_days(cast: Cast, db: Database) -> None:
    token = invite(cast)
    assert joining.look(db, SECRET, token, START + LIFE - DAY / 86400)
    with pytest.raises(LinkExpired):
        join(db, token, START + LIFE)


@pytest.mark.parametrize("damage", [lambda token: token[:-1], lambda token: "x" + token, lambda token: ""])
def test_a_damaged_link_is_told(cast: Cast, db: Database, damage: Any) -> None:
    with pytest.raises(LinkUnknown):
        join(db, damage(invite(cast)))


def test_an_invitation_is_for_the_invited_account_alone(cast: Cast, db: Database) -> None:
    token = invite(cast)
    with pytest.raises(OtherAccount):
        joining.accept(db, SECRET, token, cast.stranger.id, START)
    assert ("proctor", cast.here.office.id) not in roles(db, cast.stranger.email)


def test_an_address_with_an_account_is_not_taken_over_by_a_link(cast: Cast, db: Database) -> None:
    token = invite(cast)
    account = add_account(db, email=RINA, password_hash="their own")
    with pytest.raises(SignInFirst):
        join(db, token)
    with db.read() as tx:
        assert tx.get_one(Account, account.id).password_hash == "their own"
    assert roles(db) == set()


def test_an_account_that_somebody_began_and_never_activated_is_the_invited_persons(
    cast: Cast, db: Database
) -> None:
    token = invite(cast)
    add_account(db, email=RINA, password_hash="a stranger's", activated_at=None)
    join(db, token)
    with db.read() as tx:
        account = tx.scalars(sa.select(Account).where(Account.email == RINA)).one()
    assert (account.password_hash, account.activated_at) == ("hash", START)


def test_a_role_that_came_meanwhile_is_told(cast: Cast, db: Database) -> None:
    token = invite(cast, email=cast.stranger.email)
    accounts.grant_role(db, cast.stranger.id, "proctor", cast.here.office.id, START)
    with pytest.raises(AlreadyHolds):
        joining.accept(db, SECRET, token, cast.stranger.id, START)


def open_invitation(cast: Cast, by: Account | None = None) -> str:
    """The public id of the only invitation."""
    (one,) = waiting(cast.db, cast.actor(by or cast.superadmin))
    return one.public_id


def test_an_invitation_sent_again_has_a_new_link_and_seven_new_days(cast: Cast, db: Database) -> None:
    old = invite(cast)
    path = service.resend(db, SECRET, cast.actor(cast.admin), open_invitation(cast), START + DAY)
    with pytest.raises(LinkExpired):
        join(db, old, START + DAY)
    join(db, path.removeprefix("/join/"), START + LIFE)
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Mail.id))) == 2
    assert "invitation.resent" in acts(db)


def test_a_withdrawn_invitation_opens_nothing(cast: Cast, db: Database) -> None:
    token = invite(cast)
    public_id = open_invitation(cast)
    service.withdraw(db, cast.actor(cast.colleague), public_id, START)
    with pytest.raises(LinkExpired):
        join(db, token)
    for act in (service.withdraw, lambda *given: service.resend(given[0], SECRET, *given[1:])):
        with pytest.raises(InvitationOver):
            act(db, cast.actor(cast.admin), public_id, START)
    assert acts(db) == ["invitation.sent", "invitation.withdrawn"]


def test_an_accepted_invitation_is_neither_withdrawn_nor_sent_again(cast: Cast, db: Database) -> None:
    token, public_id = invite(cast), open_invitation(cast)
    join(db, token)
    with pytest.raises(InvitationOver):
        service.withdraw(db, cast.actor(cast.admin), public_id, START)
    with pytest.raises(InvitationOver):
        service.resend(db, SECRET, cast.actor(cast.admin), public_id, START)


def test_invitations_of_another_office_are_not_there(cast: Cast, db: Database) -> None:
    invite(cast, by=cast.superadmin, office_id=cast.there.office.id)
    public_id = open_invitation(cast)
    assert waiting(db, cast.actor(cast.admin)) == []
    with pytest.raises(NotFound):
        service.withdraw(db, cast.actor(cast.admin), public_id, START)
    with pytest.raises(NotFound):
        service.resend(db, SECRET, cast.actor(cast.admin), public_id, START)
    assert acts(db) == ["invitation.sent", "access.refused", "access.refused"]
    with pytest.raises(NotFound):
        service.withdraw(db, cast.actor(cast.admin), "nobody", START)


def test_an_admin_sees_the_people_of_the_own_office(cast: Cast, db: Database) -> None:
    seen = {person.email: person for person in people(db, cast.actor(cast.admin))}
    assert set(seen) == {cast.admin.email, cast.colleague.email, cast.proctor.email}
    assert [role.role for role in seen[cast.proctor.email].roles] == ["proctor"]
    everybody = people(db, cast.actor(cast.superadmin))
    assert {cast.stranger.email, cast.second.email} <= {person.email for person in everybody}


def test_the_list_tells_the_last_sign_in(cast: Cast, db: Database) -> None:
    accounts.open_session(db, cast.proctor.id, "x", START - DAY)
    accounts.open_session(db, cast.proctor.id, "x", START)
    seen = {person.email: person for person in people(db, cast.actor(cast.admin))}
    assert seen[cast.proctor.email].last_sign_in == START
    assert seen[cast.colleague.email].last_sign_in is None
    assert not seen[cast.proctor.email].second_factor
