"""Keys that do not stand beside their question: at the end of the paper, or told by an explanation."""

import pytest
from bank_outcomes import Document, check, outcome

PAPER = "1. Apa ibu kota Bali?\nA. Denpasar\nB. Kuta\n\n"
PAPER += "2. Apa ibu kota Aceh?\nA. Sabang\nB. Banda Aceh\nC. Langsa\n\n"
BALI, ACEH = "Apa ibu kota Bali?|*Denpasar|Kuta", "Apa ibu kota Aceh?|Sabang|*Banda Aceh|Langsa"

PAPERS = [
    Document("a list in one line", PAPER + "Kunci Jawaban: 1. A 2. B\n", (BALI, ACEH)),
    Document("a list of lines", PAPER + "=== Gabarito ===\nQ1: A\nQ2: B\n", (BALI, ACEH)),
    Document("a list that knows more questions", PAPER + "Kunci:\n1) a\n2) b\n3) c\n", (BALI, ACEH)),
    Document(
        "a list that does not know one",
        PAPER + "3. Apa ibu kota Riau?\nA. Dumai\nB. Pekanbaru\n\nKunci jawaban\n1. A\n2. B\n",
        (BALI, ACEH),
        errors=("aiken_answer_missing",),
    ),
    Document(
        "a list that names no option",
        PAPER + "Kunci jawaban\n1. A\n2. D\n",
        (BALI,),
        errors=("aiken_key_nowhere",),
    ),
    Document(
        "a list that says otherwise than the question",
        PAPER.replace("Kuta\n", "Kuta\nJawaban: B\n") + "Kunci jawaban\n1. A\n2. B\n",
        (ACEH,),
        errors=("aiken_key_list_differs",),
    ),
    Document(
        "two questions with one number",
        PAPER + "1. Apa ibu kota Riau?\nA. Dumai\nB. Pekanbaru\n\nKunci jawaban\n1. A\n2. B\n",
        (ACEH,),
        errors=("aiken_answer_missing", "aiken_answer_missing"),
    ),
    Document(
        "a task above, with a number of its own",
        "1. Jelaskan arti ibu kota!\n\n"
        + PAPER.replace("2.", "3.").replace("1.", "2.")
        + "Kunci jawaban\n2. A\n3. B\n",
        (BALI, ACEH),
        skipped=("skipped_description",),
    ),
]


@pytest.mark.parametrize("document", PAPERS, ids=lambda document: document.name)
def test_a_list_at_the_end_of_a_paper(document: Document) -> None:
    check(document, "aiken", "ulangan.txt")


@pytest.mark.parametrize("keys", ["1. A 2. B 1. B", "1. A\n2. B\n1. B"])
def test_a_list_that_contradicts_itself_is_no_list(keys: str) -> None:
    text = PAPER.replace("Kuta\n", "Kuta\nJawaban: A\n") + f"Kunci jawaban: {keys}\n"
    got = outcome("ulangan.txt", text.encode())
    assert got.items == (BALI,)
    assert got.errors


def _indexed(*explanations: str, heading: str = "answer_index") -> str:
    rows = [
        f"Soal {number}?,satu{number},dua{number},tiga{number},{index},{explanation}\n"
        for number, (index, explanation) in enumerate(zip((1, 2, 2), explanations, strict=True))
    ]
    return f"question,option1,option2,option3,{heading},explanation\n" + "".join(rows)


FROM_ZERO = ("Soal 0?|satu0|*dua0|tiga0", "Soal 1?|satu1|dua1|*tiga1", "Soal 2?|satu2|dua2|*tiga2")
FROM_ONE = ("Soal 0?|*satu0|dua0|tiga0", "Soal 1?|satu1|*dua1|tiga1", "Soal 2?|satu2|*dua2|tiga2")

TABLES = [
    Document(
        "explanations that name the next option",
        _indexed("Sebab dua0 cocok.", "Yang cocok tiga1.", ""),
        FROM_ZERO,
        warnings=("key_from_zero",),
    ),
    Document(
        "explanations that name this option",
        _indexed("Sebab satu0 cocok.", "Pilihan B cocok.", ""),
        FROM_ONE,
        warnings=("key_from_one",),
    ),
    Document(
        "explanations that do not agree",
        _indexed("Sebab dua0 cocok.", "Yang cocok dua1.", ""),
        FROM_ZERO,
        warnings=("key_from_zero",),
    ),
    Document("no explanations", _indexed("", "", ""), FROM_ZERO, warnings=("key_from_zero",)),
    Document(
        "explanations that name the next option, under a plain heading",
        _indexed("Sebab dua0 cocok.", "Yang cocok tiga1.", "", heading="jawaban"),
        FROM_ZERO,
        warnings=("key_from_zero",),
    ),
    Document(
        "a single one that does, under a plain heading",
        _indexed("Sebab dua0 cocok.", "", "", heading="jawaban"),
        FROM_ONE,
        warnings=("key_from_one",),
    ),
    Document(
        "no explanations, under a plain heading",
        _indexed("", "", "", heading="jawaban"),
        FROM_ONE,
        warnings=("key_from_one",),
    ),
]


@pytest.mark.parametrize("document", TABLES, ids=lambda document: document.name)
def test_explanations_tell_where_an_index_begins(document: Document) -> None:
    check(document, "csv", "ulangan.csv")


def _processed(*conditions: str) -> str:
    labels = "".join(
        f'<response_label ident="{letter}"><material><mattext>{text}</mattext></material></response_label>'
        for letter, text in (("A", "padi"), ("B", "sagu"), ("C", "ubi"))
    )
    return (
        '<questestinterop><item ident="i1" title="Pangan"><presentation><material><mattext>Apa pangan Papua?'
        '</mattext></material><response_lid ident="R" rcardinality="Single"><render_choice>'
        f"{labels}</render_choice></response_lid></presentation><resprocessing><outcomes><decvar/></outcomes>"
        f"{''.join(conditions)}</resprocessing></item></questestinterop>"
    )


def _condition(named: str, feedback: str = "") -> str:
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{feedback}"/>' if feedback else ""
    return f"<respcondition><conditionvar>{named}</conditionvar>{shown}</respcondition>"


def _equal(letter: str) -> str:
    return f'<varequal respident="R">{letter}</varequal>'


SAGO = ("Apa pangan Papua?|padi|*sagu|ubi",)

WITHOUT_POINTS = [
    Document(
        "one condition", _processed(_condition(_equal("B"))), SAGO, warnings=("qti_key_without_points",)
    ),
    Document(
        "another that tells of a mistake",
        _processed(_condition(_equal("B"), "correct"), _condition(_equal("A"), "incorrect")),
        SAGO,
        warnings=("qti_key_by_feedback",),
    ),
    Document(
        "two options at once",
        _processed(_condition(f"<and>{_equal('A')}{_equal('B')}</and>")),
        skipped=("skipped_several_right",),
    ),
    Document(
        "a feedback for each option",
        _processed(*(_condition(_equal(letter), f"{letter}_fb") for letter in "ABC")),
        errors=("no_right_answer",),
    ),
    Document("no condition", _processed(), errors=("no_right_answer",)),
]


@pytest.mark.parametrize("document", WITHOUT_POINTS, ids=lambda document: document.name)
def test_a_condition_without_points(document: Document) -> None:
    check(document, "qti", "ulangan.xml")
