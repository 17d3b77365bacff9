"""One item for the admins of its office: looked at whole, saved, reviewed, retired and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import reviewing, revising
from exam_server.bank.refusals import CodeTaken, ItemThere
from exam_server.bank.wording import Kept
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import BankItem, ItemRevision, Picture, RevisionPicture
from exam_server.questions import history, texts, usage
from exam_server.questions.entries import FEWEST_ROWS, PICTURE, Entry, Judged
from exam_server.questions.history import Revision

EDITS = "admin"


class Official(Protocol):
    """Who asks."""

    @property
    def id(self) -> int: ...

    def may(self, office_id: int, *roles: str) -> bool: ...

    def offices(self, *roles: str) -> list[int] | None: ...


@dataclass(frozen=True)
class Place:
    """Where an item lies."""

    id: int
    office_id: int
    code: str


@dataclass(frozen=True)
class Page:
    """An item and all that is known of it; `used` are papers by revision, `state` as the list tells it."""

    place: Place
    state: str
    topic: str
    difficulty: str | None
    tags: tuple[str, ...]
    seen: str
    revisions: tuple[Revision, ...]
    used: Mapping[int, int]

    @property
    def newest(self) -> Revision:
        return self.revisions[0]

    @property
    def changed(self) -> list[tuple[Revision, tuple[history.Change, ...]]]:
        """Each revision with what it changed; the first one changed nothing."""
        older = [*self.revisions[1:], None]
        return [(one, history.changes(was.wording, one.wording) if was else ())
                for one, was in zip(self.revisions, older, strict=True)]  # fmt: skip

    def since(self, seen: str) -> tuple[history.Change, ...]:
        """What changed in the wording after the revision that somebody had before them."""
        number = seen.partition(".")[0]
        was = next((one for one in self.revisions if str(one.number) == number), self.newest)
        return history.changes(was.wording, self.newest.wording)


def own(db: Database, person: Official, item_id: int, now: datetime) -> Place:
    """Where the item lies, for its office's admin; anybody else finds nothing (NotFound) and leaves a row."""
    with db.read() as tx:
        item = tx.get(BankItem, item_id)
    if item is None:
        raise NotFound
    if not person.may(item.office_id, EDITS):
        audit.refuse_foreign(db, person.id, "item", item_id, now)
    return Place(item.id, item.office_id, item.code)


def look(db: Database, place: Place, viewer_id: int, now: datetime) -> Page:
    """The whole item with its key, once the trail has kept who looks."""
    with db.write() as tx:
        audit.record(tx, now=now, act="bank.item_opened", object_kind="item", object_id=place.id,
                     actor_id=viewer_id, office_id=place.office_id)  # fmt: skip
    with db.read() as tx:
        was = revising.standing(tx, place.id)
        revisions = history.revisions(tx, place.id)
        papers = usage.of_revisions(tx, place.id)
        reviews = revisions[0].reviews
        returned = was.item.state == "draft" and bool(reviews) and reviews[-1].verdict == "returned"
        return Page(place, "returned" if returned else was.item.state, was.item.topic, was.item.difficulty,
                    was.tags, was.seen, revisions, {one.id: papers[one.id] for one in revisions})  # fmt: skip


def is_reviewed(db: Database, place: Place) -> bool:
    """True when saving another wording takes it out of the draw."""
    with db.read() as tx:
        return tx.scalar(sa.select(BankItem.state).where(BankItem.id == place.id)) == "reviewed"


def entry(page: Page) -> Entry:
    """The newest wording as its editor finds it."""
    said = page.newest.wording
    options = [texts.typed(one) for one in said.options]
    return Entry(
        stem=texts.typed(said.stem), options=(*options, *[""] * (FEWEST_ROWS - len(options))),
        key=said.accepted[0] + 1 if said.accepted else 0, topic=page.topic, difficulty=page.difficulty or "",
        tags=", ".join(page.tags), picture=said.picture, picture_alt=said.picture_alt,
        explanation=texts.typed(said.explanation), shuffle=said.shuffle,
    )  # fmt: skip


def names(db: Database, item_id: int) -> dict[str, Kept]:
    """The pictures that may stand inside the item's texts, by the names they have there."""
    with db.read() as tx:
        return _names(tx, item_id)


def _names(tx: Session, item_id: int) -> dict[str, Kept]:
    rows = tx.execute(
        sa.select(Picture.id, Picture.sha256)
        .join(RevisionPicture, RevisionPicture.picture_id == Picture.id)
        .join(ItemRevision, ItemRevision.id == RevisionPicture.revision_id)
        .where(ItemRevision.item_id == item_id)
    )
    return {texts.name_of(row.sha256): Kept(row.id, row.sha256) for row in rows}


def add(
    db: Database, office_id: int, entry: Entry, judged: Judged, author_id: int, now: datetime
) -> int:  # fmt: skip
    """A new draft; its id. Raises CodeTaken, ItemThere, NotFound (a picture that is not there)."""
    try:
        with db.write() as tx:
            return revising.add(tx, office_id, _wanted(tx, entry, judged, {}), author_id, now)
    except IntegrityError as problem:  # somebody else took it in the same instant
        taken = judged.item.code
        raise (CodeTaken(taken=taken) if taken else ItemThere(known="-")) from problem


def save(
    db: Database, place: Place, entry: Entry, judged: Judged, seen: str, author_id: int, now: datetime
) -> int | None:  # fmt: skip
    """As `revising.revise`: the number of the new revision, None when only labels changed."""
    with db.write() as tx:
        wanted = _wanted(tx, entry, judged, _names(tx, place.id))
        return revising.revise(tx, place.id, wanted, seen, author_id, now)


def _wanted(tx: Session, entry: Entry, judged: Judged, inside: dict[str, Kept]) -> revising.Wanted:
    kept = dict(inside)
    if entry.picture:
        picture_id = tx.scalar(sa.select(Picture.id).where(Picture.sha256 == entry.picture))
        if picture_id is None:
            raise NotFound
        kept[PICTURE] = Kept(picture_id, entry.picture)
    return revising.Wanted(judged.item, kept, judged.tags, entry.why)


def review(
    db: Database, place: Place, revision_id: int, note: str | None, reviewer_id: int, now: datetime
) -> None:  # fmt: skip
    """Accepted, or with a note sent back; raises what `reviewing` does."""
    with db.write() as tx:
        if note is None:
            reviewing.accept(tx, place.id, revision_id, reviewer_id, now)
        else:
            reviewing.send_back(tx, place.id, revision_id, note, reviewer_id, now)


def set_aside(db: Database, place: Place, actor_id: int, now: datetime) -> None:
    """Not drawn any more; again is nothing new."""
    with db.write() as tx:
        reviewing.retire(tx, place.id, actor_id, now)


def bring_back(db: Database, place: Place, actor_id: int, now: datetime) -> None:
    """A draft again."""
    with db.write() as tx:
        reviewing.bring_back(tx, place.id, actor_id, now)
