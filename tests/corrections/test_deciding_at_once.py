"""A key is corrected while a list is frozen or announced, or another key is: one after the other."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from exam_server.announcements import service as announcements
from exam_server.approvals import service as approvals
from exam_server.corrections import correcting
from exam_server.corrections.correcting import Correcting
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.models import ResultAnnouncement, ResultVersion, SelectionList
from exam_server.ranking import freezing
from exam_server.ranking.freezing import Freezing
from exam_server.verify import corrections as check_corrections
from exam_server.verify import selections as check_lists
from tests.announcements import announcing
from tests.corrections.samples import NOW, OTHER, Case, case
from tests.placings.test_place_races import at_once
from tests.together import AT_ONCE

ACTS = {correcting.KIND: Correcting().apply, freezing.KIND: Freezing().apply,
        announcements.KIND: announcements.apply}  # fmt: skip


@pytest.fixture
def fix(db: Database) -> Case:
    """Scores are opened, nothing is frozen."""
    return case(db)


@pytest.fixture
def frozen(db: Database) -> Case:
    return case(db, frozen=True)


def grant(fix: Case, asked: str, official: int) -> None:
    approvals.grant(fix.db, ACTS, asked, official, NOW)


def granted(fix: Case, *questions: tuple[str, int]) -> Counter[str]:
    """Each question by its official, all at the same instant."""
    return at_once([lambda one=one: grant(fix, *one) for one in questions])  # type: ignore[misc]


def lists(db: Database) -> list[tuple[int, int]]:
    """(number, by which version of the results)"""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(SelectionList.number, SelectionList.result_number).order_by(SelectionList.number)
        )
        return [(row.number, row.result_number) for row in rows]


def versions(db: Database) -> list[int]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(ResultVersion.number).order_by(ResultVersion.number)))


def agrees(db: Database) -> None:
    assert (check_corrections.look(db)[1], check_lists.look(db)[1]) == ([], [])


def test_a_list_frozen_while_a_key_is_corrected_is_made_again_or_not_at_all(fix: Case) -> None:
    """Whoever comes second sees what the first one did; no newest list has the scores of the old key."""
    second = fix.stand.second
    told = granted(fix, (fix.ask(Wish("key", OTHER)), second), (fix.stand.ask(), second))
    assert versions(fix.db) == [2]
    if lists(fix.db):
        assert (told, lists(fix.db)) == ({"ok": 2}, [(1, 1), (2, 2)])
    else:
        assert told in ({"ok": 1, "ListChanged": 1}, {"ok": 1, "FactsMoved": 1})
    agrees(fix.db)


def test_an_announcement_granted_while_a_key_is_corrected_never_tells_the_old_scores_as_the_newest(
    frozen: Case,
) -> None:
    second = frozen.stand.second
    asked = announcing.ask(frozen.stand, at=NOW)
    told = granted(frozen, (frozen.ask(Wish("key", OTHER)), second), (asked, second))
    with frozen.db.read() as tx:
        out = tx.scalars(sa.select(ResultAnnouncement.number)).all()
    assert (versions(frozen.db), lists(frozen.db)) == ([2], [(1, 1), (2, 2)])
    if out:
        assert told == {"ok": 2}
    else:
        assert told == {"ok": 1, "AnnouncementChanged": 1}
    agrees(frozen.db)


def test_two_officials_who_grant_each_others_corrections_at_once_make_two_versions(frozen: Case) -> None:
    """Each list is made by the scores of its own version."""
    other = frozen.other_revision("U002")
    first, second = frozen.stand.admin, frozen.stand.second
    questions = (frozen.ask(Wish("void")), second), (other.ask(Wish("drop"), actor_id=second), first)
    assert granted(frozen, *questions) == {"ok": 2}
    assert versions(frozen.db) == [2, 3]
    assert lists(frozen.db) == [(1, 1), (2, 2), (3, 3)]
    agrees(frozen.db)


@pytest.mark.parametrize("what", ["list", "announcement", "correction"])
def test_one_question_granted_many_times_at_once_is_done_once(fix: Case, what: str) -> None:
    if what == "announcement":
        fix.stand.freeze()
    ask = {"list": fix.stand.ask, "correction": lambda: fix.ask(Wish("void")),
           "announcement": lambda: announcing.ask(fix.stand, at=NOW)}[what]  # fmt: skip
    asked = ask()
    assert granted(fix, *[(asked, fix.stand.second)] * AT_ONCE) == {"ok": 1, "ApprovalOver": AT_ONCE - 1}
    agrees(fix.db)


def test_who_asked_cannot_win_by_granting_at_the_same_instant(fix: Case) -> None:
    asked = fix.ask(Wish("void"))
    told = granted(fix, (asked, fix.stand.admin), (asked, fix.stand.second), (asked, fix.stand.admin))
    assert told == {"ok": 1, "SamePerson": 2}
    assert versions(fix.db) == [2]
