"""Papers: drawn once per attempt by the server, stored as the truth, shown without any key.

A paper is a list of [revision id, order]; order[displayed] is the original option. What a candidate gets to
see is `ShownItem`, which has no field for a key, an item's id or an original position.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import holding
from exam_server.bank import service as bank
from exam_server.bank.wording import shown_at
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam import journal
from exam_server.exam.refusals import PaperMissing
from exam_server.exam.rules import DRAW_AHEAD
from exam_server.models import Activity, Attempt, Paper, Sitting
from question_bank.blueprint import BankTooSmall, Blueprint, Drawn, draw


@dataclass(frozen=True)
class ShownItem:
    """One item as a candidate sees it: safe HTML fragments, options in displayed order, from position 1."""

    position: int
    stem: str
    options: tuple[str, ...]
    has_picture: bool
    picture_alt: str


def ensure_paper(tx: Session, attempt_id: int, now: datetime) -> None:
    """The attempt has its paper afterwards, drawn now if it had none; raises PaperMissing."""
    # Two workers may come at once: the second waits here and then finds the paper of the first.
    tx.execute(sa.select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    if tx.scalar(sa.select(Paper.attempt_id).where(Paper.attempt_id == attempt_id)) is not None:
        return
    activity = tx.scalars(
        sa.select(Activity).join(Attempt, Attempt.activity_id == Activity.id).where(Attempt.id == attempt_id)
    ).one()
    seed = secrets.token_bytes(16)
    holding.while_drawn(tx, activity.office_id)
    try:
        drawn = draw(bank.refs(tx, activity.office_id), Blueprint.from_list(activity.blueprint), seed)
    except BankTooSmall as problem:
        raise PaperMissing from problem
    content = json.dumps([[one.id, list(one.order)] for one in drawn], separators=(",", ":"))
    digest = hashlib.sha256(content.encode()).hexdigest()
    tx.add(Paper(attempt_id=attempt_id, content=content, sha256=digest, seed=seed.hex(), drawn_at=now))
    tx.flush()
    journal.append(tx, attempt_id, "drawn", now, {"paper_sha256": digest})


def papers_due(db: Database, now: datetime) -> list[int]:
    """Attempts without a paper whose sitting begins within DRAW_AHEAD, or has begun and is not over."""
    with db.read() as tx:
        return list(
            tx.scalars(
                sa.select(Attempt.id)
                .join(Sitting, Sitting.id == Attempt.sitting_id)
                .outerjoin(Paper, Paper.attempt_id == Attempt.id)
                .where(
                    Paper.attempt_id.is_(None), Sitting.starts_at <= now + DRAW_AHEAD, Sitting.ends_at > now
                )
                .order_by(Sitting.starts_at)
            )
        )


def read_paper(content: str) -> list[Drawn]:
    return [Drawn(revision, tuple(order)) for revision, order in json.loads(content)]


class PaperShelf:
    """Wordings by revision, kept in memory because a revision never changes; one shelf per process."""

    def __init__(self) -> None:
        self._shown: dict[int, bank.Shown] = {}

    def picture(self, db: Database, drawn: Sequence[Drawn], position: int) -> tuple[str, bytes]:
        """(media type, bytes) of the picture at a position of this paper; raises NotFound."""
        if not 1 <= position <= len(drawn):
            raise NotFound
        self.fetch(db, drawn)
        picture_id = self._shown[drawn[position - 1].id].picture_id
        if picture_id is None:
            raise NotFound
        with db.read() as tx:
            return bank.picture(tx, picture_id)

    def inside(self, db: Database, drawn: Sequence[Drawn], position: int, sha256: str) -> tuple[str, bytes]:
        """The same for a picture inside the text of that position; raises NotFound."""
        if not 1 <= position <= len(drawn):
            raise NotFound
        self.fetch(db, drawn)
        picture_id = self._shown[drawn[position - 1].id].pictures.get(sha256)
        if picture_id is None:
            raise NotFound
        with db.read() as tx:
            return bank.picture(tx, picture_id)

    def fetch(self, db: Database, drawn: Sequence[Drawn]) -> None:
        """The wordings of all of these are on the shelf afterwards."""
        missing = [one.id for one in drawn if one.id not in self._shown]
        if missing:
            with db.read() as tx:
                self._shown.update(bank.shown(tx, missing))

    def item(self, position: int, one: Drawn) -> ShownItem:
        """One item of a paper whose wordings were fetched."""
        said = self._shown[one.id]

        def address(sha256: str) -> str:
            return f"/exam/picture/{position}/{sha256}"

        options = tuple(shown_at(said.options[original], address) for original in one.order)
        stem = shown_at(said.stem, address)
        return ShownItem(position, stem, options, said.picture_id is not None, said.picture_alt)
