"""Every act that the code records has a sentence, and a sentence says what its row holds."""

from __future__ import annotations

import string

import pytest

from exam_server.trail import words
from exam_server.trail.rules import safe
from tests.law_checks import Source
from tests.laws import sources
from tests.trail.acts import Code, Unreadable

PRODUCT = r"exam_server/(?!migrations/).*\.py"


def test_every_act_that_the_code_records_has_a_sentence() -> None:
    acts = Code(tuple(sources(PRODUCT))).acts()
    assert {"booking.chosen", "approval.granted", "screening.rejected", "screening.unchecked"} <= acts
    assert acts - set(words.SENTENCES) == set(), "write a sentence for it in trail/words.py"


def read(text: str) -> set[str]:
    return Code((Source("exam_server/x/service.py", text),)).acts()


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ('def f(tx):\n    audit.record(tx, act="a.b")\n', {"a.b"}),
        ('def f(tx, x):\n    audit.record(tx, act="a.b" if x else "a.c")\n', {"a.b", "a.c"}),
        ('ACT = "a.b"\ndef f(tx):\n    audit.record(tx, act=ACT)\n', {"a.b"}),
        (
            'def f(tx, x):\n    word = "b" if x else "c"\n    audit.record(tx, act=f"a.{word}")\n',
            {"a.b", "a.c"},
        ),
        (
            "def _keep(tx, how):\n    audit.record(tx, act=f'a.{how}')\n"
            'def f(tx):\n    _keep(tx, "b")\ndef g(tx):\n    _keep(tx, how="c")\n',
            {"a.b", "a.c"},
        ),
    ],
)
def test_an_act_is_read_however_it_is_put_together(text: str, acts: set[str]) -> None:
    assert read(text) == acts


@pytest.mark.parametrize(
    "text",
    [
        "def f(tx, row):\n    audit.record(tx, act=row.act)\n",
        "def f(tx, act):\n    audit.record(tx, act=act)\n",
        "def f(tx):\n    audit.record(tx, act=ELSEWHERE)\n",
    ],
)
def test_an_act_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_an_act_without_a_sentence_would_be_noticed() -> None:
    assert read('def f(tx):\n    audit.record(tx, act="sitting.burned")\n') - set(words.SENTENCES)


FILLED = {"actor", "person", "office", "thing", "act", *words.PLAIN,
          *(name for spoken in words.SPOKEN.values() for name in spoken)}  # fmt: skip


@pytest.mark.parametrize("sentence", [*words.SENTENCES.values(), words.UNKNOWN])
def test_a_sentence_asks_for_nothing_that_is_never_filled_in(sentence: str) -> None:
    assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name} <= FILLED


def say(act: str, language: str = "id", **detail: object) -> str:
    return words.sentence(act, detail, language, actor="Rina", person="Ayu", office="BPS Jepara",
                          thing="berkas #3")  # fmt: skip


@pytest.mark.parametrize(
    ("act", "detail", "said"),
    [
        ("role.granted", {"role": "proctor"}, "Rina memberi peran pengawas kepada Ayu, BPS Jepara"),
        ("screening.correction", {"version": 1, "fields": ["desa", "ktp"]},
         "Rina meminta perbaikan dari Ayu: Desa atau kelurahan, KTP"),
        ("screening.rejected", {"reason_code": "false_statement"},
         "Rina menyatakan Ayu tidak diterima (seleksi administrasi). Isian atau pernyataan terbukti tidak "
         "benar."),
        ("document.opened", {"kind": "ktp", "page": 1}, "Rina membuka berkas KTP milik Ayu, halaman 1"),
        ("document.opened", {"kind": "ktp", "page": None}, "Rina membuka berkas KTP milik Ayu, halaman -"),
        ("help.granted", {"kind": "erasure"},
         "Rina mengabulkan permintaan bantuan: Penghapusan data pribadi (Ayu)"),
        ("approval.asked", {"kind": "sitting.moved", "reason": "Banjir", "payload": {}},
         "Rina meminta persetujuan petugas kedua: pemindahan waktu sesi. Alasan: Banjir"),
        ("attempt.time_granted", {"seconds": 1080, "reason": "Listrik padam"},
         "Rina menambah waktu Ayu 18 menit: Listrik padam"),
        ("attempt.closed", {"how": "clock"}, "Pengerjaan Ayu ditutup: batas waktunya lewat"),
        ("profile.saved", {"step": "work", "fields": []},
         "Rina menyimpan data diri (Pendidikan dan pekerjaan): -"),
        ("some.new_act", {}, "Rina: some.new_act (berkas #3, Ayu)"),
    ],
)  # fmt: skip
def test_a_row_is_told_in_words(act: str, detail: dict[str, object], said: str) -> None:
    assert say(act, **detail) == said


def test_what_somebody_typed_is_told_as_it_stands() -> None:
    assert "{actor} {0} <b>" in say("account.disabled", reason="{actor} {0} <b>")


def test_an_act_of_nobody_is_the_systems() -> None:
    assert words.sentence("attempt.closed", {}, "id", actor=None, person=None, office=None,
                          thing="x").startswith("Pengerjaan tanpa nama")  # fmt: skip
    assert words.sentence("role.granted", {}, "id", actor=None, person=None, office=None,
                          thing="x").startswith("Sistem memberi")  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_calculate_is_shown_instead(start: str) -> None:
    assert safe(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["", "Ayu", "1-2", " =1", "'x"])
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert safe(cell) == cell
