"""What a profile comes to for one office on one day: must-haves bar, preferences only warn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from exam_server.profile.rules import Facts, told
from exam_server.registration.rules import Where, bars, changed_documents, changed_fields, consistency
from tests.profile.samples import FULL

WIB = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 11, 4)
OFFICE = Where(1, "3320", "Kabupaten Jepara", ("Bangsri", "Keling"))


def found(**changed: Any) -> dict[str, tuple[str, str]]:
    """code -> (tone, what people read)"""
    facts = replace(FULL, **changed)
    return {one.code: (one.tone, told(one)) for one in consistency(facts, WIB, TODAY, OFFICE)}


def test_a_fitting_profile_has_nothing_to_warn_of() -> None:
    tones = {code: tone for code, (tone, _) in found(vehicles=["motorcycle"]).items()}
    assert set(tones.values()) == {"ok"}
    assert list(tones) == [
        "civil_servant",
        "nik",
        "nik_region",
        "age",
        "domicile",
        "education",
        "devices",
        "vehicles",
        "no_experience",
    ]


def test_an_empty_profile_says_nothing() -> None:
    assert consistency(Facts(), WIB, TODAY, OFFICE) == []


@pytest.mark.parametrize(
    ("born", "tone", "age"),
    [
        (date(2008, 11, 5), "warn", 17),
        (date(2008, 11, 4), "ok", 18),
        (date(1975, 11, 5), "ok", 50),
        (date(1975, 11, 4), "warn", 51),
    ],
)
def test_the_preferred_ages_hold_both_borders(born: date, tone: str, age: int) -> None:
    said = found(birth_date=born)["age"]
    assert said[0] == tone
    assert said[1].startswith(f"Usia {age} tahun pada 4 November 2026")


@pytest.mark.parametrize(
    "changed",
    [{"civil_servant": True}, {"occupation": "civil_servant_pns"}, {"occupation": "civil_servant_pppk"}],
)
def test_a_civil_servant_is_barred(changed: dict[str, Any]) -> None:
    tone, said = found(**changed)["civil_servant"]
    assert tone == "bad"
    assert said.startswith("ASN tidak dapat mendaftar")


@pytest.mark.parametrize("changed", [{"birth_date": date(1998, 5, 18)}, {"sex": "f"}])
def test_a_contradicted_nik_bars(changed: dict[str, Any]) -> None:
    facts = replace(FULL, **changed)
    assert [one.code for one in bars(consistency(facts, WIB, TODAY, OFFICE))] == ["nik"]


def test_a_nik_from_elsewhere_warns_only_beside_a_home_here() -> None:
    assert found(nik="3318011705980001")["nik_region"][0] == "warn"
    assert "nik_region" not in found(nik="3318011705980001", office_id=None, regency="Kabupaten Pati")


@pytest.mark.parametrize(
    ("changed", "tone"),
    [
        ({}, "ok"),
        ({"kecamatan": "Poncol"}, "warn"),
        ({"office_id": 2, "regency": "Kabupaten Magetan"}, "warn"),
        ({"office_id": None, "regency": "Kabupaten Kudus"}, "warn"),
    ],
)
def test_a_home_elsewhere_warns(changed: dict[str, Any], tone: str) -> None:
    assert found(**changed)["domicile"][0] == tone


@pytest.mark.parametrize(
    ("education", "tone"), [("sd", "warn"), ("smp", "warn"), ("sma", "ok"), ("s3", "ok")]
)
def test_schools_below_sma_warn(education: str, tone: str) -> None:
    assert found(education=education)["education"][0] == tone


def test_owning_nothing_warns_and_no_experience_does_not() -> None:
    assert found(devices=[])["devices"][0] == "warn"
    assert found(vehicles=[])["vehicles"][0] == "warn"
    assert found(experienced=False)["no_experience"][0] == "ok"
    assert found(experienced=True)["experience"][0] == "ok"
    assert (
        found(devices=["computer", "tablet"])["devices"][1]
        == "Mempunyai perangkat: Komputer atau laptop, Tablet."
    )


def test_changes_are_named_in_the_order_of_the_profile() -> None:
    before, after = {"nik": "1", "name": "A", "desa": None}, {"nik": "2", "name": "B", "desa": None}
    assert changed_fields(before, after) == ["name", "nik"]
    assert changed_documents({"ktp": 1, "photo": 2}, {"ktp": 1, "photo": 3, "ijazah": 4}) == [
        "photo",
        "ijazah",
    ]
