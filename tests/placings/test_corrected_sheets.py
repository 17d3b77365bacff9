"""A corrected key reaches a candidate with the announcement that carries it, and not a moment earlier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.exam.papers import PaperShelf
from exam_server.placings import answers, result
from exam_server.placings.answers import Sheet
from exam_server.ranking import service as ranking
from tests.corrections.samples import NOTE, Case, case
from tests.factories import HOUR
from tests.placings.samples import DAY_OF_RESULT, LATER, announce


@pytest.fixture
def corrected(sqlite_url: str) -> Iterator[Case]:
    """A list that is announced with open sheets; then the one item that only the best had right is void."""
    db = Database(sqlite_url)
    one = case(db, frozen=True)
    announce(one.stand, own_answers=True)
    yield one
    db.close()


def sheet(one: Case, rank: int) -> Sheet:
    return answers.own(one.db, PaperShelf(), one.stand.people[rank - 1].run.candidate_id, LATER)


def announce_newest(one: Case) -> None:
    with one.db.read() as tx:
        newest = ranking.newest_list(tx, one.stand.activity_id)
    one.stand.list_id = newest.id if newest else 0
    announce(one.stand, DAY_OF_RESULT + HOUR, own_answers=True)


@pytest.mark.parametrize(("kind", "void", "out_of"), [("void", "everyone", 4), ("drop", "dropped", 3)])
def test_the_old_key_stands_until_the_correction_is_announced(
    corrected: Case, kind: str, void: str, out_of: int
) -> None:
    corrected.correct(Wish(kind))
    before = sheet(corrected, 5)
    assert (before.correct, before.out_of, before.version, before.notes) == (0, 4, 1, ())
    assert {one.void for one in before.items} == {""}
    announce_newest(corrected)
    after = sheet(corrected, 5)
    assert (after.out_of, after.version, after.notes) == (out_of, 2, (NOTE,))
    assert sorted(one.void for one in after.items) == ["", "", "", void]
    assert after.correct == (1 if void == "everyone" else 0)
    own = result.own(corrected.db, corrected.stand.people[4].run.candidate_id, LATER)
    assert own is not None
    assert (own.notes, own.score and own.score.correct) == ((NOTE,), after.correct)


def test_a_second_key_is_shown_beside_the_first(corrected: Case) -> None:
    corrected.correct(Wish("second", 0))
    announce_newest(corrected)
    after = sheet(corrected, 5)
    (two,) = [one for one in after.items if len(one.right) == 2]
    assert (two.mark, two.chosen in two.right) == (True, True)
    assert after.correct == 1
