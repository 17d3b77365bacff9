"""Items into the bank, all or nothing: a revision and a key per wording, and nothing ever overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import arrival, batches, keeping, wording
from exam_server.bank.arrival import Ready, prepare
from exam_server.bank.batches import Source
from exam_server.bank.codec import seal, unseal
from exam_server.bank.keeping import ReadPicture
from exam_server.bank.pictures import read_picture
from exam_server.bank.wording import Kept
from exam_server.db import Database
from exam_server.models import BankItem, ItemKey, ItemRevision, Picture, RevisionPicture
from question_bank.blueprint import Ref
from question_bank.items import Item

Progress = Callable[[int, int], None]


@dataclass
class Imported:
    """How many items were new, got a further revision or key, or were already there as they are."""

    added: int = 0
    revised: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Shown:
    """What a candidate may see of a revision; there is no field in which a key could travel."""

    stem: str
    options: tuple[str, ...]
    picture_id: int | None
    picture_alt: str
    pictures: Mapping[str, int] = field(default_factory=dict)
    """Ids of the pictures inside its texts, by hash."""


def import_items(
    db: Database, office_id: int, items: Sequence[Item], pictures: Mapping[str, bytes], now: datetime,
    author_id: int | None = None, progress: Progress = lambda done, total: None, source: Source | None = None,
    reviewed: bool = True,
) -> Imported:  # fmt: skip
    """Every item is in the bank afterwards, or (any exception, BadPicture included) none is.

    What comes from a `source` can be taken back together; not `reviewed`, it is a draft.
    """
    read = {name: read_picture(name, pictures[name]) for name in _names(items)}
    ready = []
    for done, item in enumerate(items, 1):
        ready += prepare([item], read)
        progress(done, len(items))
    with db.write() as tx:
        return bring_in(tx, office_id, ready, read, now, author_id, source, reviewed)


def bring_in(
    tx: Session, office_id: int, ready: Sequence[Ready], pictures: Mapping[str, ReadPicture], now: datetime,
    author_id: int | None, source: Source | None, reviewed: bool,
) -> Imported:  # fmt: skip
    """The same inside a transaction, of items that are prepared."""
    arrived = arrival.bring_in(tx, office_id, ready, pictures, now, author_id, reviewed)
    done = Imported(arrived.added, arrived.revised, arrived.unchanged)
    kind, object_id, detail = "office", office_id, vars(done).copy()
    if source:
        kind, object_id = "import_batch", batches.add(tx, office_id, source, arrived, author_id, now)
        detail |= {"sha256": source.sha256, "former": [list(astuple(one)) for one in arrived.former]}
    audit.record(tx, now=now, act="bank.imported", object_kind=kind, object_id=object_id,
                 actor_id=author_id, office_id=office_id, detail=detail)  # fmt: skip
    return done


def _names(items: Sequence[Item]) -> list[str]:
    return sorted({name for item in items for name in wording.names(item)})


def keep_picture(tx: Session, name: str, data: bytes) -> Kept:
    """The picture is in the bank afterwards, once per content; raises BadPicture."""
    read = read_picture(name, data)
    return Kept(keeping.keep(tx, [read])[read[0]], read[0])


def add_revision(
    tx: Session, item_id: int, item: Item, kept: Mapping[str, Kept], now: datetime, author_id: int | None
) -> int:
    """The item's next wording with its key and the pictures inside it; the revision's id."""
    last = tx.scalar(sa.select(sa.func.max(ItemRevision.number)).where(ItemRevision.item_id == item_id)) or 0
    revision = ItemRevision(
        item_id=item_id, number=last + 1, content=seal(wording.visible(item, kept)),
        options=len(item.options), shuffle=item.shuffle, picture_id=_beside(item, kept), created_at=now,
        author_id=author_id,
    )  # fmt: skip
    tx.add(revision)
    tx.flush()
    tx.add(ItemKey(revision_id=revision.id, version=1, content=seal(wording.hidden(item, kept)),
                   created_at=now, author_id=author_id))  # fmt: skip
    inside = {kept[name].id for name in wording.names_inside(item)}
    tx.add_all(RevisionPicture(revision_id=revision.id, picture_id=one) for one in sorted(inside))
    return revision.id


def _beside(item: Item, kept: Mapping[str, Kept]) -> int | None:
    return kept[item.picture].id if item.picture else None


def refs(tx: Session, office_id: int) -> list[Ref]:
    """The newest revision of every reviewed item of an office, as the draw wants them (id = revision id)."""
    newest = sa.select(sa.func.max(ItemRevision.id)).group_by(ItemRevision.item_id)
    rows = tx.execute(
        sa.select(
            ItemRevision.id, BankItem.topic, BankItem.difficulty, ItemRevision.options, ItemRevision.shuffle
        )
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .where(BankItem.office_id == office_id, BankItem.state == "reviewed", ItemRevision.id.in_(newest))
    )
    return [Ref(row.id, row.topic, row.difficulty, row.options, row.shuffle) for row in rows]


def shown(tx: Session, revision_ids: Sequence[int]) -> dict[int, Shown]:
    """What candidates may see of these revisions."""
    rows = tx.execute(
        sa.select(ItemRevision.id, ItemRevision.content, ItemRevision.picture_id)
        .where(ItemRevision.id.in_(revision_ids))
    )  # fmt: skip
    inside: dict[int, dict[str, int]] = {}
    for revision_id, picture_id, sha256 in tx.execute(
        sa.select(RevisionPicture.revision_id, Picture.id, Picture.sha256)
        .join(Picture, Picture.id == RevisionPicture.picture_id)
        .where(RevisionPicture.revision_id.in_(revision_ids))
    ):
        inside.setdefault(revision_id, {})[sha256] = picture_id
    return {row.id: _shown(unseal(row.content), row.picture_id, inside.get(row.id, {})) for row in rows}


def _shown(content: bytes, picture_id: int | None, inside: Mapping[str, int]) -> Shown:
    said = json.loads(content)
    open_to_candidates = wording.hashes(said["stem"], *said["options"])  # not those of the explanation
    pictures = {sha256: one for sha256, one in inside.items() if sha256 in open_to_candidates}
    return Shown(said["stem"], tuple(said["options"]), picture_id, said["picture_alt"], pictures)


def picture(tx: Session, picture_id: int) -> tuple[str, bytes]:
    """(media type, bytes) of a picture that is known to exist."""
    row = tx.execute(sa.select(Picture.media_type, Picture.content).where(Picture.id == picture_id)).one()
    return row.media_type, unseal(row.content)
