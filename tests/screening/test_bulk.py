"""Accepting many: what was previewed and still is so is accepted, and the others are told why."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from exam_server.screening import bulk, cases, claims, service
from exam_server.screening.cases import Desk, Official
from tests.factories import HOUR, add_other_scene
from tests.screening.cast import NOW, Bureau, agree_to_all, file_application


@pytest.fixture
def desk(db: Database, bureau: Bureau) -> Desk:
    return cases.own_desk(db, bureau.scene.registration.public_id, Official(bureau.ayu.id, None), NOW)


def test_the_preview_lists_who_agrees_in_everything_and_who_compared_it(
    db: Database, bureau: Bureau, desk: Desk
) -> None:
    ready, unfinished, asked = bureau.file(name="Siap"), bureau.file(), bureau.file()
    bureau.agree(ready)
    bureau.check(unfinished, "nik")
    bureau.agree(asked)
    bureau.ask(asked)
    (one,) = bulk.preview(db, desk)
    assert (one.public_id, one.version, one.name, one.kecamatan) == (ready.public_id, 1, "Siap", "Bangsri")
    assert one.checked_by == (bureau.ayu.name,)


def test_those_that_are_still_so_are_accepted_and_the_others_are_told_why(
    db: Database, bureau: Bureau, desk: Desk
) -> None:
    names = ("Tetap", "Berubah", "Diputuskan", "Dikerjakan", "Terkirim Ulang", "Akhir")
    filed = {name: bureau.file(name=name) for name in names}
    for one in filed.values():
        bureau.agree(one)
    previewed = [(one.public_id, one.version) for one in bulk.preview(db, desk)]
    bureau.check(filed["Berubah"], "desa", "differs", "lain")
    claims.release(db, filed["Berubah"].public_id, bureau.ayu.id, NOW)
    service.accept(db, filed["Diputuskan"].public_id, 1, bureau.ayu.id, NOW)
    claims.claim(db, filed["Dikerjakan"].public_id, bureau.budi.id, NOW + HOUR)
    bureau.ask(filed["Terkirim Ulang"])
    bureau.correct(filed["Terkirim Ulang"], NOW + HOUR / 2)
    outcome = bulk.accept_many(db, desk, previewed, bureau.ayu.id, NOW + HOUR)
    assert outcome.accepted == ("Tetap", "Akhir")
    assert [(name, why.code) for name, why in outcome.refused] == [
        ("Berubah", "not_all_checked"), ("Diputuskan", "already_decided"),
        ("Dikerjakan", "claimed_by_other"), ("Terkirim Ulang", "stale_version"),
    ]  # fmt: skip
    assert bureau.row(filed["Akhir"]).decision == "accepted"
    assert bureau.row(filed["Berubah"]).decision is None


def test_nobody_elses_application_is_accepted_along(db: Database, bureau: Bureau, desk: Desk) -> None:
    elsewhere = file_application(db, add_other_scene(db))
    agree_to_all(db, elsewhere, bureau.ayu.id, NOW)
    outcome = bulk.accept_many(db, desk, [(elsewhere.public_id, 1)], bureau.ayu.id, NOW)
    assert (outcome.accepted, outcome.refused) == ((), ())
    assert bureau.row(elsewhere).decision is None


def test_a_preview_is_never_longer_than_one_press_can_do(
    db: Database, bureau: Bureau, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    for _ in range(3):
        bureau.agree(bureau.file())
    assert len(bulk.preview(db, desk)) == 2
