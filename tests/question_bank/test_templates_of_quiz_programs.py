"""Tables in the shapes that templates of quiz programs give them, in our own words."""

import json

import pytest
from bank_outcomes import Document, check, outcome

from question_bank.formats import UnknownFormat, detect, load
from question_bank.formats.option_marks import flagged, unmarked

HARVEST = "Kapan panen raya?|Juni|*Maret|Mei"


def _flags(*right: int) -> str:
    listed = [
        {"text": text, "is_correct": index in right} for index, text in enumerate(("Juni", "Maret", "Mei"))
    ]
    return '"' + json.dumps(listed).replace('"', '""') + '"'


DOCUMENTS = [
    Document(
        "options between semicolons, the key counted as its heading tells",
        '"Tipe (PG/PGK)",Stimulus,Pertanyaan,"Opsi Jawaban (pisahkan dengan titik koma ;)",'
        '"Kunci Jawaban (Angka 0=A, 1=B, dst)"\n'
        "PG,,Kapan panen raya?,Juni; Maret; Mei,1\nPGK,,Pilih dua.,p; q; r,0;2\n",
        (HARVEST,),
        skipped=("skipped_several_right",),
        warnings=("key_from_zero",),
    ),
    Document(
        "a list of objects that tells the right one",
        f"judul,konten,tipe_soal,options\nSoal 1,Kapan panen raya?,pilihan_ganda,{_flags(1)}\n"
        f"Soal 2,Pilih dua.,pilihan_ganda,{_flags(0, 1)}\n",
        (HARVEST,),
        skipped=("skipped_several_right",),
        warnings=("column_unread", "keys_by_star"),
    ),
    Document(
        "a list of objects that tells another one than the key",
        f"pertanyaan,pilihan,kunci\nKapan panen raya?,{_flags(1)},A\nKapan panen raya?,{_flags(1)},B\n",
        (HARVEST,),
        errors=("keys_contradict",),
    ),
    Document(
        "a word at the right option",
        "Judul Kuis,Panen\n\nPertanyaan,Opsi 1,Opsi 2,Opsi 3\nKapan panen raya?,Juni,(benar)Maret,Mei\n"
        "Apa bahan nasi?,beras (Kunci),jagung,\nTanpa tanda?,p,q,r\nDua tanda?,(benar) p,(benar) q,r\n",
        (HARVEST, "Apa bahan nasi?|*beras|jagung"),
        skipped=("skipped_several_right",),
        errors=("key_missing",),
        warnings=("keys_by_star",),
    ),
    Document(
        "such a word beside a key is part of the option",
        "soal,a,b,kunci\nMana yang tepat?,(benar) dan jelas,(salah) dan kabur,A\n",
        ("Mana yang tepat?|*(benar) dan jelas|(salah) dan kabur",),
    ),
    Document(
        "digits behind the letter of a question that name kinds",
        "No,Keterangan,Tipe,Isi,Status\n1,Soal pilihan ganda,Q,Kapan panen raya?,\n,,A,Juni,0\n,,A,Maret,1\n"
        ",,A,Mei,0\n2,Soal esai,Q2,Jelaskan panen raya.,\n3,Jodohkan,Q6,Cocokkan.,\n,,A,padi,nasi\n"
        "4,Tanpa nama,Q9,Apa ini?,\n,,A,ya,1\n",
        (HARVEST,),
        skipped=("skipped_essay", "skipped_matching", "skipped_kind"),
        warnings=("heading_by_content", "row_passed_over"),
    ),
    Document(
        "digits behind the letter of a question that count",
        "Q1,Kapan panen raya?,\nA,Juni,0\nA,Maret,1\nA,Mei,0\nQ2,Apa bahan nasi?,\nA,beras,1\nA,jagung,0\n",
        (HARVEST, "Apa bahan nasi?|*beras|jagung"),
        warnings=("heading_by_content",),
    ),
    Document(
        "one option on each row, its letter in a column of its own",
        "No,Soal,Option,Deskripsi,Jawaban\n1,Kapan panen raya?,a,Juni,b\n,,b,Maret,\n,,c,Mei,\n",
        (HARVEST,),
    ),
    Document(
        "such letters in another order",
        "No,Soal,Option,Deskripsi,Jawaban\n1,Kapan panen raya?,b,Juni,b\n,,a,Maret,\n,,c,Mei,\n",
        errors=("options_few",),
        warnings=("column_unread", "row_passed_over", "row_passed_over"),
    ),
    Document(
        "columns of pairs beside the key",
        "Jenis,Soal,Jawaban A,Jawaban B,Jawaban C,Jawaban Benar,Kunci 1,Jawaban 1,Kunci 2,Jawaban 2\n"
        "pilihan_ganda,Kapan panen raya?,Juni,Maret,Mei,B,,,,\n"
        "menjodohkan,Jodohkan.,,,,,padi,nasi,gandum,roti\n",
        (HARVEST,),
        skipped=("skipped_matching",),
        warnings=("column_unread", "column_unread"),
    ),
    Document(
        "a title beside the text of the question",
        "title,content,option1,option2,option3,correctAnswer\nPanen,Kapan panen raya?,Juni,Maret,Mei,B\n",
        (HARVEST,),
        warnings=("column_unread",),
    ),
    Document(
        "a title alone", "title,a,b,c,answer\nKapan panen raya?,Juni,Maret,Mei,B\n", (HARVEST,)
    ),
    Document(
        "names cut short",
        "QuesText,OptionA,OptionB,OptionC,OptionAns\nKapan panen raya?,Juni,Maret,Mei,Maret\n",
        (HARVEST,),
    ),
    Document(
        "options called responses",
        "question,use,correct,responseA,responseB,responseC\nKapan panen raya?,uji,B,Juni,Maret,Mei\n",
        (HARVEST,),
        warnings=("column_unknown",),
    ),
    Document(
        "numbers that the heading lists from one",
        "Soal,Opsi 1,Opsi 2,Opsi 3,Kunci (1/2/3)\nKapan panen raya?,Juni,Maret,Mei,2\n",
        (HARVEST,),
    ),
    Document(
        "a comma of a text where a blank stands behind all others",
        "Soal, A, B, C, Kunci\nKapan panen raya?, Juni, Maret, Mei, B\nSiapa?, p, q, r, A\n"
        "Mana (1,2)?, p, q, r, C\nApa?, p, q, r, C\n",
        (HARVEST, "Siapa?|*p|q|r", "Mana (1,2)?|p|q|*r", "Apa?|p|q|*r"),
        warnings=("row_rejoined",),
    ),
    Document(
        "Malay names of kinds",
        "Soalan,Jenis,A,B,C,Jawapan\nKapan panen raya?,objektif,Juni,Maret,Mei,B\nTerangkan.,subjektif,,,,\n",
        (HARVEST,),
        skipped=("skipped_essay",),
    ),
]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_template_is_read(document: Document) -> None:
    check(document, "csv", "templat.csv")


PROGRAM = '"jumlah = 0\nfor n in range(3):\n    jumlah += n"'


@pytest.mark.parametrize(
    ("heading", "cell"), [("Kode", PROGRAM), ("code_snippet", PROGRAM), ("Potongan Kode", "x < 1")]
)
def test_a_program_belongs_to_the_question(heading: str, cell: str) -> None:
    text = f"No,Soal,{heading},A,B,Kunci\n1,Berapa jumlah?,{cell},3,6,A\n2,Apa itu program?,,p,q,B\n"
    first, second = load("kuis.csv", text.encode()).items
    shown = cell.strip('"').replace("<", "&lt;")
    assert first.item.stem == f"Berapa jumlah?<pre>{shown}</pre>"
    assert (first.item.code, second.item.stem) == ("", "Apa itu program?")


def test_rows_between_tabs_are_known_without_heading_and_ending() -> None:
    text = (
        "Kapan panen raya?\tJuni\tMaret\tMei\tB\tHujan reda.\tmudah\n"
        "Apa bahan nasi?\tberas\tjagung\tsagu\tA\tPadi.\tmudah\n"
    )
    assert detect("kuis.txt", text.encode()) == "csv"
    assert outcome("kuis.txt", text.encode()).items == (HARVEST, "Apa bahan nasi?|*beras|jagung|sagu")


@pytest.mark.parametrize("text", ["satu baris\tdua\nlagi baris\ttiga\n", "Apa?\tp\tq\n" * 2, "a|b\nc|d\n"])
def test_other_text_between_tabs_is_no_table(text: str) -> None:
    with pytest.raises(UnknownFormat):
        detect("catatan.txt", text.encode())


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("(benar)Maret", "Maret"), ("[Jawaban benar] Maret", "Maret"), ("Maret (correct)", "Maret"),
        ("*Maret", "Maret"), ("**Maret**", "Maret"), ("*", "*"), ("(benar)", "(benar)"),
        ("Maret (benar) dan Mei", "Maret (benar) dan Mei"), ("kunci inggris", "kunci inggris"),
    ],
)  # fmt: skip
def test_a_mark_is_taken_off_an_option(text: str, bare: str) -> None:
    assert unmarked(text) == bare


@pytest.mark.parametrize("text", ["", "[", "[{]", '{"is_correct": true}', '["is_correct"]', "[" * 30_000])
def test_what_is_no_list_of_objects_marks_nothing(text: str) -> None:
    assert list(flagged(text)) == []


@pytest.mark.parametrize(
    "heading",
    [
        "Pregunta;Opci\u00f3n 1;opcion_2;Opci\u00f3n 3;respuesta_correcta",
        "Pergunta;Alternativa A;Alternativa B;Alternativa C;Gabarito",
        "Question;R\u00e9ponse A;R\u00e9ponse B;R\u00e9ponse C;Bonne r\u00e9ponse",
        "Frage;Antwort A;Antwort B;Antwort C;L\u00f6sung",
        "C\u00e2u h\u1ecfi;\u0110\u00e1p \u00e1n A;\u0110\u00e1p \u00e1n B;\u0110\u00e1p \u00e1n C;"
        "\u0110\u00e1p \u00e1n \u0111\u00fang",
        "\u0412\u043e\u043f\u0440\u043e\u0441;\u0412\u0430\u0440\u0438\u0430\u043d\u0442 1;"
        "\u0412\u0430\u0440\u0438\u0430\u043d\u0442 2;\u0412\u0430\u0440\u0438\u0430\u043d\u0442 3;"
        "\u041f\u0440\u0430\u0432\u0438\u043b\u044c\u043d\u044b\u0439 \u043e\u0442\u0432\u0435\u0442",
        "\u9898\u76ee;\u9009\u9879A;\u9009\u9879B;\u9009\u9879C;\u6b63\u786e\u7b54\u6848",
        "\u554f\u984c\u6587;\u9078\u629e\u80a21;\u9078\u629e\u80a22;\u9078\u629e\u80a23;\u6b63\u89e3",
    ],
)
def test_headings_of_other_languages_are_known(heading: str) -> None:
    got = outcome("bank.csv", f"{heading}\nKapan panen raya?;Juni;Maret;Mei;B\n".encode())
    assert (got.items, got.errors, got.warnings) == ((HARVEST,), (), ())
