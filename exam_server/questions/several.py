"""The same act on many items: one transaction, one row of the trail, and told what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from exam_server.bank import reviewing, revising
from exam_server.bank.reviewing import Told
from exam_server.bank.revising import Standing
from exam_server.db import Database
from exam_server.questions import rules
from exam_server.questions.refusals import ActUnknown, DifficultyUnknown, NothingChosen, TagsUnusable
from question_bank.items import DIFFICULTIES
from question_bank.text import line
from question_bank.validate import TOPIC_LIMIT

ACTS = ("accept", "topic", "difficulty", "tag", "untag", "retire", "restore")


@dataclass(frozen=True)
class Wish:
    """What to do with which items; `chosen` is by item the revision that was on the page."""

    act: str
    chosen: Mapping[int, int]
    word: str = ""
    """A topic, a difficulty or tags, as the act wants it."""


def perform(db: Database, office_id: int, wish: Wish, actor_id: int, now: datetime) -> Told:
    """Done to all of the office's chosen items that it fits.

    Raises NothingChosen, ActUnknown, DifficultyUnknown, TagsUnusable.
    """
    if wish.act not in ACTS:
        raise ActUnknown
    if not wish.chosen:
        raise NothingChosen
    with db.write() as tx:
        if wish.act == "accept":
            return reviewing.accept_several(tx, office_id, wish.chosen, actor_id, now)
        if wish.act in ("retire", "restore"):
            return _turn(tx, office_id, wish, actor_id, now)
        return _label(tx, office_id, wish, actor_id, now)


def _turn(tx: Session, office_id: int, wish: Wish, actor_id: int, now: datetime) -> Told:
    """Out of use, or from there back to a draft; what is there already is left."""
    done, unfit = [], 0
    for item_id in reviewing.own(tx, office_id, list(wish.chosen)):
        item = revising.standing(tx, item_id, lock=True).item
        if (item.state == "retired") is (wish.act == "retire"):
            unfit += 1
            continue
        item.state = "retired" if wish.act == "retire" else "draft"
        done.append(item_id)
    if wish.act == "retire":
        reviewing.record_several(tx, "bank.items_retired", office_id, done, actor_id, now)
    else:
        reviewing.record_several(tx, "bank.items_restored", office_id, done, actor_id, now)
    return Told(done=len(done), unfit=unfit)


def _label(tx: Session, office_id: int, wish: Wish, actor_id: int, now: datetime) -> Told:
    change = _change(wish)
    done, unfit = [], 0
    for item_id in reviewing.own(tx, office_id, list(wish.chosen)):
        was = revising.standing(tx, item_id, lock=True)
        if revising.relabel(tx, was, *change(was)):
            done.append(item_id)
        else:
            unfit += 1
    reviewing.record_several(tx, "bank.items_labelled", office_id, done, actor_id, now, part=wish.act)
    return Told(done=len(done), unfit=unfit)


Labels = tuple[str, str | None, tuple[str, ...]]


def _change(wish: Wish) -> Callable[[Standing], Labels]:
    """From an item's labels to its new ones."""
    if wish.act == "topic":
        topic = line(wish.word)[:TOPIC_LIMIT]
        return lambda was: (topic, was.item.difficulty, was.tags)
    if wish.act == "difficulty":
        if wish.word not in ("", *DIFFICULTIES):
            raise DifficultyUnknown
        return lambda was: (was.item.topic, wish.word or None, was.tags)
    given = rules.tags(wish.word)
    if not given or rules.badly_tagged(given):
        raise TagsUnusable(most=rules.MOST_TAGS, longest=rules.LONGEST_TAG)
    if wish.act == "untag":
        return lambda was: (was.item.topic, was.item.difficulty,
                            tuple(one for one in was.tags if one not in given))  # fmt: skip
    return lambda was: (was.item.topic, was.item.difficulty, tuple(sorted({*was.tags, *given})))
