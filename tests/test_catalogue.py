"""Both catalogues say all that code and templates say, and nothing else; an English page is English."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from exam_server.language import CATALOGUES, LANGUAGES, catalogue, say
from tests.client import Client
from tests.factories import (
    add_accepted,
    add_applicant,
    add_booked,
    add_official,
    add_running,
    add_scene,
    assign,
)

ROOT = CATALOGUES.parents[1]
HOLES = re.compile(r"%\(\w+\)s|\{\w+\}")
INDONESIAN = re.compile(
    r"\b(anda|belum|dan|dari|jawaban|kantor|keluar|lihat|masuk|menunggu|pada|sampai|sudah|tersimpan|tes|tidak|"
    r"untuk|waktu|yang)\b", re.IGNORECASE)  # fmt: skip


@cache
def marked() -> dict[Any, str]:
    """Every sentence that code and templates mark today (with a plural: a tuple) -> the file it stands in."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options)
    return {sentence: where for where, _, sentence, _, _ in found}


def messages(language: str) -> dict[Any, Message]:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        told: Catalog = read_po(file, language)
    assert not told.obsolete, f"make catalogue: {list(told.obsolete)}"
    return {message.id: message for message in told if message.id}


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_what_is_marked(language: str) -> None:
    said = messages(language)
    assert {one: where for one, where in marked().items() if one not in said} == {}, "make catalogue"
    assert sorted(map(str, said.keys() - marked().keys())) == [], "make catalogue"


def test_every_kind_of_place_is_searched() -> None:
    places = {Path(where).parts[0] for where in marked().values()}
    assert places == {"exam_server", "question_bank", "templates"}
    assert any(len(one) > 150 for one in marked()), "a sentence over several lines of code is one sentence"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language: str) -> None:
    empty = [one for one, message in messages(language).items() if not all(forms(message.string))]
    assert empty == []
    assert [one for one, message in messages(language).items() if message.fuzzy] == []


def test_indonesian_is_said_as_it_is_written() -> None:
    said = {forms(one)[-1]: forms(message.string)[-1] for one, message in messages("id").items()}
    assert [one for one, text in said.items() if text != one] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    """A name that is lost or misspelt would fail only on the day somebody sees that sentence."""
    for one, message in messages(language).items():
        wanted = Counter(HOLES.findall(forms(one)[-1]))
        assert [text for text in forms(message.string) if Counter(HOLES.findall(text)) != wanted] == []
        assert list(message.check()) == []


def test_the_compiled_catalogue_is_the_one_that_is_written() -> None:
    said = messages("en")
    assert catalogue("en").info()["language"] == "en", "make compiles the catalogues"
    assert [one for one in said if isinstance(one, str) and say(one, "en") != said[one].string] == []


def english(client: Client, path: str) -> str:
    client.set_cookie("language", "en")
    page = client.get(path, follow_redirects=True)
    assert page.status_code < 500
    # a letter's subject is quoted as it was sent, whatever the page's language is today
    return re.sub(r'<p class="soft letter">.*?</p>', "", page.get_data(as_text=True))


@pytest.mark.parametrize("path", ["/", "/login", "/offices/jepara", "/nowhere", "/status"])
def test_a_strangers_page_is_english_when_asked_for(client: Client, path: str) -> None:
    add_scene(client.house.db)
    page = english(client, path)
    assert '<html lang="en"' in page
    assert INDONESIAN.findall(page) == []


@pytest.mark.parametrize("path", ["/status", "/choose", "/exam", "/booking"])
@pytest.mark.parametrize("stage", [add_applicant, add_accepted, add_booked, add_running])
def test_a_candidates_page_is_english_when_asked_for(client: Client, path: str, stage: Any) -> None:
    person = stage(client.house.db, add_scene(client.house.db))
    client.sign_in(getattr(person, "candidate_id", None) or person.id)
    page = english(client, path)
    assert '<html lang="en"' in page
    assert INDONESIAN.findall(page) == []


def test_the_board_is_english_when_asked_for(client: Client) -> None:
    scene = add_scene(client.house.db)
    official = add_official(client.house.db, "proctor", scene.office)
    client.sign_in(official.id)
    pages = english(client, "/board")
    assign(client.house.db, scene.sitting.id, official.id)
    pages += english(client, "/board") + english(client, f"/board/{scene.selection.public_id}")
    assert "Not found" not in pages
    assert INDONESIAN.findall(pages) == []
