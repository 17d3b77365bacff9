"""Keys that two careful people would read differently: told by a warning or refused, never just taken."""

import pytest
from bank_outcomes import Document, outcome

from question_bank.formats import load

COLUMNS = "soal,a,b,c,d,kunci\n"
POWERS = "Dua pangkat dua?,1,2,4,8,4\n"
CITIES = "Mana ibu kotanya?\nA. Bogor\nB. Bandung\nC. Jakarta\n"

TABLES = [
    Document(
        "a number that is an option's text and a place, with nothing beside it to tell which",
        COLUMNS + POWERS,
        errors=("key_ambiguous",),
    ),
    Document(
        "a slip of the pen in another row does not tell either",
        COLUMNS + POWERS + "Apa?,p,q,r,s,16\n",
        errors=("key_ambiguous", "key_range"),
    ),
    Document(
        "a key in another row that can only be a place",
        COLUMNS + POWERS + "Apa?,p,q,r,s,3\n",
        ("Dua pangkat dua?|1|2|4|*8", "Apa?|p|q|*r|s"),
        warnings=("key_read_as_number",),
    ),
    Document(
        "a key in another row that can only be a text",
        COLUMNS + POWERS + "Apa?,p,q,r,s,q\n",
        ("Dua pangkat dua?|1|2|*4|8", "Apa?|p|*q|r|s"),
        warnings=("key_read_as_text",),
    ),
    Document(
        "a letter that is the text of another option among keys that are texts",
        COLUMNS + "Golongan darah?,O,A,B,AB,B\nApa?,p,q,r,s,q\n",
        ("Golongan darah?|O|A|*B|AB", "Apa?|p|*q|r|s"),
        warnings=("key_read_as_text",),
    ),
    Document(
        "a number and a letter that is the text of that option",
        COLUMNS + "Bahasa apa?,Java,C,Python,Go,2. C\n",
        errors=("key_ambiguous",),
    ),
    Document(
        "a number of a question before its letter",
        COLUMNS + "Bahasa apa?,Java,Perl,Python,Go,2. C\n",
        ("Bahasa apa?|Java|Perl|*Python|Go",),
    ),
    Document(
        "places in columns that look like one mark for each option",
        "soal,a,b,c,d,kunci 1,kunci 2\nApa?,p,q,r,s,3,\n",
        errors=("key_unreadable",),
    ),
    Document(
        "marks that are shares or percent",
        "soal,a,b,benar a,benar b\nApa?,p,q,0,100\nSiapa?,r,s,1,0\n",
        ("Apa?|p|*q", "Siapa?|*r|s"),
    ),
    Document(
        "the number of the right option on the first of several rows",
        "no,soal,pilihan,kunci\n1,Apa?,satu,3\n,,dua,\n,,tiga,\n2,Siapa?,empat,2\n,,lima,\n",
        ("Apa?|satu|dua|*tiga", "Siapa?|empat|*lima"),
    ),
    Document(
        "two columns of ticks that do not agree",
        "q,apa,,\na,satu,1,0\na,dua dua,0,1\n" * 2,
        errors=("column_missing",) * 4,
        warnings=("column_unknown", "column_unknown", "column_unnamed", "column_unnamed"),
    ),
    Document(
        "a gap between separators", "soal;pilihan;kunci\nApa?;satu||tiga|empat;C\n", errors=("option_empty",)
    ),
    Document(
        "a gap in a list of a program",
        "soal;pilihan;kunci\nApa?;\"['p', '', 'q']\";B\n",
        errors=("option_empty",),
    ),
    Document(
        "double bars between all options",
        "soal;pilihan;kunci\nApa?;satu || dua || tiga;C\n",
        ("Apa?|satu|dua|*tiga",),
    ),
    Document(
        "an object of a program that leaves out a letter",
        'soal;pilihan;kunci\nApa?;"{""A"": ""p"", ""C"": ""q"", ""D"": ""r""}";C\n',
        errors=("options_few",),
    ),
    Document(
        "options that carry the letters of other places",
        "soal;pilihan;kunci\nApa?;B. dua|A. satu|C. tiga;A\n",
        errors=("option_letters_mixed",),
    ),
    Document(
        "columns whose options carry the letters of other columns",
        "soal,a,b,kunci\nApa?,B. dua,A. satu,A\nSiapa?,A. Yani,C. Tiahahu,B\n",
        ("Siapa?|A. Yani|*C. Tiahahu",),
        errors=("option_letters_mixed",),
    ),
    Document(
        "options counted from zero",
        "soal,option_0,option_1,option_2,answer\nApa?,p,q,r,1\nSiapa?,s,t,u,2\n",
        ("Apa?|p|*q|r", "Siapa?|s|t|*u"),
        warnings=("key_from_zero",),
    ),
    Document(
        "options counted from zero with letters for keys",
        "soal,option_0,option_1,option_2,answer\nApa?,p,q,r,B\n",
        ("Apa?|p|*q|r",),
    ),
    Document(
        "an index that is nowhere the first or the last",
        "soal,a,b,c,answer_index\nApa?,p,q,r,1\nSiapa?,s,t,u,2\n",
        ("Apa?|p|*q|r", "Siapa?|s|t|*u"),
        warnings=("key_from_zero",),
    ),
    Document(
        "an index whose name tells that it begins at one",
        "soal,a,b,c,indeks kunci (1-3)\nApa?,p,q,r,1\nSiapa?,s,t,u,2\n",
        ("Apa?|*p|q|r", "Siapa?|s|*t|u"),
    ),
    Document(
        "a column that tells what its numbers stand for",
        'soal,a,b,c,"Kunci (angka 0=A, 1=B)"\nApa?,p,q,r,1\nSiapa?,s,t,u,2\n',
        ("Apa?|p|*q|r", "Siapa?|s|t|*u"),
        warnings=("key_from_zero",),
    ),
    Document(
        "an index beside the text of the right option",
        "soal,a,b,c,jawaban benar,indeks jawaban\nApa?,p,q,r,p,1\nSiapa?,s,t,u,t,2\n",
        ("Apa?|*p|q|r", "Siapa?|s|*t|u"),
        warnings=("key_from_one",),
    ),
    Document(
        "a single zero among questions of other kinds",
        "tipe,soal,a,b,kunci\npg,Apa?,p,q,0\nbenar salah,Benarkah?,,,true\nisian,Berapa?,4,,4\n",
        ("Apa?|*p|q",),
        skipped=("skipped_true_false", "skipped_short_answer"),
        warnings=("key_from_zero",),
    ),
    Document(
        "several right options told by their texts",
        'soal,a,b,c,kunci\nPilih dua.,air,api,angin,"air, angin"\nPilih lagi.,p,q,r,A. p | C. r\n'
        'Nilai tiap pernyataan.,p,q,r,"B,S,B"\n',
        skipped=("skipped_several_right",) * 3,
    ),
    Document(
        "an option that holds the texts of two others",
        'soal,a,b,c,kunci\nApa saja?,air,api,"air, api","air, api"\n',
        ("Apa saja?|air|api|*air, api",),
    ),
    Document(
        "an index that counts from one",
        "soal,a,b,c,answer_index\nApa?,p,q,r,1\nSiapa?,s,t,u,3\n",
        ("Apa?|*p|q|r", "Siapa?|s|t|*u"),
    ),
    Document(
        "a name that may mean something else than a key",
        "soal,a,b,label\nApa?,p,q,B\n",
        ("Apa?|p|*q",),
        warnings=("key_by_name",),
    ),
    Document(
        "texts under such a name are no right answers",
        "soal,a,b,label\n" + "Apa?,p,q,sensus\n" * 3,
        errors=("key_unreadable",) * 3,
        warnings=("key_by_name",),
    ),
    Document(
        "keywords are no keys",
        "soal,a,b,kata kunci,kunci\nApa?,p,q,sensus,B\n",
        ("Apa?|p|*q",),
        warnings=("column_unread",),
    ),
    Document(
        "stars where no column holds the keys",
        "soal,a,b\nApa?,p,q*\n",
        ("Apa?|p|*q",),
        warnings=("keys_by_star",),
    ),
    Document(
        "points where no column holds the keys",
        "soal,a,b,skor a,skor b\nApa?,p,q,0,5\n",
        ("Apa?|p|*q",),
        warnings=("keys_by_points",),
    ),
]

GIFT = [
    Document(
        "an equals sign that would be a second right answer",
        "Apa? {=satu=dua ~tiga}",
        ("Apa?|*satu=dua|tiga",),
        warnings=("gift_equals",),
    ),
    Document(
        "an equals sign inside a wrong answer, with no other right one",
        "Apa? {~x=1 ~y ~z}",
        ("Apa?|x|*1|y|z",),
        warnings=("gift_right_inside",),
    ),
    Document(
        "the same on lines of its own",
        "Apa? {\n~x = 1\n~y\n~z\n}",
        ("Apa?|x|*1|y|z",),
        warnings=("gift_right_inside",),
    ),
    Document("answers written without blanks between them", "Apa? {~y=x~z}", ("Apa?|y|*x|z",)),
    Document(
        "answers that nobody put between braces",
        "Apa?\n=satu\n~dua\n",
        ("Apa?|*satu|dua",),
        warnings=("gift_unbraced",),
    ),
]

AIKEN = [
    Document(
        "a letter and the text of another option",
        CITIES + "ANSWER: B. Jakarta\n",
        errors=("aiken_key_contradicts",),
    ),
    Document(
        "a letter and a text that no option has",
        CITIES + "ANSWER: B Surabaya\n",
        ("Mana ibu kotanya?|Bogor|*Bandung|Jakarta",),
        warnings=("aiken_key_loose",),
    ),
    Document(
        "a letter, its own text and a full stop",
        CITIES + "ANSWER: C) Jakarta.\n",
        ("Mana ibu kotanya?|Bogor|Bandung|*Jakarta",),
    ),
    Document(
        "a letter and a remark",
        CITIES + "ANSWER: C (hlm. 3)\n",
        ("Mana ibu kotanya?|Bogor|Bandung|*Jakarta",),
    ),
    Document(
        "a text that begins like a letter",
        "Which pet?\nA. a dog\nB. A cat\nANSWER: A cat.\n",
        ("Which pet?|a dog|*A cat",),
    ),
    Document(
        "a star and the text of another option",
        CITIES.replace("A.", "*A.") + "ANSWER: Jakarta\n",
        errors=("aiken_key_differs",),
    ),
]


@pytest.mark.parametrize(
    ("document", "name"),
    [
        pytest.param(one, name, id=one.name)
        for name, documents in (("bank.csv", TABLES), ("bank.gift", GIFT), ("bank.txt", AIKEN))
        for one in documents
    ],
)
def test_a_key_in_doubt_is_told_or_refused(document, name):
    got = outcome(name, document.data)
    assert (got.items, got.errors, got.skipped) == (document.items, document.errors, document.skipped)
    assert sorted(got.warnings) == sorted(document.warnings)


def qti(feedback):
    labels = "".join(
        f'<response_label ident="{one}"><material><mattext>{one}</mattext></material></response_label>'
        for one in "pqr"
    )
    shown = "".join(
        f'<respcondition><conditionvar><varequal respident="r">{option}</varequal></conditionvar>'
        f'<displayfeedback linkrefid="{name}"/></respcondition>'
        for option, name in feedback.items()
    )
    text = (
        f'<questestinterop><item ident="i"><presentation><material><mattext>Apa?</mattext></material>'
        f'<response_lid ident="r" rcardinality="Single"><render_choice>{labels}</render_choice>'
        "</response_lid>"
        f"</presentation><resprocessing>{shown}</resprocessing></item></questestinterop>"
    )
    return outcome("bank.xml", text.encode())


def test_a_key_that_only_feedback_tells_carries_a_warning():
    got = qti({"p": "wrong", "q": "right"})
    assert (got.items, got.warnings) == (("Apa?|p|*q|r",), ("qti_key_by_feedback",))


def test_feedback_that_calls_two_answers_right_tells_no_key():
    assert qti({"p": "right", "q": "right"}).skipped == ("skipped_several_right",)


@pytest.mark.parametrize("count", [3, 3_000])
def test_tasks_without_options_before_a_question_are_taken_out_one_by_one(count):
    loaded = load("bank.txt", ("Jelaskan sensus\n\n" * count + CITIES + "ANSWER: C\n").encode(), "aiken")
    assert [one.code for one in loaded.skipped] == ["skipped_essay"] * count
    assert [one.item.stem for one in loaded.items] == ["Mana ibu kotanya?"]
