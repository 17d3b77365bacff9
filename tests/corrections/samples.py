"""A selection whose every candidate was drawn the same four items, and corrections of their keys.

The stand of the final selection (tests/ranking/stand.py) with a bank of exactly as many items as a paper has:
so everybody has every item, at places of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from exam_server.apart import Act, silent
from exam_server.approvals import service as approvals
from exam_server.bank import keys as bank_keys
from exam_server.corrections import correcting, reckoning
from exam_server.corrections.correcting import Correcting
from exam_server.corrections.effect import Effect
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.exam.papers import read_paper
from exam_server.models import Activity, Approval, BankItem, ItemRevision, Paper, Response
from exam_server.ranking.rules import Quota
from exam_server.scores import service as scores
from exam_server.scores.service import Scored
from question_bank.scoring import Score, score
from tests.factories import MINUTE, Scene, add_scene
from tests.ranking.stand import AFTER, Stand, build
from tests.restored import once

CODE = "U001"
OTHER = 0
"""The option that everybody chose who did not choose the key."""

NOTE = {"id": "Kunci soal U001 diperbaiki.", "en": "The key of item U001 was corrected."}
REASON = "Kunci tertukar"
NOW = AFTER + 5 * MINUTE


@dataclass
class Case:
    """A stand, and one item of it."""

    stand: Stand
    revision: int

    @property
    def db(self) -> Database:
        return self.stand.db

    @property
    def path(self) -> str:
        return f"{self.stand.path}/corrections"

    def look(self, wish: Wish) -> Effect:
        """What it would do."""
        with reckoning.one_moment(self.db) as tx:
            return reckoning.reckon(tx, self.stand.activity_id, self.revision, wish).effect

    def ask(self, wish: Wish, **changed: Any) -> str:
        """The public id of the question, asked by the first admin unless `changed` says otherwise."""
        effect = self.look(wish)
        said: dict[str, Any] = {"seen": effect.sha256, "reason": REASON, "note": NOTE,
                                "actor_id": self.stand.admin, "now": NOW}  # fmt: skip
        return correcting.ask(self.db, self.stand.place, self.revision, wish, effect, **(said | changed))

    def grant(self, asked: str, official: int | None = None, act: Correcting | None = None) -> None:
        """By the second admin."""
        acts = {correcting.KIND: (act or Correcting()).apply}
        approvals.grant(self.db, acts, asked, official or self.stand.second, NOW)

    def correct(self, wish: Wish) -> None:
        """Asked and granted."""
        self.grant(self.ask(wish))

    def in_force(self, version: int | None = None) -> dict[int, Scored]:
        with self.db.read() as tx:
            return scores.in_force(tx, self.stand.activity_id, version)

    def points(self, version: int | None = None) -> dict[int, tuple[int, int]]:
        """Attempt -> (right answers, items that count)."""
        return {attempt: (one.correct, one.out_of) for attempt, one in self.in_force(version).items()}

    def other_revision(self, code: str) -> Case:
        """The same stand, another item."""
        return Case(self.stand, revision_of(self.db, code))


def case(db: Database, scene: Scene | None = None, **changed: Any) -> Case:
    """Five who sat, two places, two reserves; scores are opened and nothing is frozen."""
    return once(db, f"case {changed!r}", lambda: _case(db, scene or add_scene(db, items=4), **changed))


def _case(db: Database, scene: Scene, **changed: Any) -> Case:
    stand = build(db, scene, **({"quotas": (Quota(2),)} | changed))
    return Case(stand, revision_of(db, CODE))


def turned(db: Database, **changed: Any) -> Case:
    """One item only: two had it right and three wrong, so another key turns the whole order over."""
    return once(db, f"turned {changed!r}", lambda: _turned(db, **changed))


def _turned(db: Database, **changed: Any) -> Case:
    scene = add_scene(db, items=1)
    plan = [{"count": 1, "topic": "umum", "difficulty": None}]
    with db.write() as tx:
        tx.execute(sa.update(Activity).where(Activity.id == scene.selection.id).values(blueprint=plan))
    return _case(db, scene, **({"rights": (1, 1, 0, 0, 0)} | changed))


def revision_of(db: Database, code: str) -> int:
    with db.read() as tx:
        wanted = sa.select(ItemRevision.id).join(BankItem, BankItem.id == ItemRevision.item_id)
        return tx.scalars(wanted.where(BankItem.code == code).order_by(ItemRevision.id)).first() or 0


def whole(db: Database, attempt_id: int, keys: Mapping[int, int] | None = None) -> Score:
    """The attempt scored from nothing, by these key versions (revision -> version) or the newest."""
    with db.read() as tx:
        drawn = read_paper(tx.get_one(Paper, attempt_id).content)
        rows = tx.execute(
            sa.select(Response.position, Response.option).where(Response.attempt_id == attempt_id)
        )
        chosen = {position - 1: None if option is None else option - 1 for position, option in rows}
        versions = keys or bank_keys.newest(tx, [one.id for one in drawn])
        return score(drawn, chosen, bank_keys.keys(tx, versions))


def preview_of(db: Database, scene: Scene) -> dict[str, str]:
    """A correction that may be asked for: of an item on a paper about which nobody has asked yet."""
    with db.read() as tx:
        asked = sa.select(Approval.object_id).where(Approval.kind == correcting.KIND)
        drawn = [one.id for content in tx.scalars(sa.select(Paper.content)) for one in read_paper(content)]
        revision = tx.scalars(
            sa.select(ItemRevision.id)
            .where(ItemRevision.id.in_(drawn), ItemRevision.item_id.not_in(asked))
            .order_by(ItemRevision.id)
        ).first()
    return {"revision": str(revision or 0), "kind": "void"}


def ask_form(db: Database, scene: Scene) -> dict[str, str]:
    """The same as its form sends it."""
    wanted = preview_of(db, scene)
    told = {"reason": REASON, "note_id": NOTE["id"], "note_en": NOTE["en"], "seen": ""}
    if wanted["revision"] != "0":
        with reckoning.one_moment(db) as tx:
            found = reckoning.reckon(tx, scene.selection.id, int(wanted["revision"]), Wish("void"))
        told["seen"] = found.effect.sha256
    return wanted | told


def here(db: Database) -> Any:
    """What is reckoned apart, in this process."""

    def apart(act: Act, arguments: dict[str, Any]) -> Any:
        return act(db, arguments, silent)

    return apart
