"""A complete profile, and what a person types into each step to get one."""

from __future__ import annotations

from datetime import date
from typing import Any

from exam_server.profile.entries import Place
from exam_server.profile.rules import Facts

TODAY = date(2026, 11, 4)
JEPARA = Place(7, "jepara", "Kabupaten Jepara", ("Bangsri", "Keling"))
NIK = "3320011705980001"
IDENTITY = {
    "name": "Budi Santoso",
    "nik": NIK,
    "birth_place": "Jepara",
    "birth_date": "17-05-1998",
    "sex": "m",
}
DOMICILE = {
    "phone": "081234567890",
    "address": "Jalan Kartini 1",
    "office_id": "jepara",
    "kecamatan": "Bangsri",
    "desa": "Wedelan",
}
WORK = {"education": "sma", "major": "IPA", "occupation": "farmer", "civil_servant": "no"}
MEANS = {"devices": ["smartphone", "computer"], "vehicles": [], "experienced": "no"}
GOOD: dict[str, dict[str, Any]] = {"identity": IDENTITY, "domicile": DOMICILE, "work": WORK, "means": MEANS}

FULL = Facts(
    name="Budi",
    nik="3320011705980001",
    birth_place="Jepara",
    birth_date=date(1998, 5, 17),
    sex="m",
    phone="081234567890",
    address="Jalan 1",
    office_id=1,
    regency="Kabupaten Jepara",
    kecamatan="Bangsri",
    desa="Wedelan",
    education="sma",
    major="IPA",
    occupation="farmer",
    civil_servant=False,
    devices=["smartphone"],
    vehicles=[],
    experienced=False,
    experience=None,
)
