"""What an application says about its sender, measured against the requirements, before anybody sends it.

Must-haves bar, preferences only warn: who meets fewer of them may still apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from exam_server.errors import N_
from exam_server.profile import nik as niks
from exam_server.profile.cleaning import years_between
from exam_server.profile.rules import CIVIL_SERVANTS, FIELDS, Facts, Said
from exam_server.profile.words import CODES, Word

Tone = Literal["ok", "warn", "bad"]

PREFERRED_AGES = (18, 50)
"""Years, both included."""

BELOW_SMA = ("sd", "smp")
KINDS = ("ktp", "photo", "ijazah")
"""The files without which nobody applies, in the order in which they are asked for."""


@dataclass(frozen=True)
class Where:
    """The office applied to, as far as the findings need it; `code` is its regency's number."""

    id: int
    code: str
    regency: str
    kecamatan: tuple[str, ...]


@dataclass(frozen=True)
class Finding(Said):
    """One thing worth knowing: `bad` bars, `warn` is a preference that is not met, `ok` is met or neutral."""

    code: str = ""
    tone: Tone = "ok"


AGE_PREFERRED = N_("Usia {age} tahun pada {day}; yang diutamakan 18 sampai 50 tahun.")
AGE_OUTSIDE = N_(
    "Usia {age} tahun pada {day}, di luar yang diutamakan (18 sampai 50 tahun). Tetap dapat mendaftar."
)
LIVES_HERE = N_("Berdomisili di {regency}, Kecamatan {kecamatan}.")
LIVES_ELSEWHERE = N_(
    "Berdomisili di {regency}, bukan di {wanted}. Penduduk setempat diutamakan; tetap dapat mendaftar."
)
KECAMATAN_UNKNOWN = N_("Kecamatan {kecamatan} tidak ada pada daftar {wanted}. Periksa data domisili.")
IS_ASN = N_("ASN tidak dapat mendaftar: data Anda menyebut status ASN ({occupation}).")
NO_ASN = N_("Tidak berstatus ASN.")
NIK_AGREES = N_("NIK sesuai dengan tanggal lahir dan jenis kelamin.")
NIK_DIFFERS = N_("NIK tidak sesuai dengan tanggal lahir atau jenis kelamin; periksa bagian Identitas.")
NIK_FROM_HERE = N_("Kode wilayah NIK sesuai dengan {wanted}.")
NIK_FROM_ELSEWHERE = N_("NIK diterbitkan di wilayah lain ({region}), sedangkan domisili di {regency}. "
                        "Ini wajar bagi yang pindah; kantor mencocokkannya dengan KTP.")  # fmt: skip
SCHOOL_ENOUGH = N_("Pendidikan {education}; yang diutamakan sekurang-kurangnya SMA atau sederajat.")
SCHOOL_BELOW = N_("Pendidikan {education}; SMA atau sederajat diutamakan. Tetap dapat mendaftar.")
DEVICE = N_("Mempunyai perangkat: {devices}.")
NO_DEVICE = N_(
    "Tidak mempunyai komputer, tablet, atau ponsel pintar, padahal diutamakan. Tetap dapat mendaftar."
)
VEHICLE = N_("Mempunyai kendaraan bermotor: {vehicles}.")
NO_VEHICLE = N_("Tidak mempunyai kendaraan bermotor, padahal diutamakan. Tetap dapat mendaftar.")
EXPERIENCED = N_("Pernah ikut sensus atau survei BPS.")
NOT_EXPERIENCED = N_("Belum pernah ikut sensus atau survei BPS.")


def consistency(facts: Facts, zone: ZoneInfo, on_day: date, office: Where) -> list[Finding]:
    """What a complete profile comes to on that day of the office's zone; what is untold says nothing."""
    found: list[Finding] = []
    found += _servant(facts)
    found += _number(facts, on_day, office)
    found += _age(facts, on_day)
    found += _home(facts, office)
    found += _school(facts)
    found += _means(facts)
    return found


def bars(findings: list[Finding]) -> list[Finding]:
    """Those that do not let the application through."""
    return [one for one in findings if one.tone == "bad"]


def _servant(facts: Facts) -> list[Finding]:
    if facts.civil_servant or facts.occupation in CIVIL_SERVANTS:
        occupation = Word(CODES["occupation"].get(facts.occupation or "", "ASN"))
        return [_finding("civil_servant", "bad", IS_ASN, occupation=occupation)]
    return [] if facts.civil_servant is None else [_finding("civil_servant", "ok", NO_ASN)]


def _number(facts: Facts, on_day: date, office: Where) -> list[Finding]:
    nik = niks.parse(facts.nik) if facts.nik else None
    if not isinstance(nik, niks.Nik) or facts.birth_date is None or facts.sex is None:
        return []
    clash = niks.contradiction(nik, facts.birth_date, facts.sex, on_day)
    agrees = _finding("nik", "bad", NIK_DIFFERS) if clash else _finding("nik", "ok", NIK_AGREES)
    if facts.office_id == office.id and nik.regency == office.code:
        return [agrees, _finding("nik_region", "ok", NIK_FROM_HERE, wanted=office.regency)]
    if facts.office_id == office.id:
        return [agrees, _finding("nik_region", "warn", NIK_FROM_ELSEWHERE, region=nik.regency,
                                 regency=facts.regency or office.regency)]  # fmt: skip
    return [agrees]


def _age(facts: Facts, on_day: date) -> list[Finding]:
    if facts.birth_date is None:
        return []
    age, (youngest, oldest) = years_between(facts.birth_date, on_day), PREFERRED_AGES
    if youngest <= age <= oldest:
        return [_finding("age", "ok", AGE_PREFERRED, age=age, day=on_day)]
    return [_finding("age", "warn", AGE_OUTSIDE, age=age, day=on_day)]


def _home(facts: Facts, office: Where) -> list[Finding]:
    if not facts.regency:
        return []
    names = {"regency": facts.regency, "kecamatan": facts.kecamatan or "", "wanted": office.regency}
    if facts.office_id != office.id:
        return [_finding("domicile", "warn", LIVES_ELSEWHERE, **names)]
    if facts.kecamatan not in office.kecamatan:
        return [_finding("domicile", "warn", KECAMATAN_UNKNOWN, **names)]
    return [_finding("domicile", "ok", LIVES_HERE, **names)]


def _school(facts: Facts) -> list[Finding]:
    if facts.education is None:
        return []
    word = Word(CODES["education"].get(facts.education, facts.education))
    if facts.education in BELOW_SMA:
        return [_finding("education", "warn", SCHOOL_BELOW, education=word)]
    return [_finding("education", "ok", SCHOOL_ENOUGH, education=word)]


def _means(facts: Facts) -> list[Finding]:
    found = []
    if facts.devices is not None:
        found.append(_owned("devices", facts.devices, DEVICE, NO_DEVICE))
    if facts.vehicles is not None:
        found.append(_owned("vehicles", facts.vehicles, VEHICLE, NO_VEHICLE))
    if facts.experienced is not None:
        said = ("experience", EXPERIENCED) if facts.experienced else ("no_experience", NOT_EXPERIENCED)
        found.append(_finding(said[0], "ok", said[1]))
    return found


def _owned(name: str, codes: list[Any], some: str, none: str) -> Finding:
    if not codes:
        return _finding(name, "warn", none)
    return _finding(name, "ok", some, **{name: [Word(CODES[name].get(code, code)) for code in codes]})


def _finding(code: str, tone: Tone, sentence: str, **params: object) -> Finding:
    return Finding(sentence, params, code, tone)


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of the fields whose value differs between two versions' data, in the order of FIELDS."""
    names = [field.name for field in FIELDS]
    return [name for name in names if before.get(name) != after.get(name)]


def changed_documents(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Kinds whose file is another one than before."""
    return [kind for kind in KINDS if before.get(kind) != after.get(kind)]
