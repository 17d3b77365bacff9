"""Pieces that stand where their format does not put them: behind the end, between questions, in fences."""

import time

import pytest
from bank_outcomes import Document, check, outcome

from question_bank.formats import Unreadable, load
from question_bank.formats.aiken_headings import without_headings
from question_bank.formats.aiken_key_list import keys_at_end
from question_bank.items import plain

RICE = "Apa bahan nasi?|*beras|jagung"
TOFU = "Apa bahan tahu?|gandum|*kedelai"


def _asked(stem: str, right: str, wrong: str) -> str:
    return (
        f'<question type="multichoice"><name><text>n</text></name><questiontext format="html">'
        f"<text><![CDATA[{stem}]]></text></questiontext><single>true</single>"
        f'<answer fraction="100"><text>{right}</text></answer>'
        f'<answer fraction="0"><text>{wrong}</text></answer></question>'
    )


ASKED = _asked("Apa bahan nasi?", "beras", "jagung")
OTHER = _asked("<nolink>Apa</nolink> bahan tahu?", "kedelai", "gandum")
LINKED = "Apa bahan tahu?|*kedelai|gandum"
INTERNAL = '<!DOCTYPE quiz SYSTEM "kuis.dtd" [<!ENTITY a "b">]>'

MOODLE = [
    Document("questions behind the end", f"<quiz>{ASKED}</quiz>{OTHER}", (RICE, LINKED)),
    Document("words behind the end", f"<quiz>{ASKED}</quiz>sisa", (RICE,), errors=("moodle_broken",)),
    Document(
        "the name of a grammar",
        f'<?xml version="1.0"?><!DOCTYPE quiz SYSTEM "kuis.dtd"><quiz>{ASKED}</quiz>',
        (RICE,),
    ),
    Document("a grammar with entities", f"{INTERNAL}<quiz>{ASKED}</quiz>", errors=("moodle_dtd",)),
    Document(
        "an entity in use",
        f"{INTERNAL}<quiz>{ASKED.replace('Apa', '&a;')}</quiz>",
        errors=("moodle_dtd",),
    ),
    Document("words that are not to be linked", f"<quiz>{OTHER}</quiz>", (LINKED,)),
]


@pytest.mark.parametrize("document", MOODLE, ids=lambda document: document.name)
def test_moodle(document: Document) -> None:
    check(document, "moodle_xml", "bank.xml")


def test_a_category_that_is_xml_of_its_own_says_its_name() -> None:
    said = "<infos><name>Pangan</name><niveau>X</niveau></infos>"
    category = f'<question type="category"><category><text><![CDATA[{said}]]></text></category></question>'
    (located,) = load("bank.xml", f"<quiz>{category}{ASKED}</quiz>".encode()).items
    assert located.item.topic == "Pangan"


def _declared(name: str, right: str) -> str:
    return (
        f'<responseDeclaration identifier="{name}" cardinality="single" baseType="identifier">'
        f"<correctResponse><value>{right}</value></correctResponse></responseDeclaration>"
    )


def _body(name: str, stem: str, *options: str) -> str:
    choices = "".join(
        f'<simpleChoice identifier="{letter}">{text}</simpleChoice>'
        for letter, text in zip("AB", options, strict=True)
    )
    return (
        f'<itemBody><p>{stem}</p><choiceInteraction responseIdentifier="{name}" maxChoices="1">{choices}'
        "</choiceInteraction></itemBody>"
    )


def _assessed(*parts: str) -> str:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" '
        f'adaptive="false" timeDependent="false">{"".join(parts)}</assessmentItem>'
    )


def test_two_bodies_in_one_item_are_two_questions() -> None:
    first = _declared("R0", "A") + _body("R0", "Apa bahan nasi?", "beras", "jagung")
    second = _body("R1", "Apa bahan tahu?", "gandum", "kedelai") + _declared("R1", "B")
    check(Document("", _assessed(first, second), (RICE, TOFU)), "qti", "bank.xml")


def test_two_bodies_with_one_answer_have_no_key_of_their_own() -> None:
    first = _body("R0", "Apa bahan nasi?", "beras", "jagung")
    second = _body("R0", "Apa bahan tahu?", "gandum", "kedelai")
    got = outcome("bank.xml", _assessed(_declared("R0", "A"), first, second).encode())
    assert (got.items, len(got.errors)) == ((), 2)


GIFT = [
    Document(
        "tags behind the answers", "::a:: Apa bahan nasi? {=beras ~jagung} [tags: pangan, padi]\n", (RICE,)
    ),
    Document(
        "words in brackets behind the answers",
        "::a:: Nasi dari {=beras ~jagung} [di dapur]\n",
        ("Nasi dari _____ [di dapur]|*beras|jagung",),
    ),
    Document(
        "an answer between fences",
        "Jelaskan padi. {\n~~~text\nPadi digiling = 1\n~~~\n}\n\nApa bahan nasi? {=beras ~jagung}\n",
        (RICE,),
        skipped=("skipped_essay",),
    ),
]


@pytest.mark.parametrize("document", GIFT, ids=lambda document: document.name)
def test_gift(document: Document) -> None:
    check(document, "gift", "bank.gift")


def test_the_general_feedback_may_stand_behind_the_brace() -> None:
    text = (
        "::a:: Apa bahan nasi? {\n=beras\n~jagung\n} #### Padi digiling {dulu}.\n\n"
        "::b:: Apa bahan tahu? {~gandum =kedelai ####Direbus.} ####\nLalu dicetak.\n"
    )
    assert outcome("bank.gift", text.encode()).items == (RICE, TOFU)
    told = [plain(located.item.explanation) for located in load("bank.gift", text.encode()).items]
    assert told[0] == "Padi digiling {dulu}."
    assert told[1].startswith("Direbus.")
    assert "Lalu dicetak." in told[1]


def test_the_braces_of_a_template_are_no_answers() -> None:
    text = "Nama peserta: {{ nama }} {# diisi petugas #}\n{% include 'kop' %}\n"
    with pytest.raises(Unreadable):
        load("surat.txt", text.encode())
    assert outcome("bank.txt", b"Berapa dua pangkat tiga? {#8}\n").skipped == ("skipped_numerical",)


OPTIONS = "A. beras\nB. jagung\nJawaban: A\n"

AIKEN = [
    Document(
        "headings and names in bold",
        f"### Bagian A: Pangan\n**Pilih satu jawaban.**\n\n**Soal 1 (C2):**\nApa bahan nasi?\n{OPTIONS}\n"
        "**Soal 2 (C4):**\nApa bahan tahu?\nA. gandum\nB. kedelai\nJawaban: B\n",
        (RICE, TOFU),
        warnings=("aiken_heading", "aiken_heading"),
    ),
    Document("a heading that asks", f"## Apa bahan nasi?\n{OPTIONS}", ("Apa bahan nasi?|*beras|jagung",)),
    Document("a heading with options below", f"## Bahan nasi\n{OPTIONS}", ("## Bahan nasi|*beras|jagung",)),
    Document("bold words that ask", f"**Apa bahan nasi**\n{OPTIONS}", ("**Apa bahan nasi**|*beras|jagung",)),
]


@pytest.mark.parametrize("document", AIKEN, ids=lambda document: document.name)
def test_aiken(document: Document) -> None:
    check(document, "aiken", "bank.txt")


def test_remarks_below_an_answer_are_no_part_of_the_next_stem() -> None:
    text = (
        f"Apa bahan nasi?\n{OPTIONS}TOPIC: Pangan\nEXPLANATION: Padi digiling.\n\n"
        "Apa bahan tahu?\nA. gandum\nB. kedelai\nJawaban: B\n[Kesulitan: mudah]\n"
    )
    assert outcome("bank.txt", text.encode()).items == (RICE, TOFU)
    first = load("bank.txt", text.encode()).items[0].item
    assert (first.topic, first.explanation) == ("Pangan", "Padi digiling.")


def test_rows_between_upright_bars_without_a_heading() -> None:
    text = "".join(
        f"{stem}|{right}|{wrong}|{other}|a\n"
        for stem, right, wrong, other in (
            ("Apa bahan nasi?", "beras", "jagung", "sagu"),
            ("Apa bahan tahu?", "kedelai", "gandum", "ubi"),
            ("Apa bahan roti?", "gandum", "beras", "kacang"),
            ("Apa bahan gula?", "tebu", "garam", "lada"),
        )
    )
    got = outcome("bank.txt", text.encode())
    assert [item.split("|")[1] for item in got.items] == ["*beras", "*kedelai", "*gandum", "*tebu"]
    assert not got.errors


@pytest.mark.parametrize("piece", ["# a\n", "1. B ", "1. B\n", "**", "** \n", "# ", "soal 1 (", "kunci "])
def test_the_time_grows_with_the_text(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    began = time.process_time()
    keys_at_end(text)
    without_headings(text)
    assert time.process_time() - began < 10
