"""What bookers and the public are told when a sitting moves in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import LANGUAGES, say
from exam_server.mail import Letter, Reader, link

SUBJECT = N_("Waktu sesi Tes Kompetensi Anda berubah: {new}")
BODY = N_("""{name} yang terhormat,

Waktu sesi Tes Kompetensi {office} yang Anda pilih berubah.

Sesi dan tempat: {label}, {place}
Waktu lama: {old}
Waktu baru: {new}, sesi ditutup {new_end}
Masuk paling lambat: sebelum {last_entry}

Pilihan Anda sendiri tidak berubah: sesi, tempat, dan kursi Anda tetap. Anda tidak perlu melakukan apa pun
selain datang pada waktu yang baru.

Alasan: {reason}

Bukti pilihan: {receipt}
Ruang Ujian: {room}
""")
NOTICE = N_("Waktu {label} Tes Kompetensi ({place}) berubah dari {old} menjadi {new}. Peserta yang sudah "
            "memilih sesi ini tetap pada sesinya dan sudah diberi tahu melalui surel. "
            "Alasan: {reason}")  # fmt: skip


@dataclass(frozen=True)
class Move:
    """One move as people are told of it."""

    office: str
    zone: ZoneInfo
    label: str
    place: str
    old_starts_at: datetime
    starts_at: datetime
    ends_at: datetime
    last_entry_at: datetime
    reason: str


def moved(person: Reader, move: Move) -> Letter:
    """To somebody who has chosen this sitting."""
    words = _words(move, person.language) | {
        "name": person.name, "office": move.office, "receipt": link("/booking"), "room": link("/exam"),
    }  # fmt: skip
    return Letter(say(SUBJECT, person.language).format(**words), say(BODY, person.language).format(**words))


def notice(move: Move) -> dict[str, str]:
    """To everybody, in every language."""
    return {one: say(NOTICE, one).format(**_words(move, one)) for one in LANGUAGES}


def _words(move: Move, language: str) -> dict[str, str]:
    def spoken(instant: datetime) -> str:
        return instants.moment(instant, move.zone, language)

    return {
        "label": move.label, "place": move.place, "reason": move.reason, "old": spoken(move.old_starts_at),
        "new": spoken(move.starts_at), "new_end": instants.hour(move.ends_at, move.zone, language),
        "last_entry": spoken(move.last_entry_at),
    }  # fmt: skip
