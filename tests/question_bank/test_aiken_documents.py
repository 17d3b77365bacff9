# ruff: noqa: E501
"""Aiken files in the shapes that people really type and paste."""

import pytest
from bank_outcomes import Document, check

from question_bank.formats import detect, load

DOCUMENTS = [
    Document(
        "as the documentation has it",
        "What is the correct answer to this question?\nA. Is it this one?\nB. Maybe this answer?\nC. Possibly\n"
        "D. Must be this one!\nANSWER: D\n\nWhich LMS?\nA) ATutor\nB) Claroline\nC) Moodle\nANSWER: C\n",
        items=(
            "What is the correct answer to this question?|Is it this one?|Maybe this answer?|Possibly|*Must be this one!",
            "Which LMS?|ATutor|Claroline|*Moodle",
        ),
    ),
    Document(
        "small letters and Indonesian words",
        "Ibu kota Bali?\na. Denpasar\nb. Mataram\nKUNCI: A\n\nIbu kota NTB?\na) Denpasar\nb) Mataram\njawaban : b\n\n"
        "Ibu kota NTT?\nA. Kupang\nB. Ende\nKunci Jawaban: a\n\nIbu kota Papua?\nA. Biak\nB. Jayapura\nJawaban B",
        items=(
            "Ibu kota Bali?|*Denpasar|Mataram",
            "Ibu kota NTB?|Denpasar|*Mataram",
            "Ibu kota NTT?|*Kupang|Ende",
            "Ibu kota Papua?|Biak|*Jayapura",
        ),
    ),
    Document(
        "numbers before the stems, Windows line ends",
        "1. Satu tambah satu?\r\nA. 1\r\nB. 2\r\nANSWER: B\r\n2. Dua tambah dua?\r\nA. 4\r\nB. 5\r\nANSWER: A\r\n",
        items=("Satu tambah satu?|1|*2", "Dua tambah dua?|*4|5"),
    ),
    Document(
        "blank lines between everything",
        "1) Satu?\n\nA. a\n\nB. b\n\nANSWER: A\n\n\n2) Dua?\n\nA. c\n\nB. d\n\nANSWER: B\n",
        items=("Satu?|*a|b", "Dua?|c|*d"),
    ),
    Document(
        "a stem over several lines and paragraphs",
        "Perhatikan data berikut.\n\n2, 4, 6, 8\n\nRata-ratanya adalah\nA. 4\nB. 5\nANSWER: B\n",
        items=("Perhatikan data berikut. 2, 4, 6, 8 Rata-ratanya adalah|4|*5",),
        warnings=("aiken_stem_parts",),
    ),
    Document(
        "statements counted inside a numbered stem",
        "1. Perhatikan pernyataan.\n1) satu\n2) dua\nYang benar adalah\nA. 1 saja\nB. 2 saja\nANSWER: A\n\n"
        "2. Lanjut?\nA. ya\nB. tidak\nANSWER: A",
        items=("Perhatikan pernyataan. 1) satu 2) dua Yang benar adalah|*1 saja|2 saja", "Lanjut?|*ya|tidak"),
    ),
    Document(
        "statements with small letters inside a stem",
        "Mana yang benar?\na. satu\nb. dua\nPilih satu.\nA. a saja\nB. b saja\nANSWER: B\n",
        items=("Mana yang benar? a. satu b. dua Pilih satu.|a saja|*b saja",),
        warnings=(),
    ),
    Document(
        "an answer is missing before the next question",
        "Satu?\nA. a\nB. b\n\nDua?\nA. c\nB. d\nANSWER: B\n",
        items=("Dua?|c|*d",),
        errors=("aiken_answer_missing",),
    ),
    Document(
        "an answer is missing at the end",
        "Satu?\nA. a\nB. b\nANSWER: A\n\nDua?\nA. c\nB. d\n",
        items=("Satu?|*a|b",),
        errors=("aiken_answer_missing",),
    ),
    Document(
        "the answer names no option",
        "Satu?\nA. a\nB. b\nANSWER: E\n\nDua?\nA. c\nB. d\nANSWER: c\n\nTiga?\nA. e\nB. f\nANSWER:\n\n"
        "Empat?\nA. g\nB. h\nANSWER: B",
        items=("Empat?|g|*h",),
        errors=("aiken_key_nowhere", "aiken_key_nowhere", "aiken_key_unreadable"),
    ),
    Document(
        "several right, and no options at all",
        "Satu?\nA. a\nB. b\nC. c\nANSWER: A, C\n\nDua?\nA. a\nB. b\nANSWER: AB\n\nTiga?\nA. x\nB. y\nANSWER: A\n\n"
        "Ibu kota Aceh?\nANSWER: Banda Aceh\n\nBumi bulat.\nANSWER: TRUE\n",
        items=("Tiga?|*x|y",),
        skipped=(
            "skipped_several_right",
            "skipped_several_right",
            "skipped_short_answer",
            "skipped_true_false",
        ),
    ),
    Document(
        "options on one line, as Word leaves them",
        "1. Satu?\nA. a\tB. b\nC. c\tD. d\nANSWER: C\n\n2. Dua?\nA. a    B. b    C. c\nANSWER: B\n",
        items=("Satu?|a|b|*c|d", "Dua?|a|*b|c"),
    ),
    Document(
        "explanations below the answer",
        "Satu?\nA. a\nB. b\nANSWER: A\nPEMBAHASAN: karena a\nlebih dulu\n\nDua?\nA. c\nB. d\nANSWER: B\n",
        items=("Satu?|*a|b", "Dua?|c|*d"),
    ),
    Document(
        "an option over two lines",
        "Satu?\nA. sangat panjang\nsekali\nB. pendek\nANSWER: A\n",
        items=("Satu?|*sangat panjang sekali|pendek",),
    ),
    Document(
        "a heading above the first number",
        "SOAL LATIHAN BAB 1\n\n1. Satu?\nA. a\nB. b\nANSWER: A\n",
        items=("Satu?|*a|b",),
        skipped=("skipped_description",),
    ),
    Document(
        "a name that begins like an option",
        "A. Yani adalah\nA. pahlawan\nB. penyanyi\nANSWER: A\n",
        items=("A. Yani adalah|*pahlawan|penyanyi",),
    ),
    Document(
        "the answer with its text, in brackets, bold",
        "Satu?\nA. a\nB. b\nANSWER: B. b\n\nDua?\n(A) c\n(B) d\nAnswer: (A)\n\nTiga?\nA.e\nB.f\n**ANSWER: B**\n",
        items=("Satu?|a|*b", "Dua?|*c|d", "Tiga?|e|*f"),
    ),
    Document(
        "numbers in words, and the answer as text",
        "Soal no 1. Satu?\nA. Semarang\nB. Solo\nAnswer: solo\n\nSoal no 2. Dua?\nA. c\nB. d\nAnswer: Tegal\n\n"
        "Question 3\nTiga?\nA. e\nB. f\nAnswer: A\n",
        items=("Satu?|Semarang|*Solo", "Tiga?|*e|f"),
        errors=("aiken_key_unreadable",),
    ),
    Document(
        "code with braces",
        "Apa isi program kosong?\nA. int main() {}\nB. x = {=1}\nC. <b>tebal</b>\nANSWER: A\n",
        items=("Apa isi program kosong?|*int main() {}|x = {=1}|<b>tebal</b>",),
    ),
    Document(
        "Windows-1252",
        "Siapa “dia”?\nA. é\nB. è\nANSWER: B\n".encode("cp1252"),
        items=("Siapa “dia”?|é|*è",),
        warnings=("encoding_guessed",),
    ),
    Document(
        "a star before the right option, with and without an answer line",
        "Ibu kota NTB?\na. Denpasar\n*b. Mataram\nc. Kupang\n\nIbu kota Bali?\n* A) Denpasar\nB) Ende\nANSWER: A\n\n"
        "Ibu kota NTT?\n*A. Kupang\n*B. Ende\n\nIbu kota Papua?\n*A. Jayapura\nB. Biak\nANSWER: B\n",
        items=("Ibu kota NTB?|Denpasar|*Mataram|Kupang", "Ibu kota Bali?|*Denpasar|Ende"),
        skipped=("skipped_several_right",),
        errors=("aiken_key_differs",),
    ),
    Document(
        "essays that have no number between the questions",
        "Ibu kota NTB?\nA. Denpasar\nB. Mataram\nANSWER: B\n\nJelaskan cara mendata.\n\nSebutkan tiga alat.\n\n"
        "Ibu kota Bali?\nA. Denpasar\nB. Mataram\nANSWER: A\n",
        items=("Ibu kota NTB?|Denpasar|*Mataram", "Ibu kota Bali?|*Denpasar|Mataram"),
        skipped=("skipped_essay", "skipped_essay"),
    ),
    Document(
        "bullets before the options, rules between the questions, sources below the answers",
        "Ibu kota NTB?\n\n- A. Denpasar\n- B. Mataram\n\nAnswer: B\n\nSource: buku hal. 3\n\n---\n\n"
        "Ibu kota Bali?\n\n- A) Denpasar\n- B) Ende\n\nAnswer: A, a kota di pulau Bali.\n\n---\n\n"
        "* A. Kupang\n* B. Bajawa\nAnswer: A\n",
        items=("Ibu kota NTB?|Denpasar|*Mataram", "Ibu kota Bali?|*Denpasar|Ende"),
        errors=("stem_empty",),
        warnings=("aiken_key_loose",),
    ),
    Document(
        "stars as bullets, letters in bold",
        "Ibu kota NTB?\n* A) Denpasar\n* B) Mataram\n**Answer:** B\n**Explanation:** di Lombok\n\n"
        "Ibu kota Bali?\n- **A.** Denpasar\n- **B.** Ende\n**Answer: A**\n",
        items=("Ibu kota NTB?|Denpasar|*Mataram", "Ibu kota Bali?|*Denpasar|Ende"),
    ),
    Document(
        "between fences, with the word for a question before each",
        "```aiken\nQuestion: Ibu kota NTB?\nA. Denpasar\nB. Mataram\nANSWER: B\n\n"
        "Question: Ibu kota Bali?\nA. Denpasar\nB. Ende\nANSWER: A\n```\n",
        items=("Ibu kota NTB?|Denpasar|*Mataram", "Ibu kota Bali?|*Denpasar|Ende"),
    ),
    Document(
        "other languages",
        "Pregunta 1. \u00bfDos?\nA) 1\nB) 2\nRespuesta correcta: B\n\nPregunta 2. \u00bfTres?\nA) 3\nB) 4\nRespuesta: A\n"
        "Explicaci\u00f3n: 2 + 1\n\nPregunta 3. \u00bfSeis?\nA) 5\nB) 6\nLa respuesta es B\nB\u00b4) x\nRESPUESTA: B\n",
        items=("\u00bfDos?|1|*2", "\u00bfTres?|*3|4", "\u00bfSeis?|5|*6 La respuesta es B B\u00b4) x"),
    ),
    Document(
        "the text of an option that begins like a letter",
        "Bentuk yang benar?\nA. an apple\nB. a apple\nC. apple\nANSWER: a apple\n\nBahasa Dennis Ritchie?\nA. B\nB. C\n"
        "C. D\nANSWER: B\n",
        items=("Bentuk yang benar?|an apple|*a apple|apple", "Bahasa Dennis Ritchie?|B|*C|D"),
    ),
    Document(
        "signs written as other programs write them",
        "Tanda lebih kecil?\nA. &lt;\nB. R&amp;D\nC. a & b; c\nANSWER: A\n",
        items=("Tanda lebih kecil?|*<|R&D|a & b; c",),
    ),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_the_document_gives_what_a_careful_reader_would_take(document: Document) -> None:
    check(document, "aiken", "soal.txt")


def test_places_are_the_lines_where_to_look() -> None:
    loaded = load("soal.txt", DOCUMENTS[9].data)
    assert [problem.where for problem in loaded.errors] == ["baris 4", "baris 9", "baris 14"]
    assert [located.where for located in loaded.items] == ["baris 16"]


def test_the_explanation_goes_on_until_a_blank_line() -> None:
    loaded = load("soal.txt", DOCUMENTS[12].data)
    assert [located.item.explanation for located in loaded.items] == ["karena a<br>lebih dulu", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Satu? {=a ~b}\n\nDua?\n", "gift"),
        ("::A. x:: Satu? {\n=A. a\n~B. b\n}\n", "gift"),
        ("soal,a,b,kunci\nSatu?,x,y,a\n", "csv"),
        ("soal\ta\tb\tjawaban\nSatu?\tx\ty\ta\n", "csv"),
        ("Satu?\nA. x, y; z\nB. y, z; x\nANSWER: A\n", "aiken"),
    ],
)
def test_one_format_claims_a_text_file(text: str, expected: str) -> None:
    assert detect("soal.txt", text.encode()) == expected
