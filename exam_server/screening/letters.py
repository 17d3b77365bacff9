"""What a candidate reads after each decision: what happened, what is next, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, Reader, link
from exam_server.profile.rules import LABELS
from exam_server.screening.cases import Desk
from exam_server.screening.rules import DOCUMENTS, REASONS

GREETING = N_("Yth. {name},")
CLOSING = N_("Surat ini dikirim atas nama {office}. Status pendaftaran Anda selalu dapat dilihat di:\n{link}")

ACCEPTED_SUBJECT = N_("Diterima pada seleksi administrasi: {activity}")
ACCEPTED = N_("Berkas dan data Anda sudah dicocokkan. Pendaftaran Anda pada {activity} berstatus Diterima "
              "(seleksi administrasi).")  # fmt: skip
ACCEPTED_NEXT = N_("Langkah berikutnya: pilih satu sesi Tes Kompetensi. Sesi hanya dapat dipilih satu kali. "
                   "Status ini belum berarti lulus seleksi akhir. Pilih sesi di:\n{link}")  # fmt: skip
ACCEPTED_UNTIL = N_("Pilih sesi dan kerjakan tes sebelum {until}.")

ASKED_SUBJECT = N_("Perlu perbaikan sebelum {until}: {activity}")
ASKED = N_("Petugas {office} memeriksa pendaftaran Anda dan meminta perbaikan berikut:")
ASKED_NEXT = N_("Perbaiki isian atau unggah ulang berkasnya, lalu kirim kembali sebelum {until}. Sesudah itu "
                "perbaikan tidak dapat dikirim lagi. Kirim kembali di:\n{link}")  # fmt: skip

REJECTED_SUBJECT = N_("Tidak diterima pada seleksi administrasi: {activity}")
REJECTED = N_("Pendaftaran Anda pada {activity} tidak diterima pada seleksi administrasi.")
REJECTED_REASON = N_("Alasan: {reason}")
REJECTED_NEXT = N_("Keputusan ini tidak dapat diubah melalui layanan. Akun Anda tetap berlaku untuk "
                   "rekrutmen berikutnya. Bila Anda menilai ada kekeliruan, hubungi {office} melalui saluran "
                   "pada pengumuman:\n{link}")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One field or document that is to be put right, and what about it."""

    field: str
    note: str


def label(name: str) -> str:
    """The message that names a field or a document."""
    return LABELS.get(name) or DOCUMENTS.get(name) or name


def accepted(person: Reader, desk: Desk, until: datetime | None) -> Letter:
    """`until`: the first instant after the test stage, when it has dates."""
    fills = _fills(person, desk, until) | {"link": link("/choose")}
    parts = [ACCEPTED, ACCEPTED_NEXT, *([ACCEPTED_UNTIL] if until else [])]
    return _letter(person, desk, ACCEPTED_SUBJECT, [say(part, person.language) for part in parts], fills)


def correction(person: Reader, desk: Desk, asked: Sequence[Asked], due_at: datetime) -> Letter:
    """What is to be put right, by when, and where."""
    fills = _fills(person, desk, due_at) | {"link": link("/correction")}
    lines = "\n".join(f"- {say(label(one.field), person.language)}: {one.note}" for one in asked)
    fills["lines"] = lines
    parts = [say(ASKED, person.language), "{lines}", say(ASKED_NEXT, person.language)]
    return _letter(person, desk, ASKED_SUBJECT, parts, fills)


def rejected(person: Reader, desk: Desk, reason_code: str, text: str, office_path: str) -> Letter:
    """The reason in the candidate's own language, and what the official wrote besides."""
    fills = _fills(person, desk, None) | {"link": link(office_path), "text": text}
    fills["reason"] = say(REASONS[reason_code], person.language)
    parts = [say(REJECTED, person.language), say(REJECTED_REASON, person.language)]
    parts += ["{text}"] if text else []
    return _letter(person, desk, REJECTED_SUBJECT, [*parts, say(REJECTED_NEXT, person.language)], fills)


def _fills(person: Reader, desk: Desk, until: datetime | None) -> dict[str, str]:
    written = instants.moment(until, desk.zone, person.language) if until else ""
    return {"name": person.name, "activity": desk.name, "office": desk.office, "until": written}


def _letter(person: Reader, desk: Desk, subject: str, parts: list[str], fills: dict[str, str]) -> Letter:
    closing = say(CLOSING, person.language).format(office=desk.office, link=link("/status"))
    body = [
        say(GREETING, person.language).format(**fills),
        *(part.format(**fills) for part in parts),
        closing,
    ]
    return Letter(say(subject, person.language).format(**fills), "\n\n".join(body))
