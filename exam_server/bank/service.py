"""Items into the bank, all or nothing: a revision and a key per wording, and nothing ever overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import wording
from exam_server.bank.codec import seal, unseal
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
    author_id: int | None = None, progress: Progress = lambda done, total: None,
) -> Imported:  # fmt: skip
    """Every item is in the bank afterwards, or (any exception, BadPicture included) none is."""
    result = Imported()
    with db.write() as tx:
        kept = {name: _keep_picture(tx, name, pictures[name]) for name in _names(items)}
        for done, item in enumerate(items, 1):
            _import_one(tx, office_id, item, kept, now, author_id, result)
            progress(done, len(items))
        audit.record(tx, now=now, act="bank.imported", object_kind="office", object_id=office_id,
                     actor_id=author_id, office_id=office_id, detail=vars(result).copy())  # fmt: skip
    return result


def missing_pictures(items: Sequence[Item], pictures: Mapping[str, bytes]) -> list[str]:
    """Names that items ask for and nobody brought."""
    return [name for name in _names(items) if name not in pictures]


def _names(items: Sequence[Item]) -> list[str]:
    return sorted({name for item in items for name in wording.names(item)})


def _keep_picture(tx: Session, name: str, data: bytes) -> Kept:
    sha256, media_type, content, width, height = read_picture(name, data)
    known = tx.scalar(sa.select(Picture.id).where(Picture.sha256 == sha256))
    if known is not None:
        return Kept(known, sha256)
    picture = Picture(sha256=sha256, media_type=media_type, content=seal(content), width=width, height=height)
    tx.add(picture)
    tx.flush()
    return Kept(picture.id, sha256)


def _import_one(
    tx: Session, office_id: int, item: Item, kept: Mapping[str, Kept], now: datetime,
    author_id: int | None, result: Imported,
) -> None:  # fmt: skip
    code = item.code or "auto-" + hashlib.sha256(wording.visible(item, kept)).hexdigest()[:12]
    place = tx.scalar(sa.select(BankItem).where(BankItem.office_id == office_id, BankItem.code == code))
    if place is None:
        place = BankItem(office_id=office_id, code=code, topic=item.topic, difficulty=item.difficulty,
                         state="reviewed", created_at=now)  # fmt: skip
        tx.add(place)
        tx.flush()
        result.added += 1
    elif not _differs(tx, place.id, item, kept):
        result.unchanged += 1
        return
    else:
        place.topic, place.difficulty = item.topic, item.difficulty
        result.revised += 1
    _add_revision(tx, place.id, item, kept, now, author_id)


def _add_revision(
    tx: Session, item_id: int, item: Item, kept: Mapping[str, Kept], now: datetime, author_id: int | None
) -> None:
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
    inside = {kept[name].id for name in wording.names(item) if name != item.picture}
    tx.add_all(RevisionPicture(revision_id=revision.id, picture_id=one) for one in sorted(inside))


def _beside(item: Item, kept: Mapping[str, Kept]) -> int | None:
    return kept[item.picture].id if item.picture else None


def _differs(tx: Session, item_id: int, item: Item, kept: Mapping[str, Kept]) -> bool:
    newest = tx.execute(
        sa.select(ItemRevision.content, ItemRevision.picture_id, ItemRevision.shuffle, ItemKey.content)
        .join(ItemKey, ItemKey.revision_id == ItemRevision.id)
        .where(ItemRevision.item_id == item_id)
        .order_by(ItemRevision.number.desc(), ItemKey.version.desc())
        .limit(1)
    ).one()
    same = (wording.visible(item, kept), _beside(item, kept), item.shuffle, wording.hidden(item, kept))
    return (unseal(newest[0]), newest[1], newest[2], unseal(newest[3])) != same


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
