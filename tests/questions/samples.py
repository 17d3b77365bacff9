"""An office's bank, two of its admins, and the form of an item as a browser sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask

from exam_server.bank import revising
from exam_server.bank import service as bank
from exam_server.bank.revising import Wanted
from exam_server.db import Database
from exam_server.models import Activity, AuditEntry, BankItem, ItemReview, ItemRevision, RevisionNote
from tests.client import Client
from tests.factories import DAY, START, Scene, add_official, add_scene, make_item, make_picture, numbers
from tests.recruitments.samples import add_draft, next_year

FORM = {
    "stem": "Ibu kota Kabupaten Jepara adalah", "option-1": "Jepara", "option-2": "Kudus", "option-3": "Pati",
    "key": "1", "topic": "wilayah", "difficulty": "easy", "tags": "Jawa, kota", "picture_alt": "",
    "explanation": "Pusat pemerintahannya di Jepara.", "shuffle": "on", "code": "W001", "why": "",
}  # fmt: skip
PICTURED = 'Lihat <img src="peta.png" alt="Peta">'


def form(**changed: str | None) -> dict[str, str]:
    """The form with other values; None leaves a field out, as a box without a tick."""
    return {name: text for name, text in (FORM | changed).items() if text is not None}


@dataclass
class Bank:
    """Eight items that came by a command, reviewed; `rina` and `bagus` are admins of the office."""

    db: Database
    app: Flask
    scene: Scene
    rina: Client
    bagus: Client
    rina_id: int
    bagus_id: int

    def id(self, code: str) -> int:
        return self.item(code).id

    def item(self, code: str) -> BankItem:
        here = BankItem.office_id == self.scene.office.id
        with self.db.read() as tx:
            return tx.scalars(sa.select(BankItem).where(BankItem.code == code, here)).one()

    def revisions(self, code: str) -> list[ItemRevision]:
        wanted = sa.select(ItemRevision).where(ItemRevision.item_id == self.id(code))
        with self.db.read() as tx:
            return list(tx.scalars(wanted.order_by(ItemRevision.number)))

    def why(self, revision_id: int) -> str:
        with self.db.read() as tx:
            return tx.get_one(RevisionNote, revision_id).why

    def reviews(self) -> list[tuple[int, str, str]]:
        with self.db.read() as tx:
            rows = tx.scalars(sa.select(ItemReview).order_by(ItemReview.id))
            return [(row.reviewer_id, row.verdict, row.note) for row in rows]

    def acts(self) -> list[str]:
        """What the trail tells since the scene was laid, looks at an item left out."""
        with self.db.read() as tx:
            acts = tx.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id))
            return [act for act in acts if act not in ("bank.imported", "bank.item_opened")]

    def seen(self, code: str, client: Client | None = None) -> str:
        """What the open form of an item would send back of it."""
        page = (client or self.rina).get(f"/bank/item/{self.id(code)}/edit").get_data(as_text=True)
        return page.partition('name="seen" value="')[2].partition('"')[0]

    def editing(self, code: str, **changed: str | None) -> dict[str, str]:
        """The form of an item of this bank, opened now."""
        typed = {"stem": "Soal nomor 1", "option-1": "a", "option-2": "b", "key": "1", "topic": "umum",
                 "difficulty": "", "tags": "", "code": None, "why": "Kunci keliru"}  # fmt: skip
        return form(**({"option-3": None, "seen": self.seen(code)} | typed | changed))

    def chosen(self, *codes: str) -> list[str]:
        """As the list would send these items, ticked."""
        return [f"{self.id(code)}.{self.revisions(code)[-1].id}" for code in codes]

    def drawn(self) -> list[int]:
        """Revisions that the draw may take."""
        with self.db.read() as tx:
            return sorted(ref.id for ref in bank.refs(tx, self.scene.office.id))


def add_bank(db: Database, app: Flask) -> Bank:
    scene = add_scene(db)
    rina, bagus = (add_official(db, "admin", scene.office) for _ in range(2))
    clients = [Client(app).sign_in(one.id) for one in (rina, bagus)]
    return Bank(db, app, scene, *clients, rina.id, bagus.id)


def add_pictured(bench: Bank, code: str = "P001") -> int:
    """An item with a picture beside its text and the same one inside it."""
    item: Any = make_item(90, code=code, stem=PICTURED, picture="peta.png", picture_alt="Peta Jepara")
    bank.import_items(bench.db, bench.scene.office.id, [item], {"peta.png": make_picture()}, START - DAY)
    return bench.id(code)


def add_draft_item(db: Database, office_id: int, author_id: int) -> tuple[int, str, int]:
    """(id, what an open form of it would send back, its revision) of a draft that this author wrote."""
    wanted = Wanted(make_item(next(numbers), code=""), {}, ())
    with db.write() as tx:
        item_id = revising.add(tx, office_id, wanted, author_id, START)
    with db.read() as tx:
        was = revising.standing(tx, item_id)
    return item_id, was.seen, was.revision.id


def add_planned(db: Database, scene: Scene) -> str:
    """The selection of a draft recruitment of another year, whose plan may still change."""
    draft = add_draft(db, scene.office, next_year(db, scene.office))
    with db.read() as tx:
        mine = sa.select(Activity.public_id).where(Activity.recruitment_id == draft.id)
        return tx.scalars(mine.where(Activity.kind == "selection")).one()


def bodies(draft: tuple[int, str, int]) -> dict[str, dict[str, Any]]:
    """By route: what fits an item as `add_draft_item` gives it."""
    item_id, seen, revision = draft
    return {
        "POST /bank/several": {"act": "retire", "chosen": f"{item_id}.{revision}"},
        "POST /bank/new": form(code=""),
        "POST /bank/preview": form(),
        "POST /bank/item/<int:item_id>/edit": form(seen=seen, why="Diperjelas"),
        "POST /bank/item/<int:item_id>/review": {
            "act": "return", "revision": str(revision), "note": "Dua pilihan benar"
        },
        "POST /bank/item/<int:item_id>/state": {"act": "retire"},
        "POST /bank/blueprint/<public_id>": {"strata-1-count": "3", "strata-1-topic": "umum"},
    }  # fmt: skip
