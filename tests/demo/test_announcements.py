"""The demo announcements state what the offices announced: a table of facts, checked against the files."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "exam_server" / "demo" / "announcements"

TOP_KEYS = {
    "office", "detail", "recruitment", "signatories", "activities", "phases",
    "requirements", "steps", "rules", "channels", "questions",
}  # fmt: skip
OFFICE_KEYS = {"code", "slug", "name", "regency", "province", "zone", "kecamatan"}
RECRUITMENT_KEYS = {"year", "title", "document_number", "document_date", "place", "intro", "closing"}
Proof = Literal["profile", "ktp", "ijazah", "statement"]
Span = tuple[str | None, str | None]


@dataclass(frozen=True)
class Facts:
    """What one office announced, taken down by hand and never read from the file under test."""

    slug: str
    office: dict[str, str]
    kecamatan: int
    number: str
    dated: str
    signatories: list[str]
    requirements: int
    preferences: set[int]
    phases: dict[str, Span]
    channels: set[tuple[str, str | None]]
    handles: set[str]
    steps: int
    rules: int


JEPARA = Facts(
    slug="jepara",
    office={
        "code": "3320", "name": "BPS Kabupaten Jepara", "regency": "Kabupaten Jepara",
        "province": "Jawa Tengah", "zone": "Asia/Jakarta",
    },
    kecamatan=16,
    number="B-286/33200/KP.200/10/2023",
    dated="2023-10-31",
    signatories=["Drs. MANGGUS SURYONO", "INA RUSMIYATI, SST., M.Si."],
    requirements=15,
    preferences={8, 9, 10, 11, 12, 13, 14},
    phases={
        "announcement": ("2023-10-31", "2023-10-31"),
        "registration": ("2023-11-01", "2023-11-30"),
        "screening": ("2023-11-01", "2023-12-08"),
        "test": ("2023-11-01", "2023-12-08"),
        "final": ("2023-11-01", "2023-12-08"),
        "result": ("2023-12-15", "2023-12-15"),
    },
    channels={
        ("web", "https://jeparakab.bps.go.id"),
        ("facebook", None),
        ("instagram", None),
        ("portal", "https://mitra.bps.go.id"),
    },
    handles={"BPS Jepara", "@bpsjepara"},
    steps=5,
    rules=5,
)  # fmt: skip

MAGETAN = Facts(
    slug="magetan",
    office={
        "code": "3520", "name": "BPS Kabupaten Magetan", "regency": "Kabupaten Magetan",
        "province": "Jawa Timur", "zone": "Asia/Jakarta",
    },
    kecamatan=18,
    number="B-463/35200/HM.240/11/2023",
    dated="2023-11-01",
    signatories=["Imam Sudarmaji"],
    requirements=14,
    preferences={8, 9, 10, 11, 12, 13},
    phases={
        "announcement": ("2023-11-01", "2023-11-01"),
        "registration": ("2023-11-01", "2023-11-30"),
        "screening": ("2023-11-01", "2023-11-30"),
        "test": (None, None),
        "final": ("2023-12-01", "2023-12-08"),
        "result": ("2023-12-15", "2023-12-15"),
    },
    channels={
        ("web", "https://magetankab.bps.go.id"),
        ("instagram", None),
        ("portal", "https://mitra.bps.go.id"),
        ("guide", "https://s.bps.go.id/tutorial-rekrutmen2024-3520"),
        ("guide", "https://s.bps.go.id/panduan-rekrutmen2024-3520"),
        ("qna", "https://s.bps.go.id/qna-rekrutmen2024-3520"),
    },
    handles={"@bpsmagetan"},
    steps=9,
    rules=6,
)  # fmt: skip

both_offices = pytest.mark.parametrize("facts", [JEPARA, MAGETAN], ids=lambda facts: facts.slug)


def announcement(facts: Facts) -> dict[str, Any]:
    """The parsed file of one office."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{facts.slug}.json").read_text(encoding="utf-8"))
    return loaded


def bilingual(node: object) -> Iterator[dict[str, str]]:
    """Every object that carries a language key, however deep it lies."""
    if isinstance(node, dict):
        if {"id", "en"} & node.keys():
            yield node
        for child in node.values():
            yield from bilingual(child)
    elif isinstance(node, list):
        for child in node:
            yield from bilingual(child)


def expected_texts(data: dict[str, Any]) -> int:
    """How many bilingual texts the structure promises, counted from its lists."""
    once_each = ("signatories", "requirements", "steps", "rules")
    twice_each = ("phases", "questions")
    recruitment = 3  # title, intro, closing
    return (
        recruitment + sum(len(data[key]) for key in once_each) + 2 * sum(len(data[key]) for key in twice_each)
    )


@both_offices
def test_the_file_has_exactly_the_agreed_keys(facts: Facts) -> None:
    data = announcement(facts)
    assert data.keys() == TOP_KEYS
    assert data["office"].keys() == OFFICE_KEYS
    assert data["detail"].keys() == {"address", "phone", "email"}
    assert data["recruitment"].keys() == RECRUITMENT_KEYS
    assert {frozenset(row) for row in data["phases"]} == {
        frozenset({"kind", "title", "opens_on", "closes_on", "note"})
    }
    assert {frozenset(row) for row in data["requirements"]} == {frozenset({"kind", "text", "proof"})}
    assert {frozenset(row) for row in data["channels"]} == {frozenset({"kind", "label", "url"})}
    assert {frozenset(row) for row in data["questions"]} == {frozenset({"question", "answer"})}
    assert {frozenset(row) for row in data["signatories"]} == {frozenset({"title", "name"})}


@both_offices
def test_the_file_is_utf8_with_two_spaces_of_indent(facts: Facts) -> None:
    text = (FOLDER / f"{facts.slug}.json").read_text(encoding="utf-8")
    assert text == json.dumps(announcement(facts), ensure_ascii=False, indent=2) + "\n"


@both_offices
def test_the_office_is_the_announcing_office(facts: Facts) -> None:
    office = announcement(facts)["office"]
    assert {key: office[key] for key in facts.office} == facts.office
    assert office["slug"] == facts.slug


@both_offices
def test_the_kecamatan_are_complete_and_different(facts: Facts) -> None:
    names = announcement(facts)["office"]["kecamatan"]
    assert len(names) == len(set(names)) == facts.kecamatan


@both_offices
def test_the_document_has_its_number_date_and_place(facts: Facts) -> None:
    recruitment = announcement(facts)["recruitment"]
    assert recruitment["document_number"] == facts.number
    assert recruitment["document_date"] == facts.dated
    assert recruitment["place"] == facts.slug.capitalize()
    assert recruitment["year"] == 2024


@both_offices
def test_the_signatories_stand_in_the_order_of_the_document(facts: Facts) -> None:
    assert [person["name"] for person in announcement(facts)["signatories"]] == facts.signatories


@both_offices
def test_the_two_activities_have_their_announced_names(facts: Facts) -> None:
    assert announcement(facts)["activities"] == {
        "registration": {"name": "Rekrutmen Mitra BPS 2024-Pendaftaran"},
        "selection": {"name": "Rekrutmen Mitra 2024-seleksi"},
    }


@both_offices
def test_each_phase_has_its_announced_dates_in_order(facts: Facts) -> None:
    phases = announcement(facts)["phases"]
    assert [row["kind"] for row in phases] == list(facts.phases)
    assert {row["kind"]: (row["opens_on"], row["closes_on"]) for row in phases} == facts.phases


@both_offices
def test_no_phase_closes_before_it_opens(facts: Facts) -> None:
    dated = [row for row in announcement(facts)["phases"] if row["opens_on"] is not None]
    assert all(date.fromisoformat(row["opens_on"]) <= date.fromisoformat(row["closes_on"]) for row in dated)


@both_offices
def test_preferences_have_the_announced_numbers_and_the_rest_are_musts(facts: Facts) -> None:
    kinds = [row["kind"] for row in announcement(facts)["requirements"]]
    expected = ["preference" if n in facts.preferences else "must" for n in range(1, facts.requirements + 1)]
    assert kinds == expected


@both_offices
def test_a_preference_says_so_in_both_languages_and_a_must_does_not(facts: Facts) -> None:
    for row in announcement(facts)["requirements"]:
        preferred = row["kind"] == "preference"
        assert row["text"]["id"].startswith("Diutamakan") is preferred
        assert row["text"]["en"].startswith("Preferably") is preferred


@both_offices
def test_every_requirement_names_a_known_proof(facts: Facts) -> None:
    assert {row["proof"] for row in announcement(facts)["requirements"]} <= set(get_args(Proof))


def test_only_jepara_prefers_local_residents() -> None:
    preferences = [
        sum(r["kind"] == "preference" for r in announcement(f)["requirements"]) for f in (JEPARA, MAGETAN)
    ]
    assert preferences == [7, 6]
    assert "lokal" in announcement(JEPARA)["requirements"][13]["text"]["id"]


@both_offices
def test_the_channels_are_the_announced_ones(facts: Facts) -> None:
    channels = announcement(facts)["channels"]
    # A host name has no case and a bare slash no meaning: both spellings name the same place.
    found = [(row["kind"], row["url"] and row["url"].lower().rstrip("/")) for row in channels]
    assert len(found) == len(set(found))
    assert set(found) == facts.channels
    assert {row["label"] for row in channels if row["url"] is None} == facts.handles


@both_offices
def test_steps_rules_and_questions_are_complete(facts: Facts) -> None:
    data = announcement(facts)
    assert len(data["steps"]) == facts.steps
    assert len(data["rules"]) == facts.rules
    assert 8 <= len(data["questions"]) <= 10


@both_offices
def test_steps_name_the_activity_and_this_service_instead_of_the_outside_portal(facts: Facts) -> None:
    steps = [step["id"] for step in announcement(facts)["steps"]]
    assert any("“Rekrutmen Mitra BPS 2024-Pendaftaran”" in step for step in steps)
    assert any("layanan ini" in step for step in steps)
    assert not any(re.search(r"sobat|https?:", step, re.IGNORECASE) for step in steps)


@both_offices
def test_every_text_is_filled_in_both_languages(facts: Facts) -> None:
    data = announcement(facts)
    texts = list(bilingual(data))
    assert len(texts) == expected_texts(data)
    assert all(text.keys() == {"id", "en"} for text in texts)
    assert all(value == value.strip() != "" for text in texts for value in text.values())
    assert all(text["id"] != text["en"] for text in texts)


@both_offices
def test_no_text_raises_its_voice(facts: Facts) -> None:
    assert not any("!" in value for text in bilingual(announcement(facts)) for value in text.values())


def test_jepara_states_thirty_questions_in_sixty_minutes() -> None:
    note = next(row["note"] for row in announcement(JEPARA)["phases"] if row["kind"] == "test")
    assert re.findall(r"\d+", note["id"]) == re.findall(r"\d+", note["en"]) == ["30", "60"]


def test_only_magetan_announces_that_it_is_free_of_charge() -> None:
    says_free = [
        any("free of charge" in text["en"] for text in bilingual(announcement(facts)))
        for facts in (JEPARA, MAGETAN)
    ]
    assert says_free == [False, True]
