"""The items of an office by what is looked for, fifty at a time, newest change first."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank.codec import unseal
from exam_server.db import Database
from exam_server.models import Account, Activity, BankItem, ItemReview, ItemRevision, ItemTag
from exam_server.questions import rules, usage
from question_bank.items import plain
from question_bank.problems import excerpt

A_PAGE = 50
STATES = ("draft", "reviewed", "retired")
WITHOUT = "-"
"""Asks for items that have no topic, no difficulty or no tag."""

STEM_SHOWN = 160


@dataclass(frozen=True)
class Sought:
    """What is looked for; empty words take everything."""

    text: str = ""
    topic: str = ""
    difficulty: str = ""
    state: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Row:
    """One item with its newest revision; `used` counts papers with any of its wordings."""

    id: int
    revision_id: int
    number: int
    code: str
    stem: str
    topic: str
    difficulty: str | None
    state: str
    tags: tuple[str, ...]
    used: int
    author: str | None
    at: datetime


@dataclass(frozen=True)
class Listing:
    """One page of what was found; the counts are of the whole bank."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int
    all: int
    states: dict[str, int]
    topics: list[tuple[str, int]]
    tags: list[tuple[str, int]]


def listing(db: Database, office_id: int, sought: Sought, page: int) -> Listing:
    """The page of that number, or the last one when there are fewer."""
    with db.read() as tx:
        items, tags = _items(tx, office_id), _tags(tx, office_id)
        found = [one for one in items if _fits(one, tags[one.id], sought)]
        pages = max(1, -(-len(found) // A_PAGE))
        page = min(max(page, 1), pages)
        shown = found[(page - 1) * A_PAGE : page * A_PAGE]
        return Listing(
            rows=_rows(tx, shown, tags), found=len(found), page=page, pages=pages, all=len(items),
            states={state: sum(one.state == state for one in items) for state in STATES},
            topics=sorted(Counter(one.topic for one in items).items()),
            tags=sorted(Counter(tag for one in items for tag in tags[one.id]).items()),
        )  # fmt: skip


def plans(db: Database, office_id: int) -> list[tuple[int, str]]:
    """(year, activity) of every test whose papers are drawn from this bank, the newest year first."""
    wanted = sa.select(Activity.year, Activity.public_id).where(
        Activity.office_id == office_id, Activity.kind == "selection"
    )
    with db.read() as tx:
        return [(row.year, row.public_id) for row in tx.execute(wanted.order_by(Activity.year.desc()))]


def topics(db: Database, office_id: int) -> list[str]:
    """Every topic that an item of the office has, by name."""
    with db.read() as tx:
        wanted = sa.select(BankItem.topic).where(BankItem.office_id == office_id, BankItem.topic != "")
        return list(tx.scalars(wanted.distinct().order_by(BankItem.topic)))


def _items(tx: Session, office_id: int) -> Sequence[Any]:
    newest = (
        sa.select(sa.func.max(ItemRevision.id))
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .where(BankItem.office_id == office_id)
        .group_by(ItemRevision.item_id)
    )
    return tx.execute(
        sa.select(BankItem.id, BankItem.code, BankItem.topic, BankItem.difficulty, BankItem.state,
                  ItemRevision.id.label("revision_id"), ItemRevision.number, ItemRevision.content,
                  ItemRevision.created_at, Account.name.label("author"))
        .join(ItemRevision, ItemRevision.item_id == BankItem.id)
        .outerjoin(Account, Account.id == ItemRevision.author_id)
        .where(ItemRevision.id.in_(newest))
        .order_by(ItemRevision.id.desc())
    ).all()  # fmt: skip


def _tags(tx: Session, office_id: int) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    rows = tx.execute(
        sa.select(ItemTag.item_id, ItemTag.tag)
        .join(BankItem, BankItem.id == ItemTag.item_id)
        .where(BankItem.office_id == office_id)
        .order_by(ItemTag.tag)
    )
    for item_id, tag in rows:
        found[item_id] += (tag,)
    return found


def _fits(one: Any, tags: Sequence[str], sought: Sought) -> bool:
    def asked(wanted: str, has: Callable[[str], bool], empty: bool) -> bool:
        return empty if wanted == WITHOUT else not wanted or has(wanted)

    return (
        asked(sought.state, one.state.__eq__, False)
        and asked(sought.topic, one.topic.__eq__, not one.topic)
        and asked(sought.difficulty, lambda word: word == one.difficulty, one.difficulty is None)
        and asked(sought.tag, tags.__contains__, not tags)
        and (not sought.text or rules.matches(rules.words(sought.text), _text(one)))
    )


def _text(one: Any) -> str:
    said = json.loads(unseal(one.content))
    return " ".join((one.code, plain(said["stem"]), *map(plain, said["options"])))


def _rows(tx: Session, shown: Sequence[Any], tags: dict[int, tuple[str, ...]]) -> tuple[Row, ...]:
    used = usage.of_items(tx, [one.id for one in shown])
    returned = _returned(tx, [one.revision_id for one in shown])
    return tuple(
        Row(one.id, one.revision_id, one.number, one.code,
            excerpt(plain(json.loads(unseal(one.content))["stem"]), STEM_SHOWN), one.topic, one.difficulty,
            "returned" if one.state == "draft" and one.revision_id in returned else one.state,
            tags[one.id], used[one.id], one.author, one.created_at)
        for one in shown
    )  # fmt: skip


def _returned(tx: Session, revision_ids: list[int]) -> set[int]:
    """Revisions whose newest review sent them back."""
    reviews = tx.execute(
        sa.select(ItemReview.revision_id, ItemReview.verdict)
        .where(ItemReview.revision_id.in_(revision_ids))
        .order_by(ItemReview.id)
    )
    newest = {row.revision_id: row.verdict for row in reviews}
    return {revision_id for revision_id, verdict in newest.items() if verdict == "returned"}
