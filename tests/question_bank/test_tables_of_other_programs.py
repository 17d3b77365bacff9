"""Tables as other programs, data sets and hurried people write them, in our own words."""

import time

import pytest
from bank_outcomes import Document, outcome
from bank_samples import codes, items_of, places

from question_bank.formats import detect, load
from question_bank.items import plain

D2L = """//Soal pilihan ganda,,,,
NewQuestion,MC,,,
ID,BLOK-1,,,
Title,Blok satu,,,
QuestionText,Di mana nama, alamat, dan umur ditulis?,,,
Image,images/blok.jpg,,,
Option,0,Blok I,,Bukan di sini
Option,100,Blok IV,,
Option,25,Blok V,,
Feedback,Lihat pedoman.,,,
,,,,
NewQuestion,TF,,,
QuestionText,Sensus wajib?,,,
TRUE,100,,,
FALSE,0,,,
NewQuestion,MS,,,
QuestionText,Pilih dua,,,
Option,1,p,,
Option,1,q,,
NewQuestion,MC,,,
QuestionText,Tanpa kunci?,,,
Option,0,p,,
Option,0,q,,
"""
TYPED = (
    "MC\tKapan sensus dilakukan?\ttiap bulan\tincorrect\ttiap sepuluh tahun\tcorrect\n"
    "MC\tSiapa pencacah?\tmitra\tCorrect\twarga\tincorrect\ttamu\tincorrect\n"
    "MA\tPilih dua\tp\tcorrect\tq\tcorrect\tr\tincorrect\nTF\tBenarkah?\ttrue\nESS\tJelaskan.\t\n"
    "MC\tRusak?\tp\tcorrect\tq\tentah\n"
)

DOCUMENTS = [
    Document("one row for each part of a question", D2L,
             ("Di mana nama, alamat, dan umur ditulis?|Blok I|*Blok IV|Blok V",),
             ("skipped_true_false", "skipped_several_right"), ("no_right_answer",),
             ("weights_dropped", "feedback_dropped", "media_dropped")),
    Document("the kind in the first cell and a mark behind each option", TYPED,
             ("Kapan sensus dilakukan?|tiap bulan|*tiap sepuluh tahun", "Siapa pencacah?|*mitra|warga|tamu"),
             ("skipped_several_right", "skipped_true_false", "skipped_essay"), ("option_unmarked",)),
    Document("one option on each row, ticked",
             "question_id,question,option,is_correct\n1,Ibu kota Jawa Barat?,Bogor,0\n"
             "1,Ibu kota Jawa Barat?,Bandung,1\n2,Hari ke tujuh?,Sabtu,0\n2,Hari ke tujuh?,Minggu,1\n",
             ("Ibu kota Jawa Barat?|Bogor|*Bandung", "Hari ke tujuh?|Sabtu|*Minggu")),
    Document("one option on each row, the question said once",
             "No;Soal;Opsi;Jawaban;Kunci\n1;Ibu kota Jawa Barat?;A;Bogor;\n;;B;Bandung;v\n"
             "2;Pilih dua;A;satu;v\n;;B;dua;v\n;;C;tiga;\n",
             ("Ibu kota Jawa Barat?|Bogor|*Bandung",), ("skipped_several_right",)),
    Document("one option on each row, the key beside the question",
             "No,Soal,Pilihan,Kunci\n1,Ibu kota Jawa Barat?,A. Bogor,B\n,,B. Bandung,\n"
             "2,Hari?,A. Galungan,A\n,,B. Waisak,\n",
             ("Ibu kota Jawa Barat?|Bogor|*Bandung", "Hari?|*Galungan|Waisak")),
    Document("questions and answers told by a letter",
             "M\t1\tModul\nS\t1\tSensus\nQ\t1\tKapan sensus?\t\tS\t1\nA\t1\tsebulan sekali\t\t0\n"
             "A\t1\tsepuluh tahun\t\t1\nQ\t1\tPilih dua\t\tM\nA\t1\tp\t\t1\nA\t1\tq\t\t1\n"
             "Q\t1\tSiapa pencacah?\nA\t1\tmitra\t\t1\nA\t1\ttamu\t\t0\nQ\t1\tJelaskan\n",
             ("Kapan sensus?|sebulan sekali|*sepuluh tahun", "Siapa pencacah?|*mitra|tamu"),
             ("skipped_several_right", "skipped_essay"), (),
             ("heading_by_content", "row_passed_over", "row_passed_over")),
    Document("questions and answers told by a word, below a heading",
             "No,Kode,Isi,Benar\n1,SOAL,Kapan sensus?,\n,JAWABAN,besok,0\n,JAWABAN,nanti,1\n"
             "2,SOAL,Tanpa kunci?,\n,JAWABAN,p,0\n,JAWABAN,q,0\n3,SOAL,Siapa pencacah?,\n,JAWABAN,mitra,1\n"
             ",JAWABAN,tamu,0\n",
             ("Kapan sensus?|besok|*nanti", "Siapa pencacah?|*mitra|tamu"), (), ("no_right_answer",),
             ("heading_by_content", "row_passed_over")),
    Document("wrong answers as a list of a program",
             "type,question,correct_answer,incorrect_answers\nmultiple,Apa?,p,\"['q', 'r']\"\n"
             "boolean,Benarkah?,True,['False']\n",
             ("Apa?|*p|q|r",), ("skipped_true_false",)),
    Document("a comma of a text that nobody quoted",
             "soal,a,b,kunci,pembahasan\nApa?,p,q,B,Karena q\nDi desa, kota, dan pulau apa?,r,s,A,sebab\n"
             "Siapa?,p,q,B,sebab p, bukan q\nBerapa?,1,200 m,3,400 m,A,geser\n",
             ("Apa?|p|*q", "Di desa, kota, dan pulau apa?|*r|s", "Siapa?|p|*q"), (), ("cells_many",),
             ("row_rejoined", "row_rejoined")),
    Document("a heading with too few names",
             "soal;a;b;kunci;catatan,lain\nApa?;p;q;B;x;y;\nSiapa?;r;s;A;x;y;\n",
             ("Apa?|p|*q", "Siapa?|*r|s"), (), (), ("column_unknown", "column_unnamed")),
    Document("the right answer beside the options",
             "question,optionA,optionB,answer\nApa satuan?,liter,kilo,meter\nApa warna?,merah,biru,hijau\n"
             "Apa arah?,utara,timur,barat\n",
             ("Apa satuan?|liter|kilo|*meter", "Apa warna?|merah|biru|*hijau",
              "Apa arah?|utara|timur|*barat"),
             (), (), ("key_is_option",)),
    Document("options between commas",
             'question,answers,correct\nApa yang cair?,"batu,kayu,air",3\nApa yang padat?,"air, batu",2\n',
             ("Apa yang cair?|batu|kayu|*air", "Apa yang padat?|air|*batu")),
    Document("options with arrows and a heading of a generator",
             ",MCQ,Choices,Correct\n0,Apa itu?,a-> satu || b-> dua || c-> tiga,b\n"
             "1,Siapa dia?,a: ani | b: budi,Ani\n",
             ("Apa itu?|satu|*dua|tiga", "Siapa dia?|*ani|budi"), (), (), ("column_unnamed",)),
    Document("options as objects",
             'question,options_json,answer\n'
             'Apa?,"[{""text"": ""p"", ""is_correct"": false}, {""text"": ""q""}]",q\n'
             'Siapa?,"{""A"": ""r"", ""B"": ""s""}",B\n',
             ("Apa?|p|*q", "Siapa?|r|*s")),
    Document("quotes as databases write them",
             '"soal","a","b","kunci"\n"Kata \\"indah\\" adalah","sifat","kerja","A"\n',
             ('Kata "indah" adalah|*sifat|kerja',)),
    Document("a blank before each quote",
             'soal, a, b, kunci\n"Apa, siapa?", "p, q", "r", "B"\n', ("Apa, siapa?|p, q|*r",)),
    Document("points for each option",
             "soal,opsi_a,nilai_a,opsi_b,nilai_b\nDua tambah dua?,empat,5,lima,0\n"
             "Sikap Anda?,diam,1,lapor,5\n",
             ("Dua tambah dua?|*empat|lima",), ("skipped_several_right",), (), ("keys_by_points",)),
    Document("points beside a key",
             "soal,opsi_a,poin_a,opsi_b,poin_b,kunci\nApa?,p,0,q,5,B\n", ("Apa?|p|*q",), (), (),
             ("column_unread", "column_unread")),
    Document("the right ones in columns of their own",
             "questionname,questiontext,A,B,C,Answer 1,Answer 2\nx,Apa?,p,q,r,B,\ny,Pilih dua,p,q,r,A,C\n",
             ("Apa?|p|*q|r",), ("skipped_several_right",), (), ("column_unread",)),
    Document("pictures that are not here",
             "soal,gambar,a,b,kunci\nApa?,null,p,q,B\nLihat.,https://contoh.id/x.png,p,q,A\n",
             ("Apa?|p|*q", "Lihat.|*p|q"), (), (), ("picture_elsewhere",)),
    Document("help below the heading of a template",
             "Question Text,Question Type,Option 1,Option 2,Correct Answer\n"
             "Text (required),(default is Multiple Choice),Option 1 (required),Option 2 (required),1 to 5\n"
             "Apa?,Multiple Choice,p,q,2\n",
             ("Apa?|p|*q",), (), (), ("row_passed_over",)),
    Document("a question that sounds like such help",
             "soal,a,b,c,kunci\nMana yang wajib diisi?,kolom wajib,kolom opsional,isi wajib,B\n",
             ("Mana yang wajib diisi?|kolom wajib|*kolom opsional|isi wajib",)),
    Document("feedback for each option",
             "Question,Answer Option 1,Explanation 1,Answer Option 2,Explanation 2,Correct Answers,"
             "Overall Explanation\nApa?,p,bukan,q,ya,2,Karena q\n",
             ("Apa?|p|*q",), (), (), ("column_unread", "column_unread")),
    Document("keys between strokes",
             "question,choice_a,choice_b,answer_keys\nApa?,p,q,B\nPilih dua,p,q,A|B\n",
             ("Apa?|p|*q",), ("skipped_several_right",)),
    Document("fillers for options that are not there",
             "soal,a,b,c,d,kunci\nBenarkah?,ya,tidak,N/A,N/A,A\nTanda?,-,+,x,:,A\n",
             ("Benarkah?|*ya|tidak", "Tanda?|*-|+|x|:")),
    Document("columns that only sound like others",
             "topic_key,is_mcq,question_name,content,option_a,option_b,correct_option\n"
             "peta,1,nama,Apa?,p,q,b\n",
             ("Apa?|p|*q",), (), (), ("column_unread", "column_unknown")),
    Document("other kinds without a column for options",
             "type,question,language\ncoding,Tulis program,Python\ncoding,Balik kata,Java\n", (),
             ("skipped_kind", "skipped_kind")),
    Document("a column of tags as keys", "soal,a,b,kunci\nTag formulir?,<div>,<form>,<form>\n",
             ("Tag formulir?|<div>|*<form>",)),
    Document("a heading that says from which number the keys count",
             "Question,Option 1,Option 2,Option 3,Correct Index (0-2)\nApa?,p,q,r,1\nSiapa?,s,t,u,2\n",
             ("Apa?|p|*q|r", "Siapa?|s|t|*u"), (), (), ("key_from_zero",)),
    Document("Malay headings", "Bil,Soalan,A,B,Jawapan\n1,Apa itu?,p,q,B\n", ("Apa itu?|p|*q",)),
]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_a_table_of_another_program_is_read(document):
    got = outcome("bank.csv", document.data)
    assert (got.items, got.skipped, got.errors) == (document.items, document.skipped, document.errors)
    assert sorted(got.warnings) == sorted(document.warnings)


def test_tables_with_the_kind_in_the_first_cell_are_known_without_an_ending():
    assert detect("bank.txt", TYPED.encode()) == "csv"


HEADLESS = {
    "letters": ("Pernyataan 1 | Benar. Pernyataan 2 | Salah.,pa,qa,B\nSiapa yang mencacah?,sa,ta,A\n", "BA"),
    "a code first and a topic last": (
        "K1;Kota terbesar di Jawa;Bogor;Jakarta;Solo;B;Umum\n"
        "K2;Sungai terpanjang di Jawa;Solo;Brantas;Citarum;A;Umum\n",
        "BA",
    ),
    "keys as texts, kinds in front": (
        "select,M,Alat apa yang mencetak?,layar,printer,,printer,\n"
        "select,M,Alat apa yang menampilkan?,layar,printer,,layar,\n"
        "checkbox,M,Alat apa saja?,layar,printer,tetikus,layarprinter,\n"
        "select,M,Alat apa yang menunjuk?,papan,tetikus,,tetikus,\n",
        "BAB",
    ),
    "a heading in another language": (
        "frage,eins,zwei,drei,loesung\nWie heisst der Fluss?,Rhein,Elbe,Oder,A\n"
        "Wie heisst die Stadt?,Ulm,Bonn,Trier,C\n",
        "AC",
    ),
    "marks of another program behind the key": (
        "AA1,She ___ a book.,read,reads,reading,b;;;;\nAA2,They ___ Tom, Jane, and Ann.,are,is,am,a;;;;\n"
        "AA3,We ___ here.,was,were,are,c;;;;\n",
        "BAC",
    ),
}


@pytest.mark.parametrize("shape", HEADLESS)
def test_a_table_without_a_known_heading_is_told_by_its_content(shape):
    text, keys = HEADLESS[shape]
    loaded = load("bank.csv", text.encode())
    assert "".join("ABC"[item.key] for item in items_of(loaded)) == keys
    assert loaded.errors == ()
    assert {"heading_guessed", "heading_by_content"} & set(codes(loaded.warnings))


@pytest.mark.parametrize(
    "text",
    [
        "0,1,2,3,4\n8,3.9,12.5,8,3\n4,5.3,16.9,4,2\n6,5.4,17.1,6,1\n",
        "Apa yang benar?,pa,qa,ra\nSiapa yang benar?,sa,ta,ua\n",
        "id,text,type,level_id,subject_id\n1,Pertanyaan yang panjang?,MultipleChoice,3,1\n"
        "2,Pertanyaan lain lagi?,MultipleChoice,2,1\n3,Apa pula ini?,MultipleChoice,2,2\n",
        "nama,alamat,kota,nilai\nSiti Aminah,Jalan Melati 3,Bogor,A\nBudi Santoso,Jalan Mawar 5,Solo,B\n",
        "First capital of the land?;Bogor\nHow many islands?;17000\n",
    ],
)
def test_a_table_that_only_looks_like_questions_is_refused_with_a_sentence(text):
    loaded = load("bank.csv", text.encode())
    assert (loaded.items, loaded.skipped) == ((), ())
    assert loaded.errors


def test_the_question_in_two_languages_is_no_option():
    text = "soalEn,soalHi,x1,x2,x3,index\n" + "".join(
        f"What is number {n}?,Kya hai {n}?,p{n},q{n},r{n},{n % 3 + 1}\n" for n in range(9)
    )
    assert load("bank.csv", text.encode()).items == ()


def test_a_part_announced_as_another_kind_holds_that_kind():
    text = "No,Soal,A,B,Kunci\n,I. PILIHAN GANDA,,,\n1,Apa?,p,q,A\n,II. URAIAN,,,\n2,Jelaskan sensus!,,,\n"
    loaded = load("bank.csv", text.encode())
    assert (len(loaded.items), loaded.errors) == (1, ())
    assert places(loaded.skipped) == [("baris 5", "skipped_essay")]


def test_a_lone_line_without_a_number_is_told_and_passed_over():
    loaded = load("bank.csv", b"No,Soal,A,B,Kunci\n1,Apa?,p,q,A\n,Mengetahui Kepala Kantor,,,\n2,Sisa,,,\n")
    assert places(loaded.warnings) == [("baris 3", "row_passed_over")]
    assert places(loaded.errors) == [("baris 4, kolom C", "options_few")]


def test_a_part_that_is_far_too_long_as_a_code_is_dropped_with_a_warning():
    loaded = load("bank.csv", f"soal,a,b,kunci,code\nApa?,p,q,A,{'print(1) ' * 20}\n".encode())
    assert ([item.code for item in items_of(loaded)], codes(loaded.warnings)) == ([""], ["code_dropped"])


def test_an_explanation_of_the_whole_question_wins_over_those_of_its_options():
    heading = "Question,Option 1,Explanation 1,Option 2,Explanation 2,Answer,Overall Explanation"
    text = f"{heading}\nApa?,p,x,q,y,2,semua\n"
    assert [plain(item.explanation) for item in items_of(load("b.csv", text.encode()))] == ["semua"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    [
        "select,Apa yang ke {n}?,p{n},q{n},r{n},q{n}\n",
        "Satu, dua, dan {n}?,p{n},q{n},a\n",
        '"x", "y{n}, "z,q,a\n',
        "Option,100,{n}\n",
        "MC\tApa {n}?\tp\tcorrect\tq\tincorrect\n",
        "{n},Apa?,satu,0\n",
    ],
)
def test_the_time_grows_with_the_rows(row):
    def seconds(count):
        text = "soal,a,b,kunci\n" * ("dan" in row) + "".join(row.format(n=n) for n in range(count))
        start = time.process_time()
        load("bank.csv", text.encode(), "csv")
        return time.process_time() - start

    seconds(50)
    assert seconds(4_000) < 14 * max(seconds(400), 0.02)
