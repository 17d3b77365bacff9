"""Indonesia's national holidays of 2026 and 2027, and those that the superadmin added in the table `holiday`.

2026 is as the joint decision of the three ministers names it. Of 2027 the days that follow the moon are
reckoned ahead, and say so: the table corrects a day that is decided otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Holiday

Names = Mapping[str, str]
"""{id, en}"""
Days = dict[date, Names]

_NEW_YEAR = ("Tahun Baru Masehi", "New Year's Day")
_ASCENT = ("Isra Mikraj Nabi Muhammad SAW", "Isra Mikraj of the Prophet Muhammad")
_IMLEK = ("Tahun Baru Imlek", "Lunar New Year")
_NYEPI = ("Hari Suci Nyepi", "Nyepi, Day of Silence")
_FITRI = ("Idul Fitri", "Eid al-Fitr")
_GOOD_FRIDAY = ("Wafat Yesus Kristus", "Good Friday")
_EASTER = ("Kebangkitan Yesus Kristus (Paskah)", "Easter Sunday")
_LABOUR = ("Hari Buruh Internasional", "Labour Day")
_ASCENSION = ("Kenaikan Yesus Kristus", "Ascension Day")
_ADHA = ("Idul Adha", "Eid al-Adha")
_WAISAK = ("Hari Raya Waisak", "Vesak Day")
_PANCASILA = ("Hari Lahir Pancasila", "Pancasila Day")
_MUHARAM = ("Tahun Baru Islam (1 Muharam)", "Islamic New Year")
_INDEPENDENCE = ("Proklamasi Kemerdekaan", "Independence Day")
_MAULID = ("Maulid Nabi Muhammad SAW", "Birthday of the Prophet Muhammad")
_CHRISTMAS = ("Kelahiran Yesus Kristus (Natal)", "Christmas Day")

SETTLED = {
    date(2026, 1, 1): _NEW_YEAR, date(2026, 1, 16): _ASCENT, date(2026, 2, 17): _IMLEK,
    date(2026, 3, 19): _NYEPI, date(2026, 3, 21): _FITRI, date(2026, 3, 22): _FITRI,
    date(2026, 4, 3): _GOOD_FRIDAY, date(2026, 4, 5): _EASTER, date(2026, 5, 1): _LABOUR,
    date(2026, 5, 14): _ASCENSION, date(2026, 5, 27): _ADHA, date(2026, 5, 31): _WAISAK,
    date(2026, 6, 1): _PANCASILA, date(2026, 6, 16): _MUHARAM, date(2026, 8, 17): _INDEPENDENCE,
    date(2026, 8, 25): _MAULID, date(2026, 12, 25): _CHRISTMAS,
    date(2027, 1, 1): _NEW_YEAR, date(2027, 3, 26): _GOOD_FRIDAY, date(2027, 3, 28): _EASTER,
    date(2027, 5, 1): _LABOUR, date(2027, 5, 6): _ASCENSION, date(2027, 6, 1): _PANCASILA,
    date(2027, 8, 17): _INDEPENDENCE, date(2027, 12, 25): _CHRISTMAS,
}  # fmt: skip
RECKONED = {
    date(2027, 1, 5): _ASCENT, date(2027, 2, 6): _IMLEK, date(2027, 3, 8): _NYEPI,
    date(2027, 3, 10): _FITRI, date(2027, 3, 11): _FITRI, date(2027, 5, 16): _ADHA,
    date(2027, 5, 20): _WAISAK, date(2027, 6, 6): _MUHARAM, date(2027, 8, 15): _MAULID,
}  # fmt: skip


def known() -> Days:
    """The checked-in list; a reckoned day says that it may still move."""
    settled: Days = {day: {"id": name, "en": english} for day, (name, english) in SETTLED.items()}
    reckoned: Days = {day: {"id": f"{name} (perkiraan)", "en": f"{english} (expected)"}
                for day, (name, english) in RECKONED.items()}  # fmt: skip
    return settled | reckoned


def between(tx: Session, first: date, last: date) -> Days:
    """Every holiday from `first` to `last`, both included; what the table says of a day counts."""
    rows = tx.scalars(sa.select(Holiday).where(Holiday.day.between(first, last)))
    added = {row.day: row.name for row in rows}
    return {day: name for day, name in (known() | added).items() if first <= day <= last}
