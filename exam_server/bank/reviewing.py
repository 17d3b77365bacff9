"""Who may say that an item is fit for a paper: a second person, of the very revision they have read.

An item leaves the draw and comes back into it here and in `revising` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank.refusals import BankRefusal, ItemChanged, NotADraft, NoteMissing, OwnRevision
from exam_server.bank.revising import SHORTEST_WORD, Standing, standing
from exam_server.models import BankItem, ItemReview


@dataclass
class Told:
    """What came of an act on several items: done to how many, and why the others were left as they are."""

    done: int = 0
    own: int = 0
    changed: int = 0
    unfit: int = 0
    """In a state in which there is nothing to do."""


def accept(tx: Session, item_id: int, revision_id: int, reviewer_id: int, now: datetime) -> None:
    """The item may be drawn from now on; raises NotFound, ItemChanged, NotADraft, OwnRevision."""
    item = _review(tx, item_id, revision_id, reviewer_id, now, "accepted", "")
    item.state = "reviewed"
    _record(tx, "bank.item_accepted", item, reviewer_id, now)


def send_back(
    tx: Session, item_id: int, revision_id: int, note: str, reviewer_id: int, now: datetime
) -> None:  # fmt: skip
    """It stays a draft, and its author reads why; raises NoteMissing and what `accept` does."""
    said = " ".join(note.split())
    if len(said) < SHORTEST_WORD:
        raise NoteMissing(least=SHORTEST_WORD)
    item = _review(tx, item_id, revision_id, reviewer_id, now, "returned", said)
    _record(tx, "bank.item_returned", item, reviewer_id, now, reason=said)


def retire(tx: Session, item_id: int, actor_id: int, now: datetime) -> None:
    """Never drawn again until it is brought back; papers that have it keep it. Again is nothing new."""
    item = standing(tx, item_id, lock=True).item
    if item.state != "retired":
        item.state = "retired"
        _record(tx, "bank.item_retired", item, actor_id, now)


def bring_back(tx: Session, item_id: int, actor_id: int, now: datetime) -> None:
    """A draft again, to be reviewed like any other; of an item that was not retired it changes nothing."""
    item = standing(tx, item_id, lock=True).item
    if item.state == "retired":
        item.state = "draft"
        _record(tx, "bank.item_restored", item, actor_id, now)


def accept_several(
    tx: Session, office_id: int, chosen: Mapping[int, int], reviewer_id: int, now: datetime
) -> Told:  # fmt: skip
    """`chosen` is by item the revision that was read; other offices' items are not there at all."""
    told, done = Told(), []
    for item_id in own(tx, office_id, list(chosen)):
        try:
            was = standing(tx, item_id, lock=True)
            _check(was, chosen[item_id], reviewer_id)
        except OwnRevision:
            told.own += 1
        except ItemChanged:
            told.changed += 1
        except BankRefusal:
            told.unfit += 1
        else:
            _keep(tx, was, reviewer_id, now, "accepted", "")
            was.item.state = "reviewed"
            done.append(item_id)
    told.done = len(done)
    record_several(tx, "bank.items_accepted", office_id, done, reviewer_id, now)
    return told


def own(tx: Session, office_id: int, item_ids: list[int]) -> list[int]:
    """Those that are the office's; other ones are not there at all."""
    wanted = sa.select(BankItem.id).where(BankItem.office_id == office_id, BankItem.id.in_(item_ids))
    return list(tx.scalars(wanted.order_by(BankItem.id)))


def record_several(
    tx: Session, act: str, office_id: int, done: list[int], actor_id: int, now: datetime, **detail: object
) -> None:  # fmt: skip
    """One row of the trail for an act on several items; none when it was done to none."""
    if done:
        audit.record(tx, now=now, act=act, object_kind="office", object_id=office_id, actor_id=actor_id,
                     office_id=office_id, detail={"count": len(done), "items": done, **detail})  # fmt: skip


def _review(
    tx: Session, item_id: int, revision_id: int, reviewer_id: int, now: datetime, verdict: str, note: str
) -> BankItem:  # fmt: skip
    was = standing(tx, item_id, lock=True)
    _check(was, revision_id, reviewer_id)
    _keep(tx, was, reviewer_id, now, verdict, note)
    return was.item


def _check(was: Standing, revision_id: int, reviewer_id: int) -> None:
    if was.revision.id != revision_id:
        raise ItemChanged(version=was.revision.number)
    if was.item.state != "draft":
        raise NotADraft
    if was.revision.author_id == reviewer_id:
        raise OwnRevision


def _keep(
    tx: Session, was: Standing, reviewer_id: int, now: datetime, verdict: str, note: str
) -> None:  # fmt: skip
    tx.add(ItemReview(revision_id=was.revision.id, reviewer_id=reviewer_id, verdict=verdict, note=note,
                      reviewed_at=now))  # fmt: skip


def _record(
    tx: Session, act: str, item: BankItem, actor_id: int, now: datetime, **detail: object
) -> None:  # fmt: skip
    audit.record(tx, now=now, act=act, object_kind="item", object_id=item.id, actor_id=actor_id,
                 office_id=item.office_id, detail=detail)  # fmt: skip
