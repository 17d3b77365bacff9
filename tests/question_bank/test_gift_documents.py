# ruff: noqa: E501
"""GIFT files in the shapes that people and programs really write."""

import pytest
from bank_outcomes import Document, check

from question_bank.formats import load

SE, ES, TF, NUM, MA, DESC, SEV = (
    "skipped_short_answer", "skipped_essay", "skipped_true_false", "skipped_numerical", "skipped_matching",
    "skipped_description", "skipped_several_right",
)  # fmt: skip

DOCUMENTS = [
    Document(
        "all kinds, as an export of Moodle writes them",
        """// question: 0  name: Switch category to $course$/top/Default for Statistik/Bab 1
$CATEGORY: $course$/top/Default for Statistik/Bab 1


// question: 101  name: Rerata
// [id:ST-1] [tag:mudah] [tag:rerata]
::Rerata::[html]<p>Rerata dari 2 dan 4 adalah</p>{
	=<p>3</p>#<p>Benar\\: (2+4)/2</p>
	~<p>2</p>
	~<p>6</p>#<p>Itu jumlahnya</p>
}


// question: 102  name: Bulat
::Bulat::[html]<p>Bumi bulat.</p>{TRUE#<p>salah</p>#<p>benar</p>}


// question: 103  name: Isian
::Isian::[html]<p>Ibu kota Jawa Barat?</p>{
	=%100%Bandung#
	=%50%bandung#
}


// question: 104  name: Angka
::Angka::[html]<p>Dua tambah dua?</p>{#
	=%100%4\\:0.1#
}


// question: 105  name: Jodoh
::Jodoh::[html]<p>Jodohkan</p>{
	=<p>satu</p> -> 1
	=<p>dua</p> -> 2
	=<p>tiga</p> -> 3
}


// question: 106  name: Esai
::Esai::[html]<p>Jelaskan sensus</p>{}


// question: 107  name: Ket
::Ket::[html]<p>Bacalah teks ini</p>

// question: 108  name: Ganda
::Ganda::[html]<p>Pilih dua bilangan genap</p>{
	~%50%<p>2</p>
	~%50%<p>4</p>
	~%-100%<p>3</p>
}
""",
        items=("Rerata dari 2 dan 4 adalah|*3|2|6",),
        skipped=(TF, SE, NUM, MA, ES, DESC, SEV),
        warnings=("feedback_dropped",),
    ),
    Document(
        "typed by hand without blank lines",
        "Satu? {=a ~b}\nDua? {~c =d}\nTiga? {\n~e\n=f\n}\nEmpat? {=g ~h}\n",
        items=("Satu?|*a|b", "Dua?|c|*d", "Tiga?|e|*f", "Empat?|*g|h"),
    ),
    Document(
        "titles and no blank lines, the last on Windows",
        "::1:: Satu? {=a ~b}\r\n::2:: Dua? {\r\n~c\r\n=d\r\n}\r\n::3:: Bulat? {T}\r\n",
        items=("Satu?|*a|b", "Dua?|c|*d"),
        skipped=(TF,),
    ),
    Document(
        "a byte order mark and blank lines everywhere",
        "\ufeff\n\n::S:: Berapa?\n\n{\n\n=1\n\n~2\n\n}\n\n\nDua? {=x ~y}",
        items=("Berapa?|*1|2", "Dua?|*x|y"),
    ),
    Document(
        "comments between and inside answers",
        "// Bab 1\nIbu kota Bali? { // pulau\n=Denpasar\n// bukan ini\n~Mataram\n}\n// akhir\nDua? {=x ~y}",
        items=("Ibu kota Bali?|*Denpasar|Mataram", "Dua?|*x|y"),
    ),
    Document(
        "the missing word in the middle, over two lines",
        "Data yang dikumpulkan sendiri disebut {=primer ~sekunder\n~tersier} dan dipakai\nlangsung.",
        items=("Data yang dikumpulkan sendiri disebut _____ dan dipakai langsung.|*primer|sekunder|tersier",),
    ),
    Document(
        "missing words without blank lines",
        "BPS adalah {=lembaga ~perusahaan} negara.\nSensus tiap {~5 =10} tahun.\n",
        items=("BPS adalah _____ negara.|*lembaga|perusahaan", "Sensus tiap _____ tahun.|5|*10"),
    ),
    Document(
        "weights",
        "A? {~%100%a ~%-50%b}\n\nB? {=a ~%50%b ~c}\n\nC? {~%33.333%a ~%33.333%b ~%33.334%c ~d}\n\n"
        "D? {=%100%a ~%0%b}\n\nE? {~%-100%a ~%100%b}\n\nF? {=a =b ~c}",
        items=("A?|*a|b", "B?|*a|b|c", "D?|*a|b", "E?|a|*b"),
        skipped=(SEV, SEV),
        warnings=(
            "weights_dropped",
            "one_of_several",
            "weights_dropped",
            "weights_dropped",
            "one_of_several",
        ),
    ),
    Document(
        "everything on one line with feedback",
        "::Q5:: Siapa penulis Laskar Pelangi?{=Andrea Hirata#ya, benar ~Tere Liye#bukan ~Dee####Terbit 2005}",
        items=("Siapa penulis Laskar Pelangi?|*Andrea Hirata|Tere Liye|Dee",),
        warnings=("feedback_dropped",),
    ),
    Document(
        "html in answers that nobody escaped",
        'Gaya? {=<span style="color: red">merah</span> ~<span style="color: blue">biru</span> ~a &#8217; b}',
        items=("Gaya?|*merah|biru|a ’ b",),
    ),
    Document(
        "formulas that nobody escaped",
        "Hitung \\(\\frac{1}{2} + x_{1}\\)! {=\\(x^{2}\\) ~$$\\sqrt{y}$$ ~0}",
        items=("Hitung 1/2 + x1!|*x2|√y|0",),
    ),
    Document(
        "formulas as Moodle escapes them",
        "::F::[html]<p>Nilai \\\\(x^\\{2\\} \\= 4\\\\)</p>{\n\t=<p>2</p>\n\t~<p>\\\\(\\\\begin\\{matrix\\}1\\\\end\\{matrix\\}\\\\)</p>\n}",
        items=("Nilai x2 = 4|*2|\\(\\begin{matrix}1\\end{matrix}\\)",),
        warnings=("formula_kept",),
    ),
    Document(
        "numeric questions of all sorts",
        "Lahir? {#1945:2}\n\nPi? {#3.14..3.15}\n\nDua? {#=2:0 =%50%2:1}\n\nTiga? {#}\n\nEmpat? {~4 =5}",
        items=("Empat?|4|*5",),
        skipped=(NUM,) * 4,
    ),
    Document(
        "true and false of all sorts",
        "A {T}\n\nB {FALSE}\n\nC {true#x#y}\n\nD { F }\n\nE {\nTRUE\n####z\n}\n\nF? {=TRUE ~FALSE}",
        items=("F?|*TRUE|FALSE",),
        skipped=(TF,) * 5,
    ),
    Document(
        "broken ones beside good ones",
        "Baik? {=a ~b}\n\nTanpa tutup {=a ~b\n\n::x:: Baik lagi? {~c =d}\n\nTanpa benar {~a ~b}\n\nSatu {=a ~a}\n\n"
        "Kosong {=a ~}\n\n::judul tanpa akhir {=a ~b}",
        items=("Baik?|*a|b", "Baik lagi?|c|*d", "judul tanpa akhir|*a|b"),
        errors=("gift_braces", "no_right_answer", "option_doubled", "option_empty"),
        warnings=("gift_title",),
    ),
    Document(
        "a picture that the file does not hold, and one that it does",
        '::P::[html]<p>Lihat <img src\\="@@PLUGINFILE@@/peta.png" alt\\="peta" /> ini</p>{=a ~b}\n\n'
        '::Q::[html]<img src\\="data\\:image/png;base64,iVBORw0KGgo\\=" alt\\="titik" />{=a ~b}\n\n'
        '::R::[html]<img src\\="https\\://contoh.example/a.png" />{=a ~b}',
        items=("Lihat ini|*a|b", "|*a|b"),
        errors=("picture_remote",),
        warnings=("media_dropped",),
    ),
    Document(
        "categories of all sorts",
        "$CATEGORY: tom/dick//and//harry\n\nA? {=a ~b}\n\n$CATEGORY: $system$/top/Umum\nB? {=a ~b}\n$CATEGORY: x\n"
        "C? {=a ~b}\n\n$CATEGORY: top/Default\n\nD? {=c ~d}",
        items=("A?|*a|b", "B?|*a|b", "C?|*a|b", "D?|*c|d"),
    ),
    Document(
        "plain, moodle and markdown texts",
        "[plain]a < b & <i>c</i>? {=<b>x</b> ~y}\n\n[moodle]baris\nkedua? {=a ~b}\n\n[markdown]**c**? {=a ~b}",
        items=("a < b & <i>c</i>?|*<b>x</b>|y", "baris kedua?|*a|b", "**c**?|*a|b"),
        warnings=("markdown_kept",),
    ),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_the_document_gives_what_a_careful_reader_would_take(document: Document) -> None:
    check(document, "gift", "soal.gift")


def test_labels_and_topics_of_an_export_are_kept() -> None:
    (located,) = load("x.gift", DOCUMENTS[0].data).items
    item = located.item
    assert (item.code, item.topic, item.difficulty) == ("ST-1", "Bab 1", "easy")
    assert (item.explanation, located.where) == ("<p>Benar: (2+4)/2</p>", "baris 7")


def test_every_category_becomes_a_topic() -> None:
    topics = [located.item.topic for located in load("x.gift", DOCUMENTS[16].data).items]
    assert topics == ["dick/and/harry", "Umum", "x", "Default"]


def test_questions_without_blank_lines_keep_their_own_lines() -> None:
    places = [located.where for located in load("x.gift", DOCUMENTS[1].data).items]
    assert places == ["baris 1", "baris 2", "baris 3", "baris 7"]
