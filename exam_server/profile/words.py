"""The words for what a profile holds: codes as people read them, dates written out, sentences filled in.

Every function takes `say`, which turns an Indonesian text into the reader's language; without it the text
stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from exam_server.errors import N_

Say = Callable[[str], str]

UNTOLD = N_("belum diisi")
NONE_OWNED = N_("tidak ada")

CODES: dict[str, dict[str, str]] = {
    "sex": {"m": N_("Laki-laki"), "f": N_("Perempuan")},
    "education": {
        "sd": N_("SD atau sederajat"), "smp": N_("SMP atau sederajat"), "sma": N_("SMA atau sederajat"),
        "d1": N_("Diploma I"), "d2": N_("Diploma II"), "d3": N_("Diploma III"),
        "d4": N_("Diploma IV"), "s1": N_("Sarjana (S1)"), "s2": N_("Magister (S2)"),
        "s3": N_("Doktor (S3)"),
    },
    "occupation": {
        "civil_servant_pns": N_("Pegawai Negeri Sipil (PNS)"), "civil_servant_pppk": N_("PPPK"),
        "military_police": N_("TNI atau Polri"), "employee": N_("Karyawan"),
        "self_employed": N_("Wiraswasta"), "farmer": N_("Petani, peternak, atau nelayan"),
        "student": N_("Pelajar atau mahasiswa"), "homemaker": N_("Mengurus rumah tangga"),
        "unemployed": N_("Belum bekerja"), "other": N_("Lainnya"),
    },
    "civil_servant": {"yes": N_("Ya, ASN"), "no": N_("Bukan ASN")},
    "experienced": {"yes": N_("Pernah"), "no": N_("Belum pernah")},
    "devices": {
        "computer": N_("Komputer atau laptop"), "tablet": N_("Tablet"), "smartphone": N_("Ponsel pintar"),
    },
    "vehicles": {"motorcycle": N_("Sepeda motor"), "car": N_("Mobil")},
}  # fmt: skip

SEX_INSIDE = {"m": N_("laki-laki"), "f": N_("perempuan")}
"""Inside a sentence."""

MONTHS = (
    N_("Januari"), N_("Februari"), N_("Maret"), N_("April"), N_("Mei"), N_("Juni"), N_("Juli"),
    N_("Agustus"), N_("September"), N_("Oktober"), N_("November"), N_("Desember"),
)  # fmt: skip


class Word(str):
    """A text that is itself translated when it fills a sentence; other texts stay as they are."""

    __slots__ = ()


@dataclass(frozen=True)
class Said:
    """One sentence for a person, with what fills its {names}."""

    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)


def as_is(text: str) -> str:
    """The Indonesian source itself."""
    return text


def written(day: date, say: Say = as_is) -> str:
    """17 Mei 1998"""
    return f"{day.day} {say(MONTHS[day.month - 1])} {day.year}"


def told(said: Said, say: Say = as_is) -> str:
    """The sentence in the reader's language: dates are written out, Words are translated."""
    return say(said.sentence).format(**{name: _filled(value, say) for name, value in said.params.items()})


def _filled(value: object, say: Say) -> object:
    if isinstance(value, date):
        return written(value, say)
    if isinstance(value, Word):
        return say(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(_filled(one, say)) for one in value)
    return value


def spoken(name: str, value: object, say: Say = as_is) -> str:
    """What a field of the profile says, as people read it; dates may be a date or its ISO text."""
    if value is None or value == "":
        return say(UNTOLD)
    if name == "birth_date":
        return written(value if isinstance(value, date) else date.fromisoformat(str(value)), say)
    words = CODES.get(name)
    if words is None:
        return str(value)
    if isinstance(value, bool):
        return say(words["yes" if value else "no"])
    if isinstance(value, (list, tuple)):
        return ", ".join(say(words.get(str(one), str(one))) for one in value) or say(NONE_OWNED)
    return say(words.get(str(value), str(value)))
