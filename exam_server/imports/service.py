"""A file that is looked at before it is imported: a draft of seven days, with what was chosen for it.

A draft and the batch that it becomes are known outside by the same public id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank.batches import Batch, batches
from exam_server.bank.codec import seal, unseal
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.imports.refusals import ImportOver, ImportRunning, TooManyDrafts
from exam_server.imports.report import Report
from exam_server.imports.rules import Choices
from exam_server.models import Account, ImportDraft, new_public_id

LIFE = timedelta(days=7)
MOST_OPEN = 20
"""Files of one office that wait to be imported."""

PATIENCE = timedelta(minutes=2)
"""After so long an import that has begun and not ended is taken for dead."""

IMPORTING = "importing"
MANAGES = "admin"


class Official(Protocol):
    """Who asks: an account with the offices for which it may do something."""

    @property
    def id(self) -> int: ...

    def may(self, office_id: int, *roles: str) -> bool: ...


@dataclass(frozen=True)
class File:
    """A file that was uploaded, and what reading it gave."""

    filename: str
    content: bytes
    report: Report

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Draft:
    """A draft without its file and report; `progress` is (done, total) while it is being imported."""

    id: int
    public_id: str
    office_id: int
    filename: str
    sha256: str
    by: str
    made_at: datetime
    choices: Choices
    progress: tuple[int, int] | None

    @property
    def seen(self) -> str:
        """Changes with the file and with every choice."""
        said = json.dumps([self.sha256, self.choices.to_json()], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def find(db: Database, public_id: str, person: Official, now: datetime) -> Draft | Batch:
    """A draft, or the import that it became, of an office of this official; others find nothing (NotFound)
    and leave a row in the trail.
    """
    with db.read() as tx:
        found = _find(tx, public_id, now)
    if not person.may(found.office_id, MANAGES):
        kind = "import_draft" if isinstance(found, Draft) else "import_batch"
        audit.refuse_foreign(db, person.id, kind, found.id, now)
    return found


def _find(tx: Session, public_id: str, now: datetime) -> Draft | Batch:
    draft = drafts(tx, None, now, public_id)
    found: list[Draft] | list[Batch] = draft or batches(tx, None, public_id)
    if not found:
        raise NotFound
    return found[0]


def drafts(tx: Session, offices: Collection[int] | None, now: datetime, public_id: str = "") -> list[Draft]:
    """Drafts of these offices (None: of all) that are not too old, the newest first; or one of them."""
    kept = (ImportDraft.id, ImportDraft.public_id, ImportDraft.office_id, ImportDraft.filename,
            ImportDraft.sha256, ImportDraft.made_at, ImportDraft.choices)  # fmt: skip
    statement = (
        sa.select(*kept, Account.name)
        .join(Account, Account.id == ImportDraft.made_by)
        .where(ImportDraft.made_at > now - LIFE)
        .order_by(ImportDraft.made_at.desc(), ImportDraft.id.desc())
    )
    if offices is not None:
        statement = statement.where(ImportDraft.office_id.in_(offices))
    if public_id:
        statement = statement.where(ImportDraft.public_id == public_id)
    return [
        Draft(row.id, row.public_id, row.office_id, row.filename, row.sha256, row.name, row.made_at,
              Choices.from_json(row.choices.get("chosen", {})), progress_of(row.choices, now))
        for row in tx.execute(statement)
    ]  # fmt: skip


def progress_of(choices: dict[str, Any], now: datetime) -> tuple[int, int] | None:
    """(done, total) of an import that goes on, as the row of a draft tells it."""
    mark = choices.get(IMPORTING)
    if not mark or datetime.fromisoformat(mark["at"]) < now - PATIENCE:
        return None
    return mark["done"], mark["total"]


def opened(db: Database, draft: Draft, viewer_id: int, now: datetime) -> None:
    """The trail keeps who looks at the questions of a file, their keys beside them."""
    with db.write() as tx:
        audit.record(tx, now=now, act="bank.file_opened", object_kind="import_draft", object_id=draft.id,
                     actor_id=viewer_id, office_id=draft.office_id)  # fmt: skip


def report_of(db: Database, draft: Draft) -> Report:
    """What reading its file gave; raises ImportOver when it is no longer a draft."""
    with db.read() as tx:
        kept = tx.scalar(sa.select(ImportDraft.report).where(ImportDraft.id == draft.id))
    if kept is None:
        raise ImportOver
    return Report.from_bytes(unseal(kept))


def keep(db: Database, office_id: int, file: File, actor_id: int, now: datetime) -> str:
    """A draft of that file; its public id. Drafts that are too old go. Raises TooManyDrafts."""
    sealed, public_id = seal(file.report.to_bytes()), new_public_id()
    with db.write() as tx:
        remove_old(tx, now)
        count = tx.scalar(sa.select(sa.func.count()).where(ImportDraft.office_id == office_id)) or 0
        if count >= MOST_OPEN:
            raise TooManyDrafts(count=count)
        draft = ImportDraft(
            public_id=public_id, office_id=office_id, filename=file.filename, sha256=file.sha256,
            content=seal(file.content), report=sealed, choices={}, made_by=actor_id, made_at=now,
        )  # fmt: skip
        tx.add(draft)
        tx.flush()
        _record(tx, "bank.file_read", draft, actor_id, now, count=len(file.report.items))
        return public_id


def replace(db: Database, draft: Draft, file: File, actor_id: int, now: datetime) -> None:
    """Another file in the same draft, whose choices stay; raises ImportOver, ImportRunning."""
    sealed = seal(file.report.to_bytes())
    with db.write() as tx:
        row = _locked(tx, draft.id, now)
        row.filename, row.sha256, row.made_by, row.made_at = file.filename, file.sha256, actor_id, now
        row.content, row.report = seal(file.content), sealed
        _record(tx, "bank.file_read", row, actor_id, now, count=len(file.report.items))


def choose(db: Database, draft: Draft, change: Callable[[Choices], Choices], now: datetime) -> None:
    """`change` makes choices of choices; raises ImportOver, ImportRunning."""
    with db.write() as tx:
        row = _locked(tx, draft.id, now)
        chosen = change(Choices.from_json(row.choices.get("chosen", {})))
        row.choices = {"chosen": chosen.to_json()}


def discard(db: Database, draft: Draft, actor_id: int, now: datetime) -> None:
    """The draft and its file are gone; raises ImportOver, ImportRunning."""
    with db.write() as tx:
        row = _locked(tx, draft.id, now)
        _record(tx, "bank.file_discarded", row, actor_id, now)
        tx.delete(row)


def remove_old(tx: Session, now: datetime) -> int:
    """Drafts older than LIFE are gone; how many they were."""
    old = sa.delete(ImportDraft).where(ImportDraft.made_at <= now - LIFE).returning(ImportDraft.id)
    return len(tx.execute(old).all())


def _locked(tx: Session, draft_id: int, now: datetime) -> ImportDraft:
    """The draft, nobody else's until this transaction ends; raises ImportOver, ImportRunning."""
    row = tx.scalar(sa.select(ImportDraft).where(ImportDraft.id == draft_id).with_for_update())
    if row is None:
        raise ImportOver
    if progress_of(row.choices, now):
        raise ImportRunning
    return row


def _record(
    tx: Session, act: str, draft: ImportDraft, actor_id: int, now: datetime, **detail: object
) -> None:  # fmt: skip
    audit.record(tx, now=now, act=act, object_kind="import_draft", object_id=draft.id, actor_id=actor_id,
                 office_id=draft.office_id, detail={"sha256": draft.sha256, **detail})  # fmt: skip
