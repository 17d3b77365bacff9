"""Events that the attempt's own sealed journal tells: positions of answers, never what was chosen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import JournalEntry
from exam_server.timeline.rules import Event

Said = dict[str, Any]
Facts = dict[str, Any]


def events(tx: Session, attempt_id: int) -> Iterator[Event]:
    """In the order of the journal; grants and what officials closed are told with their reasons elsewhere."""
    rows = tx.execute(
        sa.select(JournalEntry.at, JournalEntry.kind, JournalEntry.data)
        .where(JournalEntry.attempt_id == attempt_id)
        .order_by(JournalEntry.number)
    ).all()
    for row in rows:
        said = json.loads(row.data)
        if row.kind in ELSEWHERE or (row.kind == "closed" and said.get("how") == "official"):
            continue
        kind, told = TOLD.get(row.kind, ("answers", _nothing))
        yield Event(row.at, kind, _code(row.kind, said), told(said))


ELSEWHERE = ("ledger", "released")


def _code(kind: str, said: Said) -> str:
    if kind == "joined":
        return "taken_over" if said.get("took_over") else "joined"
    if kind in ("closed", "counted"):
        return f"{kind}_{said.get('how') or said.get('source')}"
    return kind


def _nothing(said: Said) -> Facts:
    return {}


def _device(said: Said) -> Facts:
    return {"device": str(said.get("device", ""))}


def _positions(said: Said) -> Facts:
    """An item of the journal begins with its position; the rest of it is the candidate's own."""
    positions = sorted({int(item[0]) for item in said.get("items", [])})
    return {"count": len(positions), "positions": ", ".join(map(str, positions))}


TOLD: dict[str, tuple[str, Callable[[Said], Facts]]] = {
    "drawn": ("time", _nothing), "pledged": ("time", _nothing), "started": ("time", _nothing),
    "adopted": ("time", _nothing), "joined": ("device", _device), "saved": ("answers", _positions),
    "counted": ("answers", _positions), "closed": ("time", _nothing), "reopened": ("time", _nothing),
}  # fmt: skip
