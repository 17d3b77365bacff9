"""What must agree and can be counted again: each check looks at stored facts twice, from two sides.

It only reads, each check in a transaction of its own, so it may run beside a server that is working.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import N_
from exam_server.language import say
from exam_server.models import (
    Activity,
    Application,
    AuditEntry,
    Booking,
    Document,
    Screening,
    Sitting,
)
from exam_server.verify import files


@dataclass(frozen=True)
class Problem:
    """One disagreement: a sentence for gettext, and what fills it."""

    sentence: str
    params: dict[str, object]


@dataclass
class Report:
    """What was looked at (how many, by name of the check), and what does not agree."""

    checked: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


Found = tuple[int, list[Problem]]
Check = Callable[[Database, Path], Found]

BROKEN_SEAL = N_("Jejak audit: baris {id} tidak sesuai dengan segelnya; baris itu atau baris sebelumnya "
                 "diubah atau dihapus.")  # fmt: skip
SEATS = N_("Sesi {sitting} ({label}): kursi terisi {taken}, sedangkan pilihan sesi yang tercatat {booked}.")
NO_SELECTION = N_("Pendaftaran {id} diterima, tetapi tidak ada kegiatan seleksinya.")
NO_ACCEPTANCE = N_("Kegiatan seleksi {id} ada tanpa pendaftaran yang diterima.")
DECISION = N_("Seleksi administrasi pendaftaran {id}: keputusannya {decision}, sedangkan pendaftarannya "
              "{state}.")  # fmt: skip
DOCUMENT = N_("Berkas {id}: {name} tidak ada, kosong, atau bukan lagi yang diunggah.")
UNDECIDED = N_("belum ada")
DECISIONS = {"accepted": N_("diterima"), "rejected": N_("ditolak")}
ACCEPTED, NOT_ACCEPTED = N_("tercatat diterima"), N_("tidak tercatat diterima")
WORDS = {UNDECIDED, ACCEPTED, NOT_ACCEPTED, *DECISIONS.values()}
PDF = "application/pdf"


def told(problem: Problem, language: str) -> str:
    """The sentence of a disagreement in that language."""
    words = {
        name: say(str(value), language) if value in WORDS else value for name, value in problem.params.items()
    }
    return say(problem.sentence, language).format(**words)


def look(db: Database, data_dir: Path) -> Report:
    """The report of every check."""
    report = Report()
    for name, check in CHECKS.items():
        report.checked[name], found = check(db, data_dir)
        report.problems += found
    return report


def _audit(db: Database, _data_dir: Path) -> Found:
    with db.read() as tx:
        broken = audit.broken_at(tx)
        count = tx.scalar(sa.select(sa.func.count(AuditEntry.id))) or 0
    return count, [Problem(BROKEN_SEAL, {"id": row}) for row in broken]


def _sittings(db: Database, _data_dir: Path) -> Found:
    """One statement, so that a choice made meanwhile is in both numbers or in none."""
    rows = (
        sa.select(Sitting.public_id, Sitting.label, Sitting.taken, sa.func.count(Booking.id).label("booked"))
        .outerjoin(Booking, Booking.sitting_id == Sitting.id)
        .group_by(Sitting.id, Sitting.public_id, Sitting.label, Sitting.taken)
        .order_by(Sitting.id)
    )
    found = _rows(db, rows)
    return len(found), [
        Problem(SEATS, {"sitting": row.public_id, "label": row.label, "taken": row.taken,
                        "booked": row.booked})
        for row in found if row.taken != row.booked
    ]  # fmt: skip


def _entries(db: Database, _data_dir: Path) -> Found:
    """Being accepted in registration is what opens the entry in selection, and nothing else does."""
    entry, other = aliased(Application), aliased(Application)
    activity, others = aliased(Activity), aliased(Activity)
    twin = (
        sa.select(other.id)
        .join(others, others.id == other.activity_id)
        .where(other.candidate_id == entry.candidate_id, others.recruitment_id == activity.recruitment_id,
               other.kind != entry.kind, sa.or_(other.kind == "selection", other.accepted_at.is_not(None)))
        .exists()
    )  # fmt: skip
    owing = sa.or_(entry.kind == "selection", entry.accepted_at.is_not(None))
    rows = (
        sa.select(entry.id, entry.kind, twin.label("has_twin"))
        .join(activity, activity.id == entry.activity_id)
        .where(owing)
        .order_by(entry.id)
    )
    found = _rows(db, rows)
    sentences = {"registration": NO_SELECTION, "selection": NO_ACCEPTANCE}
    return len(found), [Problem(sentences[row.kind], {"id": row.id}) for row in found if not row.has_twin]


def _screenings(db: Database, _data_dir: Path) -> Found:
    rows = (
        sa.select(Application.id, Screening.decision, Application.accepted_at)
        .join(Screening, Screening.application_id == Application.id)
        .order_by(Application.id)
    )
    found = _rows(db, rows)
    return len(found), [
        Problem(DECISION, {"id": row.id, "decision": DECISIONS.get(row.decision or "", UNDECIDED),
                           "state": ACCEPTED if row.accepted_at else NOT_ACCEPTED})
        for row in found if (row.decision == "accepted") is not (row.accepted_at is not None)
    ]  # fmt: skip


def _documents(db: Database, data_dir: Path) -> Found:
    """Rows first, then files; what was forgotten meanwhile is asked for again before it is named."""
    rows = (
        sa.select(Document.id, Document.public_id, Document.stored_name, Document.pages, Document.media_type,
                  Document.sha256)
        .where(Document.purged_at.is_(None))
        .order_by(Document.id)
    )  # fmt: skip
    found = _rows(db, rows)
    damaged = [(row.id, row.public_id, name) for row in found for name in files.damaged(
        data_dir, row.stored_name, row.pages, row.sha256 if row.media_type == PDF else None)]  # fmt: skip
    kept = {row.id for row in _rows(db, rows)} if damaged else set()
    return len(found), [Problem(DOCUMENT, {"id": public_id, "name": name})
                        for row_id, public_id, name in damaged if row_id in kept]  # fmt: skip


def _rows(db: Database, statement: sa.Select[*tuple[Any, ...]]) -> list[Any]:
    with db.read() as tx:
        return list(tx.execute(statement))


CHECKS: dict[str, Check] = {
    "audit": _audit,
    "sittings": _sittings,
    "entries": _entries,
    "screenings": _screenings,
    "documents": _documents,
}
