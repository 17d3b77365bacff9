# ruff: noqa: E501
"""Moodle XML files in the shapes that Moodle and other programs write."""

import base64

import pytest
from bank_outcomes import Document, check

from question_bank.formats import Loaded, Unreadable, detect, load

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
PNG_64 = base64.b64encode(PNG).decode()


def choice(stem: str, answers: str, more: str = "", kind: str = "multichoice") -> str:
    """A question; answers as "100 right, 0 wrong"."""
    nodes = "".join(
        f'<answer fraction="{weight}" format="html"><text><![CDATA[<p>{text}</p>]]></text>'
        "<feedback format='html'><text></text></feedback></answer>"
        for weight, _, text in (one.strip().partition(" ") for one in answers.split(","))
    )
    return (
        f'<question type="{kind}"><name><text>{stem}</text></name>'
        f'<questiontext format="html"><text><![CDATA[<p>{stem}</p>]]></text></questiontext>{more}{nodes}</question>\n'
    )


def quiz(*questions: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return f"{head}<quiz>\n{''.join(questions)}</quiz>\n"


def other(kind: str, text: str = "x") -> str:
    return (
        f'<question type="{kind}"><name><text>{kind}</text></name><questiontext format="html"><text>{text}</text>'
        "</questiontext></question>\n"
    )


KINDS = {
    "truefalse": "skipped_true_false", "matching": "skipped_matching", "cloze": "skipped_cloze",
    "essay": "skipped_essay", "shortanswer": "skipped_short_answer", "numerical": "skipped_numerical",
    "calculated": "skipped_calculated", "calculatedsimple": "skipped_calculated",
    "calculatedmulti": "skipped_calculated", "ddwtos": "skipped_drag", "ddimageortext": "skipped_drag",
    "ddmarker": "skipped_drag", "gapselect": "skipped_cloze", "description": "skipped_description",
    "random": "skipped_random", "randomsamatch": "skipped_random", "ordering": "skipped_ordering",
    "coderunner": "skipped_kind", "stack": "skipped_kind",
}  # fmt: skip

DOCUMENTS = [
    Document(
        "as Moodle exports it",
        """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category>
      <text>$course$/top/Default for Statistik/Sensus</text>
    </category>
    <info format="moodle_auto_format">
      <text></text>
    </info>
    <idnumber></idnumber>
  </question>

<!-- question: 812  -->
  <question type="multichoice">
    <name>
      <text>Sensus 1</text>
    </name>
    <questiontext format="html">
      <text><![CDATA[<p dir="ltr" style="text-align: left;">Sensus penduduk dilakukan setiap</p>]]></text>
    </questiontext>
    <generalfeedback format="html">
      <text><![CDATA[<p>Tahun yang berakhir 0.</p>]]></text>
    </generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber>SP-001</idnumber>
    <single>true</single>
    <shuffleanswers>false</shuffleanswers>
    <answernumbering>abc</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html">
      <text>Your answer is correct.</text>
    </correctfeedback>
    <shownumcorrect/>
    <answer fraction="0" format="html">
      <text><![CDATA[<p>5 tahun</p>]]></text>
      <feedback format="html">
        <text></text>
      </feedback>
    </answer>
    <answer fraction="100" format="html">
      <text><![CDATA[<p>10 tahun</p>]]></text>
      <feedback format="html">
        <text></text>
      </feedback>
    </answer>
    <tags>
      <tag><text>sulit</text></tag>
      <tag><text>kependudukan</text></tag>
    </tags>
  </question>
</quiz>
""",
        items=("Sensus penduduk dilakukan setiap|5 tahun|*10 tahun",),
    ),
    Document(
        "every other kind",
        quiz(*(other(kind) for kind in KINDS), choice("Satu", "100 a, 0 b")),
        items=("Satu|*a|b",),
        skipped=tuple(KINDS.values()),
    ),
    Document(
        "single in all spellings",
        quiz(
            choice("A", "100 x, 0 y", "<single>true</single>"),
            choice("B", "100 x, 0 y", "<single>1</single>"),
            choice("C", "100 x, 0 y"),
            choice("D", "100 x, 0 y", "<single>false</single>"),
            choice("E", "50 x, 50 y, 0 z", "<single>0</single>"),
            choice("F", "50 x, 50 y, -100 z", "<single>false</single>"),
            choice("G", "100 x, 100 y, 0 z", "<single>true</single>"),
            choice("H", "100 x, -100 y", "<single>0</single>"),
        ),
        items=("A|*x|y", "B|*x|y", "C|*x|y", "D|*x|y", "H|*x|y"),
        skipped=("skipped_several_right",) * 3,
        warnings=("one_of_several", "weights_dropped", "one_of_several"),
    ),
    Document(
        "fractions in all spellings",
        quiz(
            choice("A", "100.00000 x, 0.0 y"),
            choice("B", "100 x, 33.33333 y, -50 z"),
            choice("C", "1 x, 0 y"),
            choice("D", "33.33333 x, 33.33333 y, 33.33333 z", "<single>false</single>"),
            choice("E", "50 x, 0 y"),
            choice("F", "0 x, 0 y"),
            choice("G", "0 x, +100 y"),
        ),
        items=("A|*x|y", "B|*x|y|z", "C|*x|y", "G|x|*y"),
        skipped=("skipped_several_right",),
        errors=("no_right_answer", "no_right_answer"),
        warnings=("weights_dropped",),
    ),
    Document(
        "text formats",
        quiz(
            '<question type="multichoice"><questiontext format="moodle_auto_format"><text>baris satu\n'
            'baris &lt;b&gt;dua&lt;/b&gt;</text></questiontext><answer fraction="100" format="plain_text">'
            "<text>a &lt; b</text></answer><answer fraction='0' format='plain_text'><text>&lt;i&gt;</text></answer>"
            "</question>",
            '<question type="multichoice"><questiontext format="markdown"><text>**x**?</text></questiontext>'
            "<answer fraction='100'><text>a</text></answer><answer fraction='0'><text>b</text></answer></question>",
            '<question type="multichoice"><questiontext><text>tanpa</text></questiontext>'
            "<answer fraction='100'><text>a</text></answer><answer fraction='0'><text>b</text></answer></question>",
        ),
        items=("baris satu baris dua|*a < b|<i>", "**x**?|*a|b", "tanpa|*a|b"),
        warnings=("markdown_kept",),
    ),
    Document(
        "quoted once too often",
        quiz(
            '<question type="multichoice"><questiontext format="html"><text>&amp;lt;p&amp;gt;Apa &amp;amp; siapa?'
            '&amp;lt;/p&amp;gt;</text></questiontext><answer fraction="100" format="html"><text>&amp;lt;p&amp;gt;a'
            "&amp;lt;/p&amp;gt;</text></answer><answer fraction='0' format='html'><text>b</text></answer></question>",
            '<question type="multichoice"><questiontext format="html"><text>&lt;![CDATA[&lt;p&gt;Dua&lt;/p&gt;]]&gt;'
            '</text></questiontext><answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text>'
            "</answer></question>",
        ),
        items=("Apa & siapa?|*a|b", "Dua|*a|b"),
    ),
    Document(
        "html that nobody quoted",
        quiz(
            '<question type="multichoice"><questiontext format="html"><text><p>Nilai x<sup>2</sup> &amp; y?</p></text>'
            '</questiontext><answer fraction="100"><text><b>a</b></text></answer><answer fraction="0"><text>b</text>'
            "</answer></question>"
        ),
        items=("Nilai x2 & y?|*a|b",),
    ),
    Document(
        "html characters and lone ampersands",
        quiz(
            '<question type="multichoice"><questiontext format="html"><text>R&D &nbsp;&ndash; apa?</text>'
            '</questiontext><answer fraction="100"><text>a&eacute;</text></answer><answer fraction="0"><text>b</text>'
            "</answer></question>"
        ),
        items=("R&D – apa?|*aé|b",),
    ),
    Document(
        "another encoding in the declaration",
        quiz(choice("Méja", "100 a, 0 b"), head='<?xml version="1.0" encoding="ISO-8859-1"?>\n').encode("latin-1"),
        items=("Méja|*a|b",),
    ),
    Document(
        "Windows bytes in a file that says UTF-8",
        quiz(choice("“Méja”", "100 a, 0 b")).encode("cp1252"),
        items=("“Méja”|*a|b",),
        warnings=("encoding_guessed",),
    ),
    Document("UTF-16", quiz(choice("Méja", "100 a, 0 b")).replace("UTF-8", "utf-16").encode("utf-16"),
             items=("Méja|*a|b",)),
    Document(
        "broken in the middle",
        quiz(choice("A", "100 a, 0 b"), "<question type='multichoice'><name></question>", choice("B", "100 a, 0 b")),
        items=("A|*a|b", "B|*a|b"),
        errors=("moodle_question_broken",),
    ),
    Document("cut off", quiz(choice("A", "100 a, 0 b"), choice("B", "100 a, 0 b"))[:-60], items=("A|*a|b",),
             errors=("moodle_question_broken",)),
    Document(
        "billion laughs",
        quiz(choice("A", "100 a, 0 b"), head='<!DOCTYPE quiz [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>\n'),
        errors=("moodle_dtd",),
    ),
    Document(
        "no type, no answers, no stem, hidden",
        quiz(
            "<question><questiontext><text>x</text></questiontext></question>",
            choice("B", "100 a")[: choice("B", "100 a").index("<answer")] + "</question>",
            choice("", "100 a, 0 b"),
            choice("D", "100 a, 0 b", "<hidden>1</hidden>"),
            choice("E", "100 a, 0 a"),
        ),
        skipped=("skipped_hidden",),
        errors=("moodle_type", "options_few", "stem_empty", "option_doubled"),
    ),
    Document(
        "tables, lists and formulas",
        quiz(choice(
            "<table><tr><td>1</td></tr></table><ul><li>x</li></ul> \\(\\frac{a}{b}\\) "
            "<math><msup><mi>x</mi><mn>2</mn></msup></math>",
            "100 H<sub>2</sub>O, 0 \\(\\begin{cases}1\\end{cases}\\)",
        )),
        items=("1 x a/b x2|*H2O|\\(\\begin{cases}1\\end{cases}\\)",),
        warnings=("formula_kept",),
    ),
    Document(
        "feedback to answers, and hints",
        quiz(
            '<question type="multichoice"><questiontext><text>A</text></questiontext><answer fraction="100"><text>a'
            "</text><feedback><text>sebab</text></feedback></answer><answer fraction='0'><text>b</text><feedback>"
            "<text>bukan</text></feedback></answer></question>",
            choice("B", "100 a, 0 b", "<hint><text>petunjuk</text></hint>"),
        ),
        items=("A|*a|b", "B|*a|b"),
        warnings=("feedback_dropped", "feedback_dropped"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_the_document_gives_what_a_careful_reader_would_take(document: Document) -> None:
    check(document, "moodle_xml", "soal.xml")


def test_labels_topic_order_and_explanation_of_an_export_are_kept() -> None:
    (located,) = load("x.xml", DOCUMENTS[0].data).items
    item = located.item
    assert (item.code, item.topic, item.difficulty, item.shuffle) == ("SP-001", "Sensus", "hard", False)
    assert (item.explanation, located.where) == ("<p>Tahun yang berakhir 0.</p>", "baris 15")


def test_the_feedback_of_the_right_answer_explains() -> None:
    assert [located.item.explanation for located in load("x.xml", DOCUMENTS[16].data).items] == ["sebab", ""]


def with_picture(source: str, file: str) -> Loaded:
    text = quiz(
        '<question type="multichoice"><questiontext format="html"><text><![CDATA[<p>Peta: '
        f'<img src="{source}" alt="peta" width="3"></p>]]></text>{file}</questiontext>'
        '<answer fraction="100" format="html"><text>a</text></answer><answer fraction="0"><text>b</text></answer>'
        "</question>"
    )
    return load("x.xml", text.encode())


@pytest.mark.parametrize(
    ("source", "name", "path"),
    [
        ("@@PLUGINFILE@@/peta.png", "peta.png", "/"),
        ("@@PLUGINFILE@@/peta%20pulau%20%281%29.png", "peta pulau (1).png", "/"),
        ("@@PLUGINFILE@@/peta.png?time=123&amp;x=1", "peta.png", "/"),
        ("@@PLUGINFILE@@/bab/peta.png", "peta.png", "/bab/"),
        ("%40%40PLUGINFILE%40%40/peta.png", "peta.png", "/"),
        ("peta.png", "peta.png", "/"),
    ],
)
def test_an_embedded_picture_is_kept_in_its_place(source: str, name: str, path: str) -> None:
    loaded = with_picture(source, f'<file name="{name}" path="{path}" encoding="base64">{PNG_64}</file>')
    ((shown, data),) = loaded.pictures.items()
    assert loaded.items[0].item.stem == f'<p>Peta: <img src="{shown}" alt="peta"></p>'
    assert (data, loaded.errors, loaded.warnings) == (PNG, (), ())


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("@@PLUGINFILE@@/peta.png", ""),
        ("https://contoh.example/peta.png", ""),
        ("@@PLUGINFILE@@/peta.png", '<file name="peta.png" encoding="base64">@@@</file>'),
        ("@@PLUGINFILE@@/peta.svg", '<file name="peta.svg" encoding="base64">PHN2Zz48L3N2Zz4=</file>'),
    ],
)
def test_a_picture_that_cannot_be_had_is_told_and_the_text_stays(source: str, file: str) -> None:
    loaded = with_picture(source, file)
    assert loaded.items[0].item.stem == "<p>Peta: </p>"
    assert [problem.code for problem in loaded.warnings] == ["media_dropped"]
    assert loaded.pictures == {}


def test_pictures_with_the_same_name_in_different_answers_stay_apart() -> None:
    answers = "".join(
        f'<answer fraction="{weight}" format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/image.png" alt="{weight}">]]>'
        f'</text><file name="image.png" path="/" encoding="base64">{base64.b64encode(PNG + bytes([weight])).decode()}'
        "</file></answer>"
        for weight in (0, 100)
    )
    loaded = load("x.xml", quiz(f'<question type="multichoice"><questiontext><text>A</text></questiontext>{answers}'
                                "</question>").encode())  # fmt: skip
    assert len(set(loaded.items[0].item.options)) == len(loaded.pictures) == 2
    assert loaded.errors == ()


def test_an_option_whose_only_picture_is_missing_is_an_error_that_says_so() -> None:
    text = quiz(choice("A", '100 <img src="@@PLUGINFILE@@/x.png">, 0 b'))
    loaded = load("x.xml", text.encode())
    assert [(problem.where, problem.code) for problem in loaded.errors] == [("baris 3", "picture_absent")]


def test_a_picture_of_moodle_1_9_stands_below_the_text() -> None:
    loaded = load("x.xml", quiz(choice("A", "100 a, 0 b", f"<image>peta.png</image><image_base64>{PNG_64}</image_base64>"
                                )).encode())  # fmt: skip
    assert loaded.items[0].item.stem.startswith('<p>A</p><p><img src="')
    assert list(loaded.pictures.values()) == [PNG]


def test_lines_count_from_the_beginning_even_if_blanks_come_first() -> None:
    loaded = load("x.xml", ("\n\n" + quiz(choice("A", "100 a, 0 b"))).encode())
    assert [located.where for located in loaded.items] == ["baris 5"]


@pytest.mark.parametrize("name", ["soal.xml", "soal.txt", "soal"])
def test_the_root_element_tells_the_format(name: str) -> None:
    assert detect(name, b"\xef\xbb\xbf<!-- x --><quiz></quiz>") == "moodle_xml"


@pytest.mark.parametrize("data", [b"<html><quiz></quiz></html>", b"<quizzes></quizzes>", b"teks <quiz>"])
def test_another_root_is_no_moodle_file(data: bytes) -> None:
    with pytest.raises(Unreadable):
        load("soal.xml", data)


def test_questions_on_one_line_have_places_of_their_own() -> None:
    bad = '<question type="multichoice"><questiontext><text>Satu?</text></questiontext></question>'
    loaded = load("soal.xml", f"<quiz>{bad}{bad}</quiz>".encode())
    assert [problem.where for problem in loaded.errors] == ["baris 1", "baris 1, soal 2"]
    assert [len(question) for question in loaded.broken] == [1, 1]
