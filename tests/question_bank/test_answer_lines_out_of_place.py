"""Answer lines above their question, or twice below it, never give a question another one's key."""

import pytest
from bank_outcomes import Document, check

from question_bank.formats import load
from question_bank.problems import sentence

RICE = "Apa bahan nasi?\na) beras\nb) jagung\n"
SOY = "Apa bahan tempe?\na) gandum\nb) kedelai\n"

ABOVE = [
    Document(
        "right above the stem, below what else is told of the question",
        f"### S-01\njenis: pg\nkunci: a\n{RICE}\n### S-02\njenis: pg\nkunci: b\n{SOY}",
        skipped=("skipped_description",),
        errors=("aiken_answer_missing", "aiken_answer_missing"),
        warnings=("aiken_heading", "aiken_heading"),
    ),
    Document(
        "above the stem, blank lines between",
        f"Kunci: A\n\n{RICE}\nKunci: B\n\n{SOY}",
        errors=("aiken_answer_missing", "aiken_answer_missing"),
    ),
    Document(
        "below, and only the last question has none",
        f"{RICE}Kunci: A\n{SOY}",
        ("Apa bahan nasi?|*beras|jagung",),
        errors=("aiken_answer_missing",),
    ),
    Document(
        "below, and the first question has no options",
        f"Nasi dari beras (B/S).\nKunci: B\n\n{RICE}Kunci: A\n\n{SOY}",
        ("Apa bahan nasi?|*beras|jagung",),
        skipped=("skipped_short_answer",),
        errors=("aiken_answer_missing",),
    ),
]

TWICE = [
    Document(
        "that agree",
        f"{RICE}Jawaban: a\nKunci jawaban: A. beras\n{SOY}Jawaban: b\n\nKunci: B\n",
        ("Apa bahan nasi?|*beras|jagung", "Apa bahan tempe?|gandum|*kedelai"),
    ),
    Document(
        "what somebody answered, and what is right",
        f"{RICE}\nJawaban: b\nJawaban benar: A\n{SOY}\nJawaban: b\nJawaban benar: B\n",
        ("Apa bahan tempe?|gandum|*kedelai",),
        errors=("aiken_keys_differ",),
    ),
    Document(
        "of which one names the text of another option",
        f"{RICE}Jawaban: A\nKunci: jagung\n",
        errors=("aiken_keys_differ",),
    ),
    Document(
        "of which one names two",
        f"{RICE}Jawaban: A\nKunci: A dan B\n",
        errors=("aiken_keys_differ",),
    ),
    Document(
        "of which one gives a reason",
        f"{RICE}Jawaban: A\nJawab: sudah dibahas di kelas\n",
        ("Apa bahan nasi?|*beras|jagung",),
    ),
]


@pytest.mark.parametrize("document", ABOVE, ids=lambda document: document.name)
def test_answers_above_the_questions(document: Document) -> None:
    check(document, "aiken", "bank.txt")


@pytest.mark.parametrize("document", TWICE, ids=lambda document: document.name)
def test_two_answer_lines_below_one_question(document: Document) -> None:
    check(document, "aiken", "bank.txt")


def test_both_answers_are_named() -> None:
    (problem,) = load("bank.txt", f"{RICE}Jawaban: a\nKunci: B\n".encode()).errors
    assert sentence(problem) == "Soal ini punya dua baris jawaban yang berbeda, A dan B. Sisakan yang benar."
