"""Fictive lives for the demo: for each number of an office the same plausible person, and nobody real."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

FIRST = (
    ("Ayu", "f"), ("Bagas", "m"), ("Citra", "f"), ("Dimas", "m"), ("Endah", "f"), ("Fajar", "m"),
    ("Gita", "f"), ("Hendra", "m"), ("Intan", "f"), ("Joko", "m"), ("Kartika", "f"), ("Lukman", "m"),
    ("Mega", "f"), ("Nanda", "m"), ("Oki", "m"), ("Putri", "f"), ("Qori", "f"), ("Rizal", "m"),
    ("Sekar", "f"), ("Tono", "m"), ("Umi", "f"), ("Vina", "f"), ("Wahyu", "m"), ("Yuli", "f"), ("Zaki", "m"),
)  # fmt: skip
LAST = ("Lestari", "Pratama", "Wulandari", "Saputra", "Rahayu", "Setiawan", "Anggraini", "Nugroho")
STREETS = ("Jalan Melati", "Jalan Kenanga", "Dusun Krajan", "Dusun Karanganyar", "Jalan Pemuda", "Gang Mawar")
MAJORS = {"sma": ("IPA", "IPS", "Akuntansi", "Teknik Komputer"),
          "d3": ("Manajemen Informatika", "Kebidanan", "Akuntansi"),
          "s1": ("Statistika", "Pendidikan Matematika", "Ekonomi", "Hukum", "Agribisnis")}  # fmt: skip
JOBS = ("self_employed", "employee", "homemaker", "student", "unemployed", "farmer", "other")
EXPERIENCES = ("Petugas pendata Sensus Pertanian 2023", "Petugas Regsosek 2022", "Petugas lapangan Susenas")
FEMALE = 40
"""What a NIK adds to a woman's day of birth."""


@dataclass(frozen=True)
class Life:
    """One fictive person: the columns of a profile under their own names, and the name."""

    name: str
    nik: str
    birth_place: str
    birth_date: date
    sex: str
    phone: str
    address: str
    kecamatan: str
    desa: str
    education: str
    major: str | None
    occupation: str
    devices: list[str]
    vehicles: list[str]
    experience: str | None


def name_of(number: int, slug: str) -> str:
    """The name of the person of that number at an office."""
    return f"{FIRST[number % len(FIRST)][0]} {LAST[(number * 7 + len(slug)) % len(LAST)]}"


def life_of(number: int, slug: str, code: str, kecamatan: list[str], regency: str) -> Life:
    """The same life at every call; its NIK carries the office's code, so that no two offices share one."""
    dice = random.Random(f"{slug}:{number}")  # noqa: S311 - lives of fictive people
    sex = FIRST[number % len(FIRST)][1]
    born = date(dice.randint(1978, 2004), dice.randint(1, 12), dice.randint(1, 28))
    home = dice.randrange(len(kecamatan))
    street, house = dice.choice(STREETS), dice.randint(1, 60)
    education = dice.choice(("sma", "sma", "d3", "s1", "s1"))
    return Life(
        name=name_of(number, slug), nik=_nik(code, home, born, sex, number), sex=sex, birth_date=born,
        birth_place=regency.removeprefix("Kabupaten "), phone=f"0812{number:08d}",
        address=f"{street} {house} RT {dice.randint(1, 6):02d} RW {dice.randint(1, 4):02d}",
        kecamatan=kecamatan[home], desa=kecamatan[home], education=education,
        major=dice.choice(MAJORS[education]), occupation=dice.choice(JOBS),
        devices=["smartphone", *(["computer"] if dice.random() < 0.5 else [])],
        vehicles=["motorcycle"] if dice.random() < 0.9 else [],
        experience=dice.choice(EXPERIENCES) if dice.random() < 0.4 else None,
    )  # fmt: skip


def _nik(code: str, home: int, born: date, sex: str, number: int) -> str:
    day = born.day + (FEMALE if sex == "f" else 0)
    return f"{code}{home + 1:02d}{day:02d}{born:%m%y}{number % 9_999 + 1:04d}"
