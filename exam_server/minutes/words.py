"""The words of the document: an official Indonesian text, the same in whatever language its page is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.extra_time.words import KINDS, REASONS, spell
from exam_server.incidents.words import KINDS as INCIDENTS
from exam_server.minutes.facts import Ground, Happened, Sitter
from exam_server.minutes.rules import ranges

LANGUAGE = "id"
FEW = 3
"""So many people are told by name; more by their numbers in the attendance list."""

HOW = {"submitted": "dikumpulkan peserta", "clock": "ditutup batas waktu", "official": "ditutup petugas"}
DECIDED = {"attempt.closed": "Pengerjaan ditutup", "rescue.counted": "Berkas penyelamat dihitung"}
CHECKS = {"good": "Baik", "weak": "Lemah", "bad": "Bermasalah", "": "Tidak memeriksa"}
DEVICES = {"taken_over": "Diambil alih perangkat lain", "released": "Dilepas petugas"}
NOBODY = "Tidak ada."
WHOLE = "seluruh sesi"


def at(instant: datetime, ground: Ground) -> str:
    """The hour on the day of the sitting, with its day on any other."""
    zone = ground.zone
    exact = instants.second(instant, zone, LANGUAGE)
    if instant.astimezone(zone).date() == ground.starts_at.astimezone(zone).date():
        return exact
    return f"{instants.day(instant, zone, LANGUAGE)} pukul {exact}"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """Rabu, 4 November 2026 pukul 08.00 WIB"""
    return instants.moment(instant, zone, LANGUAGE)


def seconds(count: int) -> str:
    """18 menit; 2 menit 35 detik"""
    return spell(count, LANGUAGE)


def why(code: str) -> str:
    """Why time was given: the reason of the list, or the kind of the grant."""
    return REASONS.get(code) or KINDS.get(code) or code


def whom(attempts: Sequence[int], sitters: Sequence[Sitter]) -> str:
    """Names of a few, numbers of many; nobody in particular is the whole sitting."""
    if not attempts:
        return WHOLE
    named = set(attempts)
    known = [one for one in sitters if one.attempt_id in named]
    if len(known) <= FEW:
        return ", ".join(f"{one.name} (no. {one.number})" for one in known)
    return f"{len(known)} peserta: no. {ranges([one.number for one in known])}"


def incident(kind: str) -> str:
    """Of the list of kinds."""
    return INCIDENTS.get(kind, kind)


def by(one: Happened) -> str:
    """Who did it, and who asked for it where two officials decided."""
    return f"{one.by} (diajukan {one.asked_by})" if one.asked_by else one.by


def people(count: int, numbers: Sequence[int] = ()) -> str:
    """3 peserta (no. 1, 4, 9)"""
    return f"{count} peserta" + (f" (no. {ranges(numbers)})" if numbers else "")
