"""What the two printed announcements say, taken down by hand, and the same announcements as rows to type."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date

from exam_server.demo.announce import BLUEPRINT
from tests.recruitments.entering import announced, rows, sections


@dataclass(frozen=True)
class Printed:
    """The facts of one announcement; days are those that were printed, requirements in their numbering."""

    slug: str
    office: str
    number: str
    dated: str
    signatories: tuple[str, ...]
    days: tuple[tuple[str, ...], ...]
    requirements: tuple[str, ...]
    preferences: frozenset[int]
    channels: tuple[str, ...]
    activities: str = "Rekrutmen Mitra BPS 2024-Pendaftaran; Rekrutmen Mitra 2024-seleksi"


COMMON = (
    "Aparatur Sipil Negara", "sehat, baik jasmani maupun rohani", "Berdisiplin", "ikatan kontrak",
    "pelatihan", "huruf latin", "berkomunikasi", "SMA", "berdomisili", "18 sampai dengan 50 tahun",
    "ponsel pintar", "kendaraan bermotor", "sensus atau survei BPS",
)  # fmt: skip
TOGETHER = "bekerja sama dan berkoordinasi"
JEPARA = Printed(
    "jepara", "BPS Kabupaten Jepara", "B-286/33200/KP.200/10/2023", "2023-10-31",
    ("Drs. MANGGUS SURYONO", "INA RUSMIYATI, SST., M.Si."),
    (("2023-10-31",), ("2023-11-01", "2023-11-30"), ("2023-11-01", "2023-12-08"),
     ("2023-11-01", "2023-12-08"), ("2023-11-01", "2023-12-08"), ("2023-12-15",)),
    (*COMMON, "penduduk lokal", TOGETHER), frozenset(range(8, 15)),
    ("jeparakab.bps.go.id", "BPS Jepara", "@bpsjepara", "mitra.bps.go.id"),
)  # fmt: skip
MAGETAN = Printed(
    "magetan", "BPS Kabupaten Magetan", "B-463/35200/HM.240/11/2023", "2023-11-01", ("Imam Sudarmaji",),
    (("2023-11-01",), ("2023-11-01", "2023-11-30"), ("2023-11-01", "2023-11-30"), (),
     ("2023-12-01", "2023-12-08"), ("2023-12-15",)),
    (*COMMON, TOGETHER), frozenset(range(8, 14)),
    ("magetankab.bps.go.id", "@bpsmagetan", "mitra.bps.go.id", "s.bps.go.id/tutorial-rekrutmen2024-3520",
     "s.bps.go.id/panduan-rekrutmen2024-3520 (PDF)", "s.bps.go.id/qna-rekrutmen2024-3520"),
)  # fmt: skip
NO_DATES = "Tanggalnya mengikuti sesi pilihan calon."


def later(today: date) -> timedelta:
    """Whole weeks after which both announcements came out one to two weeks ago, on their own weekdays."""
    return timedelta(weeks=(today - date.fromisoformat(JEPARA.dated)).days // 7 - 1)


def moved(slug: str, by: timedelta) -> dict[str, Any]:
    """An announcement with every date of its own later."""
    said = deepcopy(announced(slug))
    for one in (said["recruitment"], *said["phases"]):
        for name in ("document_date", "opens_on", "closes_on"):
            if one.get(name):
                one[name] = (date.fromisoformat(one[name]) + by).isoformat()
    return said


def forms(said: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Every section as it is typed, with the plan of a paper of 30 items."""
    found = sections(said)
    plan = [{"count": str(one["count"]), "topic": str(one["topic"]), "difficulty": ""} for one in BLUEPRINT]
    kept = {name: text for name, text in found["activities"].items() if not name.startswith("strata-")}
    return found | {"activities": kept | rows("strata", plan)}


def spoken(iso: str, by: timedelta) -> str:
    """As the page says a day."""
    return format_date(date.fromisoformat(iso) + by, "EEEE, d MMMM y", locale="id")


def when(days: tuple[str, ...], by: timedelta) -> str:
    """As the page says the days of a stage."""
    return " sampai ".join(spoken(day, by) for day in days) or NO_DATES
