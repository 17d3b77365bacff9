"""A stored paper and its page stay as they are, whatever becomes of the items on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.exam.paper_page import PaperPages
from exam_server.exam.papers import PaperShelf, ensure_paper, read_paper
from exam_server.models import BankItem, ItemKey, ItemRevision, Paper
from tests.factories import MINUTE, START, Scene, add_booked, add_running, make_item, make_picture

WORDS: dict[str, Any] = {"lease": 1}
NONCE = re.compile(r'nonce="[^"]*"|value="[^"]{20,}"|content="[^"]{20,}"')
NUMBERS = range(1, 9)


def edited(db: Database, scene: Scene) -> None:
    """Other words, other options, another key, a picture."""
    items = [make_item(number, stem=f"Diganti {number}", options=("w", "x", "y", "z"), key=0,
                       picture="peta.png", picture_alt="Peta") for number in NUMBERS]  # fmt: skip
    bank.import_items(db, scene.office.id, items, {"peta.png": make_picture()}, START)


def fewer_options(db: Database, scene: Scene) -> None:
    items = [make_item(number, options=("ya", "tidak"), key=0, shuffle=False) for number in NUMBERS]
    bank.import_items(db, scene.office.id, items, {}, START)


def moved(db: Database, scene: Scene) -> None:
    """To another topic, so that the blueprint no longer asks for them."""
    items = [make_item(number, topic="lain", difficulty="hard") for number in NUMBERS]
    bank.import_items(db, scene.office.id, items, {}, START)


def retired(db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(BankItem).where(BankItem.office_id == scene.office.id).values(state="retired"))


def imported_again(db: Database, scene: Scene) -> None:
    """Edited, then the old file once more: the newest revision says what the first one said."""
    edited(db, scene)
    bank.import_items(db, scene.office.id, [make_item(number) for number in NUMBERS], {}, START + MINUTE)


def another_key(db: Database, scene: Scene) -> None:
    with db.write() as tx:
        for revision in tx.scalars(sa.select(ItemRevision.id)).all():
            tx.add(
                ItemKey(revision_id=revision, version=2, content=b'\x00{"accepted":[0]}', created_at=START)
            )


def everything(db: Database, scene: Scene) -> None:
    for act in (edited, another_key, fewer_options, moved, retired):
        act(db, scene)


ACTS = [edited, fewer_options, moved, retired, imported_again, another_key, everything]


def stored(db: Database, attempt_id: int) -> tuple[Any, ...]:
    with db.read() as tx:
        paper = tx.get_one(Paper, attempt_id)
        return paper.content, paper.sha256, paper.seed, paper.drawn_at


def page(app: Flask, db: Database, attempt_id: int) -> str:
    """The page as a worker makes it that never made it before, without what is new in every request."""
    content, sha256, *_ = stored(db, attempt_id)
    drawn, shelf = read_paper(content), PaperShelf()
    shelf.fetch(db, drawn)
    with app.test_request_context():
        return NONCE.sub("", PaperPages(app, shelf).page(drawn, sha256[:12], "Sesi 1", WORDS))


@pytest.mark.parametrize("act", ACTS)
def test_a_running_attempt_keeps_its_paper_and_its_page(
    app: Flask, db: Database, scene: Scene, act: Callable[[Database, Scene], None]
) -> None:
    run = add_running(db, scene)
    before = stored(db, run.attempt_id), page(app, db, run.attempt_id)
    assert before[1].count("Soal nomor") == 4
    act(db, scene)
    with db.write() as tx:
        ensure_paper(tx, run.attempt_id, START + MINUTE)
    assert (stored(db, run.attempt_id), page(app, db, run.attempt_id)) == before


def test_control_a_paper_drawn_afterwards_is_another(app: Flask, db: Database, scene: Scene) -> None:
    """The same acts do change what is drawn from then on, so the pages could have differed."""
    edited(db, scene)
    waiting = add_booked(db, scene)
    with db.write() as tx:
        ensure_paper(tx, waiting.attempt_id, START)
    after = page(app, db, waiting.attempt_id)
    assert after.count("Diganti") >= 4
    assert "Soal nomor" not in after
