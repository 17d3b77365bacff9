"""Cleaning what a keyboard or a copy adds, and understanding the three things that have a form of their own.

Forgiven are full-width digits, blanks, dashes and dots in numbers, doubled blanks in text, signs nobody sees.
Nothing is guessed: what is not understood is refused with its own sentence.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from exam_server.errors import N_
from exam_server.profile import nik as niks
from exam_server.profile.words import Said
from exam_server.unseen import without_unseen

YOUNGEST, OLDEST = 10, 100
"""Years of age that anybody who registers can have."""

DATE_ORDERS = (
    r"(?P<d>\d{1,2})[-/. ]+(?P<m>\d{1,2})[-/. ]+(?P<y>\d{4})",
    r"(?P<y>\d{4})[-/. ]+(?P<m>\d{1,2})[-/. ]+(?P<d>\d{1,2})",
    r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d{4})",
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
)

DATE_FORM = N_("Tanggal lahir ditulis hari, bulan, tahun, misalnya 17-05-1998.")
DATE_NONE = N_("Tanggal {typed} tidak ada dalam kalender. Periksa hari dan bulannya.")
DATE_AGE = N_("Tanggal lahir {typed_date} tidak mungkin untuk seorang pendaftar. Periksa tahunnya.")
PHONE_FORM = N_(
    "Nomor ponsel diawali 08 atau +62 8 dan terdiri atas 10 sampai 13 angka, misalnya 081234567890."
)


class Wrong(Exception):
    """This value is refused; it carries the sentence for its field."""

    def __init__(self, sentence: str, **params: object) -> None:
        super().__init__(sentence)
        self.said = Said(sentence, params)


def tidy(raw: str) -> str:
    """Plain letters and digits (NFKC), without signs that cannot be seen, blanks collapsed."""
    return " ".join(without_unseen(unicodedata.normalize("NFKC", raw)).split())


def digits(raw: str) -> str:
    """A number without the blanks, dashes and dots that were pasted along."""
    return re.sub(r"[\s.\-\u2010-\u2015\u2212]", "", tidy(raw))


def understand_nik(raw: str) -> str:
    """The 16 digits; raises Wrong."""
    number = digits(raw)
    found = niks.parse(number)
    if isinstance(found, Said):
        raise Wrong(found.sentence, **found.params)
    return number


def understand_phone(raw: str) -> str:
    """An Indonesian mobile number as 08...; raises Wrong."""
    number = re.sub(r"[()]", "", digits(raw))
    local = re.sub(r"^(?:\+?62|0062)0?|^0(?=8)|^(?=8)", "0", number, count=1)
    if not re.fullmatch(r"08[1-9][0-9]{7,10}", local, re.ASCII):
        raise Wrong(PHONE_FORM)
    return local


def understand_birth_date(raw: str, on_day: date) -> date:
    """17-05-1998, 17/05/1998, 17 5 1998, 17051998 or 1998-05-17; raises Wrong."""
    born = _calendar_day(raw)
    age = years_between(born, on_day)
    if not YOUNGEST <= age <= OLDEST:
        raise Wrong(DATE_AGE, typed_date=born)
    return born


def years_between(born: date, on_day: date) -> int:
    """Whole years of age on that day; who was born on 29 February is a year older on 1 March."""
    return on_day.year - born.year - ((on_day.month, on_day.day) < (born.month, born.day))


def _calendar_day(raw: str) -> date:
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", raw)
    forms = [found for order in DATE_ORDERS if (found := re.fullmatch(order, plain, re.ASCII))]
    if not forms:
        raise Wrong(DATE_FORM)
    for found in forms:
        try:
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError:
            continue
    raise Wrong(DATE_NONE, typed=raw)
