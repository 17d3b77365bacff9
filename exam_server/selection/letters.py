"""The letter that tells a candidate which sitting they chose for good, and both ends of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, Reader, link

if TYPE_CHECKING:
    from exam_server.selection.service import SittingCard

SUBJECT = N_("Sesi Tes Kompetensi Anda: {starts}")
BODY = N_("""{name} yang terhormat,

Anda memilih sesi Tes Kompetensi {office}. Pilihan ini tetap; Anda maupun kantor tidak dapat menggantinya.

Sesi dan tempat: {label}, {place}
Dibuka: {starts}
Masuk paling lambat: sebelum {last_entry}

Waktu mengerjakan dihitung sejak Anda mulai.
Bila mulai {starts}, selesai {ends_if_first}.
Bila mulai {last_entry}, selesai {ends}.

Siapa yang tidak mengikuti tes pada sesinya dianggap mengundurkan diri.

Bukti pilihan: {receipt}
Ruang Ujian: {room}
""")


def chosen(person: Reader, sitting: SittingCard) -> Letter:
    """To a candidate, about the sitting they have just chosen."""

    def spoken(instant: datetime) -> str:
        return instants.moment(instant, sitting.zone, person.language)

    words = {
        "name": person.name, "office": sitting.office, "label": sitting.label, "place": sitting.place,
        "starts": spoken(sitting.starts_at), "ends_if_first": spoken(sitting.ends_if_first),
        "last_entry": spoken(sitting.last_entry_at), "ends": spoken(sitting.ends_at),
        "receipt": link("/booking"), "room": link("/exam"),
    }  # fmt: skip
    return Letter(say(SUBJECT, person.language).format(**words), say(BODY, person.language).format(**words))
