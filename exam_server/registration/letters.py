"""Letters about what was sent: a receipt with its instant and the hash of every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from exam_server.errors import N_
from exam_server.instants import moment
from exam_server.language import say
from exam_server.mail import Letter, Reader, link

SUBJECT_SENT = N_("Pendaftaran diterima: {activity}")
SUBJECT_CORRECTED = N_("Perbaikan diterima: {activity}")
BODY_SENT = N_(
    "Halo {name},\n\n{office} sudah menerima pendaftaran Anda untuk kegiatan {activity} pada {moment}. "
    "Simpan surat ini sebagai bukti.\n\nBerkas yang terkirim, dengan sidik SHA-256 masing-masing:\n{files}"
    "\n\nKantor mencocokkan data dengan berkas. Perkembangannya ada pada halaman status:\n{link}"
)
BODY_CORRECTED = N_(
    "Halo {name},\n\n{office} sudah menerima perbaikan pendaftaran Anda untuk kegiatan {activity} pada "
    "{moment}. Simpan surat ini sebagai bukti.\n\nBerkas yang berlaku sekarang, dengan sidik SHA-256 "
    "masing-masing:\n{files}\n\nPerkembangannya ada pada halaman status:\n{link}"
)
KINDS = {"ktp": N_("KTP"), "photo": N_("Foto terbaru"), "ijazah": N_("Ijazah")}


@dataclass(frozen=True)
class Receipt:
    """What was received: files as (kind, SHA-256 of the bytes as sent)."""

    activity: str
    office: str
    zone: ZoneInfo
    at: datetime
    files: Sequence[tuple[str, str]]


def received(person: Reader, receipt: Receipt) -> Letter:
    """The first sending, with its receipt."""
    return _letter(person, receipt, SUBJECT_SENT, BODY_SENT)


def corrected(person: Reader, receipt: Receipt) -> Letter:
    """A correction, with its receipt."""
    return _letter(person, receipt, SUBJECT_CORRECTED, BODY_CORRECTED)


def _letter(person: Reader, receipt: Receipt, subject: str, body: str) -> Letter:
    language = person.language
    files = [f"- {say(KINDS[kind], language)}: {sha256}" for kind, sha256 in receipt.files]
    names = {
        "name": person.name, "office": receipt.office, "activity": receipt.activity,
        "moment": moment(receipt.at, receipt.zone, language), "files": "\n".join(files),
        "link": link("/status"),
    }  # fmt: skip
    return Letter(say(subject, language).format(**names), say(body, language).format(**names))
