"""The NIK, a person's number on the KTP: what its 16 digits say, and what they must not contradict.

Its structure follows Peraturan Pemerintah Nomor 37 Tahun 2007, pasal 37: six digits name the region where
it was issued (province, regency, district), six the date of birth as day, month and two-digit year, with 40
added to the day for women, and four are the running number in which it was issued. It stays with its holder
for life, so the region is not always where the person lives now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from exam_server.errors import N_
from exam_server.profile.words import SEX_INSIDE, Said, Word

LENGTH = 16
FEMALE = 40
YOUNGEST = 10
"""Years: whom a two-digit year of birth cannot mean yet."""

NIK_DIGITS = N_("NIK hanya memuat angka, 16 angka seperti pada KTP.")
NIK_LENGTH = N_("NIK terdiri atas 16 angka; yang diketik {count} angka.")
NIK_REGION = N_("Enam angka pertama NIK bukan kode wilayah ({region}). Periksa kembali pada KTP.")
NIK_DATE = N_("Angka ke-7 sampai ke-12 NIK bukan tanggal lahir ({digits}). Periksa kembali pada KTP.")
NIK_NUMBER = N_("Empat angka terakhir NIK tidak mungkin 0000. Periksa kembali pada KTP.")
DATE_DIFFERS = N_("NIK memuat tanggal lahir {nik_date}, {nik_sex}; yang Anda ketik {typed_date}. "
                  "Periksa tanggal lahir ini, lalu NIK di atas, pada KTP.")  # fmt: skip
SEX_DIFFERS = N_("NIK memuat tanggal lahir {nik_date}, {nik_sex}; yang Anda pilih {typed_sex}. "
                 "Periksa jenis kelamin ini, lalu NIK di atas, pada KTP.")  # fmt: skip
BOTH_DIFFER = N_("NIK memuat tanggal lahir {nik_date}, {nik_sex}; yang Anda isi {typed_date}, {typed_sex}. "
                 "Periksa NIK ini pada KTP.")  # fmt: skip


@dataclass(frozen=True)
class Nik:
    """A well-formed NIK taken apart; `year` has two digits, `region` six."""

    region: str
    day: int
    month: int
    year: int
    female: bool
    number: int

    @property
    def regency(self) -> str:
        """The four digits that name the regency which issued it."""
        return self.region[:4]

    @property
    def sex(self) -> str:
        return "f" if self.female else "m"

    def agrees_with(self, born: date) -> bool:
        return (self.day, self.month, self.year) == (born.day, born.month, born.year % 100)

    def born(self, on_day: date) -> date:
        """The date of birth it means: the later century in which its holder is not a small child."""
        possible = list(_days(self.day, self.month, self.year))
        return next((one for one in possible if one.year + YOUNGEST <= on_day.year), possible[-1])


def parse(nik: str) -> Nik | Said:
    """The parts of a cleaned NIK, or the one sentence that says what cannot be right."""
    if not (nik.isascii() and nik.isdigit()):
        return Said(NIK_DIGITS)
    if len(nik) != LENGTH:
        return Said(NIK_LENGTH, {"count": len(nik)})
    if nik[:2] < "11" or nik[2:4] == "00" or nik[4:6] == "00":
        return Said(NIK_REGION, {"region": nik[:6]})
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    female = day > FEMALE
    day -= FEMALE if female else 0
    if not any(_days(day, month, year)):
        return Said(NIK_DATE, {"digits": nik[6:12]})
    if nik[12:] == "0000":
        return Said(NIK_NUMBER)
    return Nik(nik[:6], day, month, year, female, int(nik[12:]))


def contradiction(nik: Nik, born: date, sex: str, on_day: date) -> tuple[str, Said] | None:
    """The field to look at and the sentence beside it, when NIK, date of birth and sex do not agree."""
    same_day, same_sex = nik.agrees_with(born), nik.sex == sex
    if same_day and same_sex:
        return None
    read = born if same_day else nik.born(on_day)
    params = {"nik_date": read, "nik_sex": _lower(nik.sex), "typed_date": born, "typed_sex": _lower(sex)}
    if same_sex:
        return "birth_date", Said(DATE_DIFFERS, params)
    if same_day:
        return "sex", Said(SEX_DIFFERS, params)
    return "nik", Said(BOTH_DIFFER, params)


def _lower(sex: str) -> Word:
    return Word(SEX_INSIDE[sex])


def _days(day: int, month: int, year: int) -> Iterator[date]:
    """Dates that the six digits may mean, the later century first."""
    for century in (2000, 1900):
        try:
            yield date(century + year, month, day)
        except ValueError:
            continue


def masked(nik: str | None, shown: int = 4) -> str:
    """Dots and the last `shown` digits: its holder and the holder's office know it again, nobody else."""
    return "•" * (LENGTH - shown) + nik[-shown:] if nik and shown else "•" * LENGTH if nik else ""
