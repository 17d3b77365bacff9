"""What a profile consists of, in which steps it is filled in, and what is still missing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from exam_server.errors import N_
from exam_server.profile.words import Said, Word, spoken, told

__all__ = ["FIELDS", "LABELS", "STEPS", "Facts", "Field", "Said", "Step", "Word", "as_json", "from_json",
           "missing", "spoken", "step_of", "told"]  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a candidate told; None is untold.

    `name` is the account's; `regency` is a name in words, also when `office_id` says whose regency it is.
    """

    name: str | None = None
    nik: str | None = None
    birth_place: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    phone: str | None = None
    address: str | None = None
    office_id: int | None = None
    regency: str | None = None
    kecamatan: str | None = None
    desa: str | None = None
    education: str | None = None
    major: str | None = None
    occupation: str | None = None
    civil_servant: bool | None = None
    devices: list[Any] | None = None
    vehicles: list[Any] | None = None
    experienced: bool | None = None
    experience: str | None = None


@dataclass(frozen=True)
class Field:
    """One field as people meet it; `document` is the kind of file that proves it."""

    name: str
    label: str
    document: str | None = None


@dataclass(frozen=True)
class Step:
    """One page of the profile, and the fields that it may change: no other."""

    name: str
    title: str
    fields: tuple[str, ...]


FIELDS = (
    Field("name", N_("Nama sesuai KTP"), "ktp"),
    Field("nik", N_("NIK"), "ktp"),
    Field("birth_place", N_("Tempat lahir"), "ktp"),
    Field("birth_date", N_("Tanggal lahir"), "ktp"),
    Field("sex", N_("Jenis kelamin"), "ktp"),
    Field("phone", N_("Nomor ponsel")),
    Field("address", N_("Alamat tempat tinggal"), "ktp"),
    Field("regency", N_("Kabupaten atau kota"), "ktp"),
    Field("kecamatan", N_("Kecamatan"), "ktp"),
    Field("desa", N_("Desa atau kelurahan"), "ktp"),
    Field("education", N_("Pendidikan terakhir"), "ijazah"),
    Field("major", N_("Jurusan"), "ijazah"),
    Field("occupation", N_("Pekerjaan"), "ktp"),
    Field("civil_servant", N_("Status ASN"), "ktp"),
    Field("devices", N_("Perangkat yang dimiliki")),
    Field("vehicles", N_("Kendaraan bermotor yang dimiliki")),
    Field("experienced", N_("Pengalaman sensus atau survei BPS")),
    Field("experience", N_("Uraian pengalaman")),
)
LABELS = {field.name: field.label for field in FIELDS}

STEPS = (
    Step("identity", N_("Identitas"), ("name", "nik", "birth_place", "birth_date", "sex")),
    Step("domicile", N_("Kontak dan domisili"),
         ("phone", "address", "office_id", "regency", "kecamatan", "desa")),
    Step("work", N_("Pendidikan dan pekerjaan"), ("education", "major", "occupation", "civil_servant")),
    Step("means", N_("Perangkat, kendaraan, dan pengalaman"),
         ("devices", "vehicles", "experienced", "experience")),
)  # fmt: skip

WITHOUT_MAJOR = ("sd", "smp")
CIVIL_SERVANTS = ("civil_servant_pns", "civil_servant_pppk")
"""Occupations that are ASN."""


def missing(facts: Facts) -> list[str]:
    """Names of the fields that an application needs and that are untold, in the order of FIELDS."""
    told_not = [field.name for field in FIELDS if getattr(facts, field.name) in (None, "")]
    return [name for name in told_not if name not in _spared(facts)]


def _spared(facts: Facts) -> set[str]:
    """Fields that this person need not fill in."""
    spared = set()
    if facts.education in (None, *WITHOUT_MAJOR):
        spared.add("major")
    if not facts.experienced:
        spared.add("experience")
    return spared


def step_of(name: str) -> Step | None:
    """The step in which a field is filled in; nothing for what is no field (a document)."""
    return next((step for step in STEPS if name in step.fields), None)


def as_json(facts: Facts) -> dict[str, Any]:
    """The facts as a version of an application keeps them: dates as ISO text."""
    return asdict(facts) | {"birth_date": facts.birth_date.isoformat() if facts.birth_date else None}


def from_json(data: dict[str, Any]) -> Facts:
    """The facts of a version; names it does not know are left out."""
    known = {field.name: data.get(field.name) for field in fields(Facts)}
    born = known["birth_date"]
    return Facts(**(known | {"birth_date": date.fromisoformat(born) if born else None}))
