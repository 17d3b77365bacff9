"""Reading what was typed into a step: cleaned first, then judged; each bad value has its own sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from exam_server.errors import N_
from exam_server.profile import nik as niks
from exam_server.profile.cleaning import Wrong, tidy, understand_birth_date, understand_nik, understand_phone
from exam_server.profile.rules import CIVIL_SERVANTS, WITHOUT_MAJOR, Step
from exam_server.profile.words import CODES, Said

Typed = Mapping[str, Sequence[str]]
Entries = tuple[dict[str, Any], dict[str, Said]]

ELSEWHERE = "elsewhere"
"""The choice of who lives in none of the offices' regencies."""

LONGEST = {"name": 100, "birth_place": 60, "address": 200, "regency": 60, "kecamatan": 60, "desa": 60,
           "major": 100, "experience": 1000}  # fmt: skip
EMPTY = N_("Bagian ini belum diisi.")
UNKNOWN = N_("Pilihan ini tidak dikenal. Pilih salah satu yang tersedia.")
TOO_LONG = N_("Isian paling panjang {most} huruf; yang diketik {count} huruf.")
NO_LETTER = N_("Isian ini belum memuat huruf. Tuliskan seperti pada KTP.")
IS_ASN = N_("PNS dan PPPK adalah ASN. Periksa pekerjaan di atas atau status ASN ini.")
KECAMATAN = N_("Kecamatan ini tidak ada pada daftar {regency}. Pilih dari daftar.")


@dataclass(frozen=True)
class Place:
    """The regency of one office, with the kecamatan a person living there chooses from."""

    office_id: int
    slug: str
    regency: str
    kecamatan: tuple[str, ...]


def read(step: Step, typed: Typed, places: Sequence[Place], on_day: date) -> Entries:
    """Exactly the fields of the step as values to keep, and the sentence of each field that is refused."""
    reader = Reader(typed)
    READERS[step.name](reader, places, on_day)
    return {name: reader.values.get(name) for name in step.fields}, reader.problems


class Reader:
    """Reads one field after the other and remembers what was refused."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self.values: dict[str, Any] = {}
        self.problems: dict[str, Said] = {}

    def raw(self, name: str) -> str:
        """What was typed, its blanks collapsed and its letters and digits in their plain form."""
        return tidy((self._typed.get(name) or [""])[0])

    def take(self, name: str, understand: Callable[[str], Any]) -> None:
        """Keep what `understand` makes of a field; an empty one is refused before it."""
        raw = self.raw(name)
        try:
            if not raw:
                raise Wrong(EMPTY)
            self.values[name] = understand(raw)
        except Wrong as wrong:
            self.problems[name] = wrong.said

    def text(self, name: str) -> None:
        self.take(name, lambda raw: _text(raw, LONGEST[name]))

    def one_of(self, name: str) -> None:
        self.take(name, lambda raw: _known(raw, CODES[name]))

    def yes_or_no(self, name: str) -> None:
        self.take(name, lambda raw: _known(raw, CODES[name]) == "yes")

    def some_of(self, name: str) -> None:
        """Any number of the choices, none included, in the order of the table."""
        chosen = set(self._typed.get(name) or [])
        if chosen - set(CODES[name]):
            self.problems[name] = Said(UNKNOWN)
        self.values[name] = [code for code in CODES[name] if code in chosen]


def _text(raw: str, most: int) -> str:
    if len(raw) > most:
        raise Wrong(TOO_LONG, most=most, count=len(raw))
    if not any(sign.isalpha() for sign in raw):
        raise Wrong(NO_LETTER)
    return raw


def _known(raw: str, codes: Mapping[str, str]) -> str:
    if raw not in codes:
        raise Wrong(UNKNOWN)
    return raw


def _identity(reader: Reader, places: Sequence[Place], on_day: date) -> None:
    reader.text("name")
    reader.take("nik", understand_nik)
    reader.text("birth_place")
    reader.take("birth_date", lambda raw: understand_birth_date(raw, on_day))
    reader.one_of("sex")
    if not {"nik", "birth_date", "sex"} & set(reader.problems):
        _compare(reader, on_day)


def _compare(reader: Reader, on_day: date) -> None:
    found = niks.parse(reader.values["nik"])
    if isinstance(found, niks.Nik):
        clash = niks.contradiction(found, reader.values["birth_date"], reader.values["sex"], on_day)
        if clash:
            reader.problems[clash[0]] = clash[1]


def _domicile(reader: Reader, places: Sequence[Place], on_day: date) -> None:
    reader.take("phone", understand_phone)
    reader.text("address")
    offices = {place.slug: place for place in places}
    reader.take("office_id", lambda raw: _office(raw, offices))
    place = offices.get(reader.raw("office_id"))
    if place:
        reader.take("kecamatan", lambda raw: _listed(raw, place))
    elif reader.raw("office_id") == ELSEWHERE:
        reader.text("regency")
        reader.text("kecamatan")
    reader.text("desa")


def _office(raw: str, offices: Mapping[str, Place]) -> int | None:
    if raw == ELSEWHERE:
        return None
    if raw not in offices:
        raise Wrong(UNKNOWN)
    return offices[raw].office_id


def _listed(raw: str, place: Place) -> str:
    if raw not in place.kecamatan:
        raise Wrong(KECAMATAN, regency=place.regency)
    return raw


def _work(reader: Reader, places: Sequence[Place], on_day: date) -> None:
    reader.one_of("education")
    if reader.raw("major") or reader.values.get("education") not in (None, *WITHOUT_MAJOR):
        reader.text("major")
    reader.one_of("occupation")
    reader.yes_or_no("civil_servant")
    if reader.values.get("occupation") in CIVIL_SERVANTS and reader.values.get("civil_servant") is False:
        reader.problems["civil_servant"] = Said(IS_ASN)


def _means(reader: Reader, places: Sequence[Place], on_day: date) -> None:
    reader.some_of("devices")
    reader.some_of("vehicles")
    reader.yes_or_no("experienced")
    if reader.values.get("experienced"):
        reader.text("experience")


READERS: dict[str, Callable[[Reader, Sequence[Place], date], None]] = {
    "identity": _identity, "domicile": _domicile, "work": _work, "means": _means,
}  # fmt: skip
