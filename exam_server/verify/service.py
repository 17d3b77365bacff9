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
    Attempt,
    AuditEntry,
    Booking,
    Document,
    Screening,
    Sitting,
)
from exam_server.verify import (
    announced,
    attempts,
    corrections,
    decided,
    files,
    minutes,
    places,
    selections,
)
from exam_server.verify.problems import Found, Problem


@dataclass
class Report:
    """What was looked at (how many, by name of the check), and what does not agree."""

    checked: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Installation:
    """What is looked at; without the secret everything but the codes of receipts."""

    db: Database
    data_dir: Path
    secret: str | None


Check = Callable[[Installation], Found]

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
BOOKING = N_("Pilihan sesi {id} tidak mempunyai pengerjaan, atau pengerjaannya milik orang atau sesi lain.")
WORDS = {UNDECIDED, ACCEPTED, NOT_ACCEPTED, *DECISIONS.values(), *attempts.WORDS, *decided.WORDS}
PDF = "application/pdf"


def told(problem: Problem, language: str) -> str:
    """The sentence of a disagreement in that language."""
    words = {
        name: say(str(value), language) if value in WORDS else value for name, value in problem.params.items()
    }
    return say(problem.sentence, language).format(**words)


def look(db: Database, data_dir: Path, secret: str | None = None) -> Report:
    """The report of every check; without the server's `secret` all but the codes of receipts."""
    report, here = Report(), Installation(db, data_dir, secret)
    for name, check in CHECKS.items():
        report.checked[name], found = check(here)
        report.problems += found
    return report


def _audit(here: Installation) -> Found:
    with here.db.read() as tx:
        broken = audit.broken_at(tx)
        count = tx.scalar(sa.select(sa.func.count(AuditEntry.id))) or 0
    return count, [Problem(BROKEN_SEAL, {"id": row}) for row in broken]


def _sittings(here: Installation) -> Found:
    """One statement, so that a choice made meanwhile is in both numbers or in none."""
    rows = (
        sa.select(Sitting.public_id, Sitting.label, Sitting.taken, sa.func.count(Booking.id).label("booked"))
        .outerjoin(Booking, Booking.sitting_id == Sitting.id)
        .group_by(Sitting.id, Sitting.public_id, Sitting.label, Sitting.taken)
        .order_by(Sitting.id)
    )
    found = _rows(here.db, rows)
    return len(found), [
        Problem(SEATS, {"sitting": row.public_id, "label": row.label, "taken": row.taken,
                        "booked": row.booked})
        for row in found if row.taken != row.booked
    ]  # fmt: skip


def _bookings(here: Installation) -> Found:
    """A booking opens its attempt in the same transaction; neither is there without the other."""
    rows = (
        sa.select(Booking.id, Booking.candidate_id, Booking.sitting_id,
                  Attempt.candidate_id.label("who"), Attempt.sitting_id.label("where"))
        .outerjoin(Attempt, Attempt.booking_id == Booking.id)
        .order_by(Booking.id)
    )  # fmt: skip
    found = _rows(here.db, rows)
    return len(found), [Problem(BOOKING, {"id": row.id}) for row in found
                        if (row.who, row.where) != (row.candidate_id, row.sitting_id)]  # fmt: skip


def _attempts(here: Installation) -> Found:
    return attempts.look(here.db, here.secret)


def _minutes(here: Installation) -> Found:
    return minutes.look(here.db)


def _corrections(here: Installation) -> Found:
    return corrections.look(here.db)


def _places(here: Installation) -> Found:
    return places.look(here.db)


def _selections(here: Installation) -> Found:
    return selections.look(here.db)


def _decided(here: Installation) -> Found:
    return decided.look(here.db)


def _announced(here: Installation) -> Found:
    return announced.look(here.db)


def _entries(here: Installation) -> Found:
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
    found = _rows(here.db, rows)
    sentences = {"registration": NO_SELECTION, "selection": NO_ACCEPTANCE}
    return len(found), [Problem(sentences[row.kind], {"id": row.id}) for row in found if not row.has_twin]


def _screenings(here: Installation) -> Found:
    rows = (
        sa.select(Application.id, Screening.decision, Application.accepted_at)
        .join(Screening, Screening.application_id == Application.id)
        .order_by(Application.id)
    )
    found = _rows(here.db, rows)
    return len(found), [
        Problem(DECISION, {"id": row.id, "decision": DECISIONS.get(row.decision or "", UNDECIDED),
                           "state": ACCEPTED if row.accepted_at else NOT_ACCEPTED})
        for row in found if (row.decision == "accepted") is not (row.accepted_at is not None)
    ]  # fmt: skip


def _documents(here: Installation) -> Found:
    """Rows first, then files; what was forgotten meanwhile is asked for again before it is named."""
    rows = (
        sa.select(Document.id, Document.public_id, Document.stored_name, Document.pages, Document.media_type,
                  Document.sha256)
        .where(Document.purged_at.is_(None))
        .order_by(Document.id)
    )  # fmt: skip
    found = _rows(here.db, rows)
    damaged = [(row.id, row.public_id, name) for row in found
               for name in files.damaged(here.data_dir, row.stored_name, row.pages,
                                         row.sha256 if row.media_type == PDF else None)]  # fmt: skip
    kept = {row.id for row in _rows(here.db, rows)} if damaged else set()
    return len(found), [Problem(DOCUMENT, {"id": public_id, "name": name})
                        for row_id, public_id, name in damaged if row_id in kept]  # fmt: skip


def _rows(db: Database, statement: sa.Select[*tuple[Any, ...]]) -> list[Any]:
    with db.read() as tx:
        return list(tx.execute(statement))


CHECKS: dict[str, Check] = {
    "audit": _audit,
    "sittings": _sittings,
    "bookings": _bookings,
    "attempts": _attempts,
    "minutes": _minutes,
    "selections": _selections,
    "decided": _decided,
    "announced": _announced,
    "places": _places,
    "corrections": _corrections,
    "entries": _entries,
    "screenings": _screenings,
    "documents": _documents,
}
