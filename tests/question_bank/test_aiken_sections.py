# ruff: noqa: E501
"""What stands around questions is no part of them: headings, folds, labels, marks of the right option."""

import time

import pytest
from bank_outcomes import Document, check

from question_bank.formats import load
from question_bank.formats.aiken_sections import without_sections

OPTIONS = "A. beras\nB. jagung\nC. sagu\nKunci: A\n"
RICE = "Apa bahan nasi?|*beras|jagung|sagu"
TEST = "Bentuk soal mana yang dijawab sepatah kata?|Esai|*Isian"

DOCUMENTS = [
    Document(
        "sections named by the kind of their questions",
        f"A. PILIHAN GANDA\n1. Apa bahan nasi?\n{OPTIONS}\nB. SOAL ESAI / URAIAN\n2. [Esai] Sebutkan dua padi.\n"
        "Kunci: Padi gogo, padi sawah.\nBobot: 10\nPembahasan: Pernah dibahas.\n",
        (RICE,),
        skipped=("skipped_short_answer",),
        warnings=("aiken_heading", "aiken_heading"),
    ),
    Document(
        "options that name a kind of question",
        "1. Bentuk soal mana yang dijawab sepatah kata?\nA. Esai\nB. Isian\nKunci: B\n2. Apa bahan nasi?\n"
        + OPTIONS,
        (TEST, RICE),
    ),
    Document(
        "options that name a kind of question, and the keys at the end",
        "1. Bentuk soal mana yang dijawab sepatah kata?\nA. Esai\nB. Isian\n2. Apa bahan nasi?\nA. beras\nB. jagung\n"
        "C. sagu\n\nKunci jawaban:\n1. B\n2. A\n",
        (TEST, RICE),
    ),
    Document(
        "words between two rules",
        f"--------\nCONTOH SOAL\n--------\n1. Apa bahan nasi?\n{OPTIONS}",
        (RICE,),
        warnings=("aiken_heading",),
    ),
    Document(
        "a rule at the very beginning",
        f"---\n1. Apa bahan nasi?\n{OPTIONS}",
        (RICE,),
    ),
    Document(
        "an answer that is folded away",
        "Apa bahan nasi?\nA. beras\nB. jagung\nC. sagu\n\n<details>\n<summary><b>Lihat kunci</b></summary>\n\n"
        "**Jawaban: A**\n</details>\n",
        (RICE,),
    ),
    Document(
        "an answer behind the name of the fold",
        "Apa bahan nasi?\nA. beras\nB. jagung\nC. sagu\n<details><summary>Kunci</summary>**Jawaban: A**</details>\n",
        (RICE,),
    ),
    Document(
        "a question on the tags that fold",
        "Tanda mana yang melipat?\nA. <details>\nB. <p>\nJawaban: A\n",
        ("Tanda mana yang melipat?|*<details>|<p>",),
    ),
    Document(
        "an answer in a quotation",
        "Apa bahan nasi?\nA. beras\nB. jagung\nC. sagu\n\n> **Jawaban: A**\n",
        (RICE,),
    ),
    Document(
        "a line that names the options",
        f"1. Apa bahan nasi?\n\nPilihan:\n{OPTIONS}",
        (RICE,),
    ),
    Document(
        "an arrow at the right option",
        "Apa bahan nasi?\nA. beras \u2190 BENAR\nB. jagung\nC. sagu\nKunci: A\n",
        (RICE,),
    ),
    Document(
        "an arrow at another option than the key",
        "Apa bahan nasi?\nA. beras\nB. jagung \u2190 benar\nC. sagu\nKunci: A\n",
        errors=("aiken_key_differs",),
    ),
    Document(
        "a tick that is the only key",
        "Apa bahan nasi?\nA. beras \u2714\nB. jagung\nC. sagu\n\nApa bahan tahu?\nA. gandum\nB. kedelai\nKunci: B\n",
        (RICE, "Apa bahan tahu?|gandum|*kedelai"),
    ),
    Document(
        "options on one line, one blank between them",
        "Apa bahan nasi?\nA) beras B) jagung C) sagu\nJawaban: A\n",
        (RICE,),
    ),
    Document(
        "two of them may be a text",
        "Apa bahan nasi?\nA) beras B) jagung\nB) sagu\nJawaban: A\n",
        ("Apa bahan nasi?|*beras B) jagung|sagu",),
    ),
    Document(
        "numbers that touch the question, in headings and in bold",
        f"### Soal 1.Apa bahan\nnasi?\n{OPTIONS}\n**Q2.** Apa bahan tahu?\nA. gandum\nB. kedelai\nKunci: B\n\n"
        "**3. Apa bahan roti?**\nA. gandum\nB. ubi\nKunci: A\n",
        (RICE, "Apa bahan tahu?|gandum|*kedelai", "Apa bahan roti?|*gandum|ubi"),
    ),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_the_document_gives_its_questions_alone(document: Document) -> None:
    check(document, "aiken", "bank.txt")


def test_a_text_between_numbered_questions_counts_for_none() -> None:
    text = f"1. Apa bahan nasi?\n{OPTIONS}\nIstirahat dulu.\n\n2. Apa bahan nasi merah?\n{OPTIONS}"
    assert [located.item.stem for located in load("bank.txt", text.encode()).items] == [
        "Apa bahan nasi?", "Apa bahan nasi merah?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "piece", ["---\nx\n", "A. ESAI\n", "<details>", "<summary>", "<details \n", "A) a B) b "]
)
def test_the_time_grows_with_the_text(piece: str) -> None:
    text = "Padi\n" + piece * (400_000 // len(piece))
    began = time.process_time()
    without_sections(text)
    load("bank.txt", text[:200_000].encode() + b"\nA. a\nB. b\nKunci: A\n")
    assert time.process_time() - began < 10


def test_keys_at_the_end_may_give_their_reasons() -> None:
    text = (
        "1. Apa bahan nasi?\nA. beras\nB. jagung\n\n2. Apa bahan tahu?\nA. gandum\nB. kedelai\n\n"
        "### Kunci Jawaban & Pembahasan\n1. **Jawaban: A** \u2014 Padi digiling.\n2. **B** - Kedelai direbus.\n"
    )
    items = [located.item for located in load("bank.txt", text.encode()).items]
    assert [(item.key, item.explanation) for item in items] == [
        (0, "Padi digiling."),
        (1, "Kedelai direbus."),
    ]


def test_numbered_questions_below_such_a_word_are_no_list_of_keys() -> None:
    text = "Kunci jawaban\n1. B - pohon itu apa?\nA. struktur data\nB. tanaman\nJawaban: A\n"
    assert [located.item.key for located in load("bank.txt", text.encode()).items] == [0]
