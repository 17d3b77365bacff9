import ast
import re
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest
from bank_samples import XSS, active_markup, codes, few, items, items_of
from hypothesis import given
from hypothesis import strategies as st

import question_bank
from question_bank import formats
from question_bank.formats import (
    FORMATS,
    MAX_BYTES,
    WRITERS,
    AmbiguousFormat,
    Loaded,
    UnknownFormat,
    Unreadable,
    detect,
    dump,
    load,
)
from question_bank.problems import SENTENCES, WARNINGS, sentence

CSV = b"soal,a,b,kunci\nSatu?,x,y,a\n"
GIFT = b"Satu? {=x ~y}\n"
READER = {"qti30": "qti"}  # one reader knows all versions of QTI
SOURCES = sorted(Path(question_bank.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("bank.csv", CSV, "csv"),
        ("BANK.CSV", CSV, "csv"),
        ("bank.tsv", CSV.replace(b",", b"\t"), "csv"),
        ("bank.txt", CSV, "csv"),
        ("bank", CSV, "csv"),
        ("bank.csv", b"foo,bar\n1,2\n", "csv"),
        ("bank.gift", GIFT, "gift"),
        ("bank.txt", GIFT, "gift"),
        ("bank", GIFT, "gift"),
        ("bank.txt", b"::J:: Benar? {TRUE}", "gift"),
        ("bank.txt", b"$CATEGORY: a\n\nTeks", "gift"),
        ("bank.csv", b'soal,a,b,kunci\n"A = {=x ~y}",x,y,a\n', "csv"),
        ("bank.gift", b"hanya teks", "gift"),
    ],
)
def test_the_format_is_recognised(name, data, expected):
    assert detect(name, data) == expected


@pytest.mark.parametrize(
    "data", [b"hanya teks biasa", b"<?xml version='1.0'?><kuis></kuis>", b"{\\rtf1 abc}"]
)
def test_a_file_that_no_format_recognises_is_refused(data):
    with pytest.raises(UnknownFormat) as refused:
        load("catatan.txt", data)
    assert refused.value.problem.params == {"name": "catatan.txt", "formats": ", ".join(FORMATS)}


def test_a_file_that_two_formats_recognise_is_refused_until_one_is_named():
    both = b"soal,a,b,kunci\n::J:: Satu? {=x ~y},x,y,a\n"
    with pytest.raises(AmbiguousFormat) as refused:
        load("bank.txt", both)
    assert refused.value.problem.params["formats"] == "csv, gift"
    assert load("bank.txt", both, "csv").format == "csv"


def test_a_format_that_does_not_exist_is_refused():
    with pytest.raises(UnknownFormat):
        load("bank.csv", CSV, "docx")


@pytest.mark.parametrize("name", ["bank.csv", "bank.gift", "bank.bin", "bank"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\t\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"soal,a\x00,b", "file_not_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x01", "file_not_text"),
        (b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)), "zip_damaged"),
        (b"\xff\xfea", "file_not_text"),
        (b"\x81\x8d\x8f", "file_not_text"),
        (b"\xff\xd8\xff\xe0\x01\x02jfif", "file_not_text"),
        (b"a" * (MAX_BYTES + 1), "file_too_large"),
    ],
    ids=lambda value: value[:8].hex() if isinstance(value, bytes) else value,
)
def test_a_file_that_is_no_text_is_refused_with_its_reason(name, data, code):
    with pytest.raises(Unreadable) as refused:
        load(name, data)
    assert refused.value.problem.code == code
    assert str(refused.value) == sentence(refused.value.problem)


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_reason_is_the_same_when_the_format_is_named(format_name):
    with pytest.raises(Unreadable) as refused:
        load("bank", b"\x00", format_name)
    assert refused.value.problem.code == "file_not_text"


def test_windows_text_is_read_with_a_warning_and_utf_16_without():
    text = "soal,a,b,kunci\nMéja “besar”?,x,y,a\n"
    guessed, marked = load("b.csv", text.encode("cp1252")), load("b.csv", text.encode("utf-16"))
    assert codes(guessed.warnings) == ["encoding_guessed"]
    assert codes(marked.warnings) == []
    assert items_of(guessed) == items_of(marked) == items_of(load("b.csv", text.encode("utf-8-sig")))


def read_or_refusal(data, format_name):
    try:
        return load("x", data, format_name)
    except Unreadable as refused:
        return Loaded(format_name, (), (), (), (refused.problem,))


@pytest.mark.parametrize("format_name", FORMATS)
@few
@given(
    data=st.one_of(
        st.binary(max_size=300), st.text(alphabet='{}=~#:\\/%T\n ",;abAB$<>[]', max_size=200).map(str.encode)
    )
)
def test_no_bytes_make_a_format_fail_in_another_way(format_name, data):
    for head in (b"", b"soal,a,b,kunci\n", b"::J:: "):
        loaded = read_or_refusal(head + data, format_name)
        problems = loaded.errors + loaded.warnings + loaded.skipped
        assert all(sentence(problem) for problem in problems)
        assert loaded.items or loaded.errors or loaded.skipped
        assert not any(problem.is_warning for problem in loaded.errors)


HOSTILE = {
    "long line": b"a" * 1_000_000,
    "deep braces": b"soal " + b"{" * 500_000,
    "closed braces": b"{}" * 500_000,
    "many questions": b"x {=a ~b}\n\n" * 15_000,
    "many paragraphs in an open brace": b"x {=a\n\n" + b"~b\n\n" * 200_000,
    "many answers": b"x {" + b"~a" * 300_000 + b"}",
    "many weights": b"x {=a " + b"~%50%" * 100_000 + b"}",
    "backslashes": b"x {=a ~b} " + b"\\" * 1_000_000,
    "hash marks": b"x {=a" + b"#" * 500_000 + b"}",
    "quotes": b'soal,a,b,kunci\n"' + b'"' * 1_000_000,
    "open quotes": b"soal,a,b,kunci\n" + b'x,"y\n' * 100_000,
    "delimiters": b"soal,a,b,kunci\n" + b"," * 1_000_000,
    "a long cell": b"soal,a,b,kunci\n" + b"x" * 1_000_000 + b",a,b,a",
    "tags": b"soal,a,b,kunci\n" + b"<b " * 300_000 + b",a,b,a",
    "comments": b"//\n" * 300_000 + b"x",
    "wide header": b"soal,a,b,kunci," + b"x," * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_answered_in_good_time(format_name, kind):
    start = time.process_time()
    loaded = read_or_refusal(HOSTILE[kind], format_name)
    assert loaded.errors or loaded.skipped or loaded.items
    assert time.process_time() - start < 8


MOODLE = (
    b"<question type='multichoice'><questiontext><text>%s</text></questiontext><answer fraction='100'>"
    b"<text>x</text></answer><answer fraction='0'><text>y</text></answer></question>"
)
THREE = {
    "csv": ("rows", CSV + b"Dua?,x,y,b\nTiga?,x,y,a\n"),
    "gift": ("gift", b"A {=x ~y}\n\nB {=x ~y}\n\nC {=x ~y}"),
    "aiken": ("aiken", b"".join(b"%s?\nA. x\nB. y\nANSWER: B\n\n" % letter for letter in (b"P", b"Q", b"R"))),
    "moodle_xml": (
        "moodle_xml",
        b"<quiz>%s</quiz>" % b"".join(MOODLE % letter for letter in (b"P", b"Q", b"R")),
    ),
}


@pytest.mark.parametrize("format_name", THREE)
def test_a_file_with_too_many_items_says_so(format_name, monkeypatch):
    module, data = THREE[format_name]
    monkeypatch.setattr(f"question_bank.formats.{module}.MAX_ITEMS", 2)
    loaded = load("x", data, format_name)
    assert (len(loaded.items), codes(loaded.errors)) == (2, ["too_many"])


@pytest.mark.parametrize("attack", XSS)
def test_no_attack_passes_through_any_format(attack):
    raw = attack.replace("\x00", "")
    quoted = raw.replace('"', '""')
    escaped = re.sub(r"([~=#{}:\\])", r"\\\1", raw)
    table = f'soal,a,b,kunci,pembahasan\n"s {quoted}","o {quoted}",b,a,"e {quoted}"\n'
    gift = "".join(
        f"{mark}s {escaped} {{=o {escaped} ~b####e {escaped}}}\n\n"
        for mark in ("", "[html]", "[plain]", "[markdown]", "[moodle]")
    )
    found = items_of(load("x.csv", table.encode())) + items_of(load("x.gift", gift.encode()))
    assert len(found) == 6
    for item in found:
        assert [active_markup(text) for text in (item.stem, *item.options, item.explanation)] == [[]] * 4


def test_equal_items_and_codes_are_warned_about_with_both_places():
    loaded = load("x.csv", b"kode,soal,a,b,kunci\nK1,Satu?,x,y,a\nK2,satu?,Y,X,b\nK1,Dua?,x,y,a\n")
    assert [(p.where, p.code, p.params["first"]) for p in loaded.warnings] == [
        ("baris 3", "item_doubled", "baris 2"),
        ("baris 4", "code_doubled", "baris 2"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("format_name", WRITERS)
@few
@given(kept=st.lists(items(), min_size=1, max_size=4))
def test_what_a_format_writes_it_recognises_and_reads_without_errors(format_name, kept):
    data = dump(kept, format_name)
    assert detect(f"bank.{format_name}", data) == READER.get(format_name, format_name)
    loaded = load(f"bank.{format_name}", data)
    assert (len(loaded.items), loaded.errors, loaded.skipped) == (len(kept), (), ())


def _problem_codes(tree: ast.AST) -> set[str]:
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return texts & SENTENCES.keys()


def test_every_sentence_has_a_place_that_uses_it():
    users = [source for source in SOURCES if source.parent.name != "words"]
    used = set().union(*(_problem_codes(ast.parse(source.read_text())) for source in users))
    assert used == SENTENCES.keys()


def test_no_problem_has_two_sentences():
    words = [
        import_module(f"question_bank.words.{source.stem}")
        for source in SOURCES
        if source.parent.name == "words"
    ]
    codes_of_all = [code for module in words for code in getattr(module, "SENTENCES", {})]
    assert sorted(codes_of_all) == sorted(SENTENCES)
    assert frozenset().union(*(getattr(module, "WARNINGS", ()) for module in words)) == WARNINGS


def test_the_library_imports_only_the_standard_library_and_three_readers():
    imported = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    assert imported - sys.stdlib_module_names <= {"question_bank", "nh3", "defusedxml", "openpyxl"}
    assert imported.isdisjoint({"random", "time", "datetime", "socket", "urllib", "os", "pickle", "secrets"})
    assert formats.FORMATS.keys() >= {READER.get(name, name) for name in formats.WRITERS}
