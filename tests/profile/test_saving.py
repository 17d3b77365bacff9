"""Saving one step: only its fields, one NIK per person, and a trail that names fields but never values."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Account, AuditEntry, Profile
from exam_server.profile import service
from exam_server.profile.rules import STEPS, Facts, missing
from tests.factories import DAY, START, Scene, add_account, add_profile, add_scene
from tests.profile.samples import GOOD, IDENTITY, NIK
from tests.together import AT_ONCE, outcomes


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def candidate(db: Database, scene: Scene) -> Account:
    return add_account(db)


def typed(step: str, **changed: Any) -> dict[str, list[str]]:
    return {name: one if isinstance(one, list) else [one] for name, one in (GOOD[step] | changed).items()}


def save(db: Database, account: Account, step: str = "identity", **changed: Any) -> None:
    service.save_step(db, account.id, step, typed(step, **changed), START)


def trail(db: Database) -> list[AuditEntry]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "profile.saved")))


def test_nothing_told_yet_is_only_the_name(db: Database, candidate: Account) -> None:
    assert service.facts_of(db, candidate.id) == Facts(name=candidate.name)


def test_four_steps_make_a_complete_profile(db: Database, scene: Scene, candidate: Account) -> None:
    for step in STEPS:
        assert missing(service.facts_of(db, candidate.id))
        save(db, candidate, step.name)
    facts = service.facts_of(db, candidate.id)
    assert missing(facts) == []
    assert (facts.name, facts.nik, facts.regency) == ("Budi Santoso", NIK, scene.office.regency)


def test_a_step_saved_again_replaces_its_fields_and_no_others(db: Database, candidate: Account) -> None:
    save(db, candidate)
    save(db, candidate, "work")
    save(db, candidate, "work", education="s1", major="Statistika")
    facts = service.facts_of(db, candidate.id)
    assert (facts.education, facts.major, facts.nik) == ("s1", "Statistika", NIK)


def test_fields_of_another_step_are_not_changed_by_sending_them(db: Database, candidate: Account) -> None:
    save(db, candidate)
    save(db, candidate, "means", nik="3320011705980002", name="Orang Lain", office_id="jepara", saved_at="0")
    facts = service.facts_of(db, candidate.id)
    assert (facts.nik, facts.name, facts.office_id) == (NIK, "Budi Santoso", None)


def test_the_trail_names_the_changed_fields_and_no_value(db: Database, candidate: Account) -> None:
    save(db, candidate)
    save(db, candidate, birth_place="Kudus")
    first, second = trail(db)
    assert first.detail["fields"] == list(IDENTITY)
    assert second.detail["fields"] == ["birth_place"]
    assert (second.actor_id, second.object_kind, second.object_id) == (candidate.id, "account", candidate.id)
    said = json.dumps([first.detail, second.detail])
    assert not [value for value in (NIK, "Kudus", "Budi", "1998") if value in said]


def test_a_wrong_entry_keeps_what_was_saved_before(db: Database, candidate: Account) -> None:
    save(db, candidate)
    with pytest.raises(service.WrongEntries) as refused:
        save(db, candidate, nik=NIK[:-1], birth_place="Kudus")
    assert refused.value.details == {"fields": ["nik"]}
    assert service.facts_of(db, candidate.id).birth_place == "Jepara"
    assert len(trail(db)) == 1


def test_an_unknown_step_is_not_found(db: Database, candidate: Account) -> None:
    with pytest.raises(NotFound):
        service.save_step(db, candidate.id, "documents", {}, START)


def test_nobody_has_facts_without_an_account(db: Database) -> None:
    with pytest.raises(NotFound):
        service.facts_of(db, 999)


def test_a_nik_held_by_somebody_else_is_refused_and_nothing_is_saved(
    db: Database, candidate: Account
) -> None:
    save(db, add_account(db))
    with pytest.raises(service.NikTaken):
        save(db, candidate)
    assert service.facts_of(db, candidate.id) == Facts(name=candidate.name)
    assert len(trail(db)) == 1


def test_the_own_nik_may_be_saved_again(db: Database, candidate: Account) -> None:
    save(db, candidate)
    save(db, candidate, birth_place="Kudus")
    assert service.facts_of(db, candidate.id).birth_place == "Kudus"


def test_a_nik_given_up_is_free_for_its_owner(db: Database, candidate: Account) -> None:
    other = add_account(db)
    save(db, other)
    save(db, other, nik="3320011705980002")
    save(db, candidate)
    assert service.facts_of(db, candidate.id).nik == NIK


def test_a_complete_profile_outlives_the_year(db: Database, scene: Scene, candidate: Account) -> None:
    add_profile(db, candidate.id, scene.office)
    service.save_step(db, candidate.id, "work", typed("work"), START + 400 * DAY)
    facts = service.facts_of(db, candidate.id)
    assert (facts.occupation, missing(facts)) == ("farmer", [])


def test_one_nik_told_by_twelve_accounts_at_once_is_one_profile(db: Database, scene: Scene) -> None:
    people = iter([add_account(db) for _ in range(AT_ONCE)])

    def tell(db: Database, together: threading.Barrier) -> None:
        person = next(people)
        together.wait(20)
        save(db, person)

    assert outcomes(db, tell) == {"ok": 1, "NikTaken": AT_ONCE - 1}
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Profile.account_id)).where(Profile.nik == NIK)) == 1
    assert len(trail(db)) == 1


def test_one_person_in_twelve_tabs_at_once_is_saved_every_time(db: Database, candidate: Account) -> None:
    def tell(db: Database, together: threading.Barrier) -> None:
        together.wait(20)
        save(db, candidate)

    assert outcomes(db, tell) == {"ok": AT_ONCE}
    assert service.facts_of(db, candidate.id).nik == NIK
