"""What an item said in each of its revisions, who wrote and who reviewed it, and what changed in between."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exam_server.bank.codec import unseal
from exam_server.models import Account, ItemKey, ItemReview, ItemRevision, Picture, RevisionNote
from exam_server.questions import texts
from exam_server.questions.rules import Part, difference
from question_bank.validate import LETTERS


@dataclass(frozen=True)
class Wording:
    """One wording with its key, as kept; `accepted` counts options from 0, `picture` is a hash or empty."""

    stem: str
    options: tuple[str, ...]
    accepted: tuple[int, ...]
    explanation: str
    picture: str
    picture_alt: str
    shuffle: bool

    @property
    def letters(self) -> str:
        return ", ".join(LETTERS[one] for one in self.accepted)


@dataclass(frozen=True)
class Review:
    by: str
    verdict: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Revision:
    """`by` is empty for what came in by a command."""

    id: int
    number: int
    at: datetime
    by: str
    author_id: int | None
    why: str
    wording: Wording
    reviews: tuple[Review, ...]


@dataclass(frozen=True)
class Change:
    """One part of an item (`stem`, `option` with its letter, `key` ...) before and after, in one text."""

    part: str
    letter: str
    parts: tuple[Part, ...]


def revisions(tx: Session, item_id: int) -> tuple[Revision, ...]:
    """Every revision of an item, newest first."""
    other = aliased(ItemKey)
    newest = (
        sa.select(sa.func.max(other.version)).where(other.revision_id == ItemRevision.id).scalar_subquery()
    )
    rows = tx.execute(
        sa.select(ItemRevision, ItemKey.content.label("hidden"), Account.name.label("by"), RevisionNote.why,
                  Picture.sha256)
        .select_from(ItemRevision)
        .join(ItemKey, sa.and_(ItemKey.revision_id == ItemRevision.id, ItemKey.version == newest))
        .outerjoin(Account, Account.id == ItemRevision.author_id)
        .outerjoin(RevisionNote, RevisionNote.revision_id == ItemRevision.id)
        .outerjoin(Picture, Picture.id == ItemRevision.picture_id)
        .where(ItemRevision.item_id == item_id)
        .order_by(ItemRevision.number.desc())
    ).all()  # fmt: skip
    reviews = _reviews(tx, item_id)
    return tuple(
        Revision(one.id, one.number, one.created_at, row.by or "", one.author_id, row.why or "",
                 _wording(row), tuple(reviews[one.id]))
        for row in rows for one in (row.ItemRevision,)
    )  # fmt: skip


def _wording(row: Any) -> Wording:
    seen, hidden = json.loads(unseal(row.ItemRevision.content)), json.loads(unseal(row.hidden))
    return Wording(seen["stem"], tuple(seen["options"]), tuple(sorted(hidden["accepted"])),
                   hidden["explanation"], row.sha256 or "", seen["picture_alt"],
                   row.ItemRevision.shuffle)  # fmt: skip


def _reviews(tx: Session, item_id: int) -> dict[int, list[Review]]:
    found: dict[int, list[Review]] = defaultdict(list)
    rows = tx.execute(
        sa.select(ItemReview, Account.name)
        .join(ItemRevision, ItemRevision.id == ItemReview.revision_id)
        .join(Account, Account.id == ItemReview.reviewer_id)
        .where(ItemRevision.item_id == item_id)
        .order_by(ItemReview.id)
    )
    for row, name in rows:
        found[row.revision_id].append(Review(name, row.verdict, row.note, row.reviewed_at))
    return found


def changes(old: Wording, new: Wording) -> tuple[Change, ...]:
    """What a person would say has changed, in the order of the form."""
    return tuple(_changes(old, new))


def _changes(old: Wording, new: Wording) -> Iterator[Change]:
    yield from _text("stem", "", old.stem, new.stem)
    for place in range(max(len(old.options), len(new.options))):
        before, after = (side.options[place] if place < len(side.options) else "" for side in (old, new))
        yield from _text("option", LETTERS[place], before, after)
    if old.accepted != new.accepted:
        yield Change("key", "", difference(old.letters, new.letters))
    yield from _text("explanation", "", old.explanation, new.explanation)
    if old.picture != new.picture:
        yield Change("picture", "", ())
    yield from _text("picture_alt", "", old.picture_alt, new.picture_alt)
    if old.shuffle != new.shuffle:
        yield Change("shuffle" if new.shuffle else "no_shuffle", "", ())


def _text(part: str, letter: str, old: str, new: str) -> Iterator[Change]:
    if old != new:
        yield Change(part, letter, difference(texts.typed(old), texts.typed(new)))
