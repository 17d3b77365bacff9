"""The words of reminders: which sitting, both instants that matter, and the page to open."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, Reader, link
from exam_server.selection.service import SittingCard

SITTING_SUBJECT = N_("Pengingat: Tes Kompetensi {starts}")
SITTING = N_("""{name} yang terhormat,

Surat ini mengingatkan Anda akan sesi Tes Kompetensi Anda di {office}.

Sesi dan tempat: {label}, {place}
Dibuka: {starts}
Masuk paling lambat: sebelum {last_entry}

Bila mulai {starts}, selesai {ends_if_first}.
Bila mulai {last_entry}, selesai {ends}.

Siapa yang tidak mengikuti tes pada sesinya dianggap mengundurkan diri.

Latihan dan periksa perangkat: {practice}
Kartu peserta: {card}
Ruang Ujian: {room}
""")

CHOOSE_SUBJECT = N_("Pengingat: Anda belum memilih sesi Tes Kompetensi")
CHOOSE = N_("""{name} yang terhormat,

Pendaftaran Anda di {office} Diterima (seleksi administrasi) pada {accepted}, tetapi Anda belum memilih sesi
Tes Kompetensi. Sesi hanya dapat dipilih satu kali.
""")
CHOOSE_UNTIL = N_("Pilih sesi sebelum {until}. Siapa yang tidak memilih sampai saat itu dinyatakan gugur.")
CHOOSE_LINK = N_("Pilih sesi: {choose}")


def of_sitting(person: Reader, sitting: SittingCard) -> Letter:
    """To a candidate whose sitting comes near."""

    def spoken(instant: datetime) -> str:
        return instants.moment(instant, sitting.zone, person.language)

    words = {
        "name": person.name, "office": sitting.office, "label": sitting.label, "place": sitting.place,
        "starts": spoken(sitting.starts_at), "ends_if_first": spoken(sitting.ends_if_first),
        "last_entry": spoken(sitting.last_entry_at), "ends": spoken(sitting.ends_at),
        "practice": link("/practice"), "card": link("/booking/card"), "room": link("/exam"),
    }  # fmt: skip
    return Letter(
        say(SITTING_SUBJECT, person.language).format(**words), say(SITTING, person.language).format(**words)
    )


def of_choosing(
    person: Reader, office: str, zone: ZoneInfo, accepted_at: datetime, until: datetime | None
) -> Letter:
    """To an accepted candidate without a booking; `until` is empty while the window's end is not known."""
    words = {
        "name": person.name, "office": office, "choose": link("/choose"),
        "accepted": instants.moment(accepted_at, zone, person.language),
        "until": instants.moment(until, zone, person.language) if until else "",
    }  # fmt: skip
    parts = [CHOOSE, *([CHOOSE_UNTIL] if until else []), CHOOSE_LINK]
    body = "\n\n".join(say(part, person.language).format(**words).strip() for part in parts)
    return Letter(say(CHOOSE_SUBJECT, person.language), body + "\n")
