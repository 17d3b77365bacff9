"""What the statistics are told of an activity: every scored attempt as a sheet, read with few statements.

A sheet is the stored paper, the responses and the keys that the score in force names; nothing is kept of it,
so it is told again the same way for as long as these rows are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import keys as bank_keys
from exam_server.exam.papers import read_paper
from exam_server.models import Activity, Attempt, BankItem, ItemRevision, Paper, Response
from exam_server.models.base import to_micros
from exam_server.scores import service as scores
from exam_server.scores.service import Pair, Scored
from question_bank.blueprint import Blueprint, Drawn, Ref
from question_bank.scoring import Key, score
from question_bank.statistics.facts import OUTSIDE, ItemFacts, Sheet

Responses = Mapping[int, int | None]
"""Of one attempt: the displayed option, from 0, by the 0-based position; None where it was cleared."""


@dataclass(frozen=True)
class Gathered:
    """Sheets by attempt in ascending order; of each revision on them its facts, its code and its topic."""

    sheets: list[Sheet]
    items: dict[int, ItemFacts]
    codes: dict[int, str]
    topics: dict[int, str]


def gather(
    tx: Session, activity_id: int, version: int | None = None, attempts: Collection[int] | None = None
) -> Gathered:
    """All attempts that were sat, closed and scored, by the newest results or as version `version` had them.

    Seconds for 20,000 attempts of 30 items: not in the thread of a request. `attempts` asks for some only.
    """
    scored = scores.in_force(tx, activity_id, version, attempts)
    keys = _keys(tx, scored.values())
    chosen = _responses(tx, activity_id, attempts)
    sheets = [
        _sheet(attempt_id, sitting_id, started_at, read_paper(content), chosen.get(attempt_id, {}),
               {revision: keys[revision, key] for revision, key in scored[attempt_id].keys})
        for attempt_id, sitting_id, started_at, content in _papers(tx, activity_id, attempts)
        if attempt_id in scored
    ]  # fmt: skip
    return _gathered(tx, activity_id, sheets, keys)


def by_topic(gathered: Gathered) -> dict[int, dict[str, tuple[int, int]]]:
    """Of each attempt and topic: (right answers, items that count); no topic without one."""
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for sheet in gathered.sheets:
        topics: dict[str, tuple[int, int]] = {}
        for item, mark, counts in zip(sheet.items, sheet.marks, sheet.counted, strict=True):
            if counts:
                right, out_of = topics.get(topic := gathered.topics[item], (0, 0))
                topics[topic] = (right + (mark is True), out_of + 1)
        found[sheet.attempt] = dict(sorted(topics.items()))
    return found


def _keys(tx: Session, scored: Iterable[Scored]) -> dict[Pair, Key]:
    """Every key that one of these scores names; a revision may stand there in several versions."""
    versions: dict[int, set[int]] = defaultdict(set)
    for revision, version in set[Pair]().union(*(one.keys for one in scored)):
        versions[revision].add(version)
    found: dict[Pair, Key] = {}
    for _ in range(max(map(len, versions.values()), default=0)):
        asked = {revision: left.pop() for revision, left in versions.items() if left}
        read = bank_keys.keys(tx, asked)
        found.update({(revision, asked[revision]): key for revision, key in read.items()})
    return found


def _papers(
    tx: Session, activity_id: int, attempts: Collection[int] | None
) -> Iterable[tuple[int, int, datetime, str]]:
    rows = (
        sa.select(Attempt.id, Attempt.sitting_id, Attempt.started_at, Paper.content)
        .join(Paper, Paper.attempt_id == Attempt.id)
        .where(Attempt.started_at.is_not(None), Attempt.finalised_at.is_not(None))
        .where(_asked(activity_id, attempts))
        .order_by(Attempt.id)
    )
    return tx.execute(rows)  # rows are tuples; started_at is never NULL here


def _responses(tx: Session, activity_id: int, attempts: Collection[int] | None) -> dict[int, Responses]:
    # past the session, which would look at each of 600,000 rows twice
    rows = tx.connection().execute(
        sa.select(Response.attempt_id, Response.position - 1, Response.option - 1)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(_asked(activity_id, attempts))
    )
    found: dict[int, dict[int, int | None]] = defaultdict(dict)
    for attempt_id, position, option in rows:
        found[attempt_id][position] = option
    return dict(found)


def _asked(activity_id: int, attempts: Collection[int] | None) -> sa.ColumnElement[bool]:
    here = Attempt.activity_id == activity_id
    return here if attempts is None else here & Attempt.id.in_(attempts)


def _sheet(
    attempt_id: int, sitting_id: int, started_at: datetime, paper: list[Drawn], chosen: Responses,
    keys: Mapping[int, Key],
) -> Sheet:  # fmt: skip
    return Sheet(
        attempt_id, sitting_id, to_micros(started_at), tuple(one.id for one in paper),
        tuple(_original(one, chosen.get(position)) for position, one in enumerate(paper)),
        score(paper, chosen, keys).per_position, tuple(not keys[one.id].dropped for one in paper),
    )  # fmt: skip


def _original(drawn: Drawn, displayed: int | None) -> int | None:
    if displayed is None:
        return None
    return drawn.order[displayed] if 0 <= displayed < len(drawn.order) else OUTSIDE


def _gathered(tx: Session, activity_id: int, sheets: list[Sheet], keys: Mapping[Pair, Key]) -> Gathered:
    newest = {revision: keys[revision, version] for revision, version in sorted(keys)}
    plan = Blueprint.from_list(tx.get_one(Activity, activity_id).blueprint)
    items, codes, topics = {}, {}, {}
    for code, ref in _refs(tx, newest):
        items[ref.id] = ItemFacts(ref.id, _stratum(ref, plan), ref.options, newest[ref.id].accepted)
        codes[ref.id], topics[ref.id] = code, ref.topic
    return Gathered(sheets, items, codes, topics)


def _refs(tx: Session, revisions: Collection[int]) -> Iterator[tuple[str, Ref]]:
    rows = tx.execute(
        sa.select(ItemRevision.id, BankItem.code, BankItem.topic, BankItem.difficulty, ItemRevision.options)
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .where(ItemRevision.id.in_(revisions))
        .order_by(ItemRevision.id)
    )
    for revision, code, topic, difficulty, options in rows:
        yield code, Ref(revision, topic, difficulty, options)


def _stratum(ref: Ref, plan: Blueprint) -> str:
    """The narrowest line of the plan that takes the item; "topic/difficulty" where it names both."""
    lines = [line for line in plan.strata if line.takes(ref)]
    if not lines:  # the item was put elsewhere after it was drawn
        return f"{ref.topic}/{ref.difficulty or ''}"
    best = max(lines, key=lambda line: (line.topic is not None) + (line.difficulty is not None))
    return f"{best.topic or ''}/{best.difficulty or ''}"
