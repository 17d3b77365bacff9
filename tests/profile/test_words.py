"""How a profile is spoken: codes as words, dates written out, and sentences in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from exam_server.profile import shown, words
from exam_server.profile.entries import READERS, Place
from exam_server.profile.rules import (
    FIELDS,
    LABELS,
    STEPS,
    Facts,
    Said,
    Word,
    as_json,
    from_json,
    missing,
    spoken,
    step_of,
    told,
)
from tests.profile.samples import FULL


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("birth_date", date(1998, 5, 17), "17 Mei 1998"),
        ("birth_date", "1998-05-17", "17 Mei 1998"),
        ("sex", "f", "Perempuan"),
        ("devices", ["computer", "smartphone"], "Komputer atau laptop, Ponsel pintar"),
        ("vehicles", [], "tidak ada"),
        ("civil_servant", False, "Bukan ASN"),
        ("experienced", True, "Pernah"),
        ("nik", "3320", "3320"),
        ("phone", None, "belum diisi"),
        ("education", "unheard", "unheard"),
    ],
)
def test_a_value_is_spoken_as_people_read_it(name: str, value: Any, said: str) -> None:
    assert spoken(name, value) == said


def test_words_inside_a_sentence_are_translated_and_typed_text_is_not() -> None:
    said = Said(
        "{who} {place} {day}", {"who": Word("perempuan"), "place": "perempuan", "day": date(1998, 5, 17)}
    )
    assert told(said, _english) == "woman perempuan 17 May 1998"


def _english(text: str) -> str:
    return {"perempuan": "woman", "Mei": "May"}.get(text, text)


def test_every_field_stands_in_one_step_and_every_step_is_read() -> None:
    placed = [name for step in STEPS for name in step.fields if name != "office_id"]
    assert placed == [field.name for field in FIELDS]
    assert set(READERS) == {step.name for step in STEPS}
    assert step_of("ktp") is None


def test_every_coded_field_has_words() -> None:
    assert set(words.CODES) < set(LABELS)


def test_a_complete_profile_misses_nothing() -> None:
    assert missing(FULL) == []


@pytest.mark.parametrize("name", [field.name for field in FIELDS if field.name != "experience"])
def test_what_is_untold_is_missing(name: str) -> None:
    assert missing(Facts(**(FULL.__dict__ | {name: None}))) == (
        [name] if name != "education" else ["education"]
    )


def test_a_subject_and_a_story_are_missing_only_where_they_belong() -> None:
    assert missing(Facts(**(FULL.__dict__ | {"education": "smp", "major": None}))) == []
    assert missing(Facts(**(FULL.__dict__ | {"experienced": True}))) == ["experience"]


def test_facts_survive_being_kept_as_json() -> None:
    assert from_json(as_json(FULL)) == FULL
    assert from_json(as_json(FULL) | {"statements": [1]}) == FULL
    assert from_json({}) == Facts()


def test_a_profile_is_shown_as_it_would_be_typed() -> None:
    places = [Place(1, "jepara", "Kabupaten Jepara", ("Bangsri",))]
    by_name = {step.name: shown.as_typed(FULL, step, places) for step in STEPS}
    assert by_name["identity"]["birth_date"] == ["17-05-1998"]
    assert by_name["domicile"]["office_id"] == ["jepara"]
    assert by_name["work"]["civil_servant"] == ["no"]
    elsewhere = Facts(regency="Kabupaten Kudus")
    assert shown.as_typed(elsewhere, STEPS[1], places)["office_id"] == ["elsewhere"]
    assert shown.as_typed(Facts(), STEPS[1], places)["office_id"] == []


def test_the_way_leads_from_step_to_step() -> None:
    assert [one.complete for one in shown.progress(FULL)] == [True] * 4
    assert shown.first_incomplete(Facts(name="Budi")) == STEPS[0]
    assert shown.first_incomplete(FULL) is None
    assert [shown.after(step) for step in STEPS] == [*STEPS[1:], None]
