"""Where the screening of an application stands, what is compared, and which deadlines are allowed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from exam_server.errors import N_
from exam_server.profile.rules import FIELDS

Standing = Literal["waiting", "correction", "overdue", "accepted", "rejected"]
STANDINGS: tuple[Standing, ...] = ("waiting", "correction", "overdue", "accepted", "rejected")

CLAIM = timedelta(minutes=10)
"""How long an application is kept for the official who works on it, from their last act on."""

SHORTEST_CORRECTION = timedelta(hours=24)
USUAL_CORRECTION_DAYS = 3
LONGEST_NOTE = 500
"""Characters."""

UNTOLD = (None, "")

DOCUMENTS = {"ktp": N_("KTP"), "photo": N_("Foto terbaru"), "ijazah": N_("Ijazah")}

OTHER = "other"
NOT_SENT = "correction_not_sent"
REASONS = {
    "not_eligible_asn": N_("Pendaftar berstatus PNS, PPPK, TNI, atau Polri, sedangkan kegiatan ini tidak "
                           "terbuka bagi status itu."),
    "identity_mismatch": N_("Data diri yang diisikan tidak sama dengan KTP yang diunggah."),
    "document_unreadable_after_correction": N_("Berkas tetap tidak terbaca setelah perbaikan diminta."),
    "false_statement": N_("Isian atau pernyataan terbukti tidak benar."),
    NOT_SENT: N_("Perbaikan yang diminta tidak dikirim sampai batas waktunya."),
    "outside_requirements": N_("Persyaratan pada pengumuman tidak terpenuhi."),
    OTHER: N_("Alasan lain, sebagaimana dijelaskan petugas."),
}  # fmt: skip
"""Why an application is rejected, as its candidate reads it; `other` says nothing without a text."""


@dataclass(frozen=True)
class Facts:
    """What is known of one application; `due_at` (aware UTC) stands while a correction is asked for."""

    due_at: datetime | None = None
    decision: str | None = None


def standing(facts: Facts, now: datetime) -> tuple[Standing, datetime | None]:
    """Where it stands at `now`, and until when time alone leaves it there; half-open."""
    if facts.decision is not None:
        return ("accepted" if facts.decision == "accepted" else "rejected"), None
    if facts.due_at is None:
        return "waiting", None
    return ("correction", facts.due_at) if now < facts.due_at else ("overdue", None)


def may_ask_again(facts: Facts, now: datetime) -> bool:
    """One correction at a time, and its time is kept: until then nobody asks again or rejects."""
    return standing(facts, now)[0] in ("waiting", "overdue")


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: a told field beside the document that proves it, or a document itself."""

    name: str
    label: str
    document: str | None


def compared(data: Mapping[str, Any], documents: Collection[str]) -> tuple[Compared, ...]:
    """What an official ticks for one version: every field that was told, then every file; in page order."""
    told = [Compared(field.name, field.label, field.document) for field in FIELDS
            if data.get(field.name) not in UNTOLD]  # fmt: skip
    return (*told, *(Compared(kind, label, kind) for kind, label in DOCUMENTS.items() if kind in documents))


def holds_on(line: Compared, altered: Collection[str]) -> bool:
    """True when an agreement outlives a correction: neither the value nor the file that proves it changed."""
    return line.name not in altered and line.document not in altered


def usual_due(now: datetime, zone: ZoneInfo, closes_at: datetime | None) -> datetime:
    """The deadline a form proposes: the end of a day soon, inside the stage."""
    day = (now.astimezone(zone) + timedelta(days=USUAL_CORRECTION_DAYS)).date()
    usual = datetime.combine(day, time(23, 59), zone)
    return usual if closes_at is None else min(usual, (closes_at - timedelta(minutes=1)).astimezone(zone))


DueProblem = Literal["too_soon", "after_stage", "no_time"]


def due_problem(due_at: datetime, now: datetime, closes_at: datetime | None) -> DueProblem | None:
    """Why a correction cannot be due then; `closes_at` is the first instant after the screening stage."""
    earliest = now + SHORTEST_CORRECTION
    if closes_at is not None and closes_at < earliest:
        return "no_time"
    if due_at < earliest:
        return "too_soon"
    return "after_stage" if closes_at is not None and due_at > closes_at else None
