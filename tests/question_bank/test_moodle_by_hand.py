"""Moodle XML as hands and small programs write it: nearly XML, parts of files, fields left empty."""

import time

import pytest
from bank_outcomes import Document, check

from question_bank.formats import Unreadable, detect, load

BROKEN = '<question type="multichoice"><name><text>Rusak</name></question>\n'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def asked(stem: str, right: str = "ya", wrong: str = "tidak") -> str:
    return (
        f'<question type="multichoice"><questiontext format="html"><text>{stem}</text></questiontext>'
        f'<answer fraction="100"><text>{right}</text></answer>'
        f'<answer fraction="0"><text>{wrong}</text></answer></question>\n'
    )


def whole(*questions: str, root: str = "quiz") -> str:
    return f"{HEAD}<{root}>\n{''.join(questions)}</{root}>\n"


DOCUMENTS = [
    Document(
        "values without quotes",
        whole(asked("Satu").replace('"', ""), asked("Dua")),
        items=("Satu|*ya|tidak", "Dua|*ya|tidak"),
    ),
    Document(
        "bare signs of mathematics, and an ampersand beside them",
        whole(asked("Bila x < 5 & y >= 2, x <= y?", "x <= 2", "x > 2")),
        items=("Bila x < 5 & y >= 2, x <= y?|*x <= 2|x > 2",),
    ),
    Document(
        "tags of HTML that nobody closed",
        whole(asked("Baris satu<br>baris dua<hr>", "a<br/>b", 'c <img src="x.png" alt="x = y z">')),
        items=("Baris satu baris dua|*a b|c",),
        warnings=("media_dropped",),
    ),
    Document(
        "one broken question among sound ones",
        whole(asked("Satu"), BROKEN, asked("Dua"), BROKEN, asked("Tiga & empat")),
        items=("Satu|*ya|tidak", "Dua|*ya|tidak", "Tiga & empat|*ya|tidak"),
        errors=("moodle_question_broken", "moodle_question_broken"),
    ),
    Document(
        "CDATA that does not end",
        whole(asked("<![CDATA[Satu]]>"), asked("<![CDATA[Dua"), asked("Tiga")),
        items=("Satu|*ya|tidak", "Tiga|*ya|tidak"),
        errors=("moodle_question_broken",),
    ),
    Document(
        "another kind after a fault",
        whole(BROKEN, '<question type="essay"><questiontext><text>Uraikan</text></questiontext></question>'),
        skipped=("skipped_essay",),
        errors=("moodle_question_broken",),
    ),
    Document("cut off after a question", whole(asked("Satu"))[: -len("</quiz>\n")], items=("Satu|*ya|tidak",),
             errors=("moodle_broken",)),
    Document("a root with a slip", whole(asked("Satu"), root="quizz"), items=("Satu|*ya|tidak",)),
    Document("another root", whole(asked("Satu"), root="bank"), items=("Satu|*ya|tidak",)),
    Document("no root", asked("Satu") + asked("Dua"), items=("Satu|*ya|tidak", "Dua|*ya|tidak")),
    Document("a declaration and no root", f"{HEAD}<!-- x -->\n{asked('Satu')}", items=("Satu|*ya|tidak",)),
    Document(
        "fields left empty",
        whole(
            asked("Satu").replace("</question>", '<answer fraction="0"><text> </text></answer></question>'),
            asked("Dua").replace('<answer fraction="100">', '<answer fraction="0"><text/></answer>\\g<0>')
            .replace("\\g<0>", '<answer fraction="100">'),
            asked("Tiga", wrong=""),
            asked("Empat", right=""),
        ),
        items=("Satu|*ya|tidak", "Dua|*ya|tidak"),
        errors=("option_empty", "option_empty"),
        warnings=("options_blank", "options_blank"),
    ),
    Document(
        "what a program prints in one line or in three",
        whole(asked("Apa keluarannya?", "&lt;p&gt;a&lt;br&gt;b&lt;br&gt;c&lt;/p&gt;", "a b c")),
        items=("Apa keluarannya?|*a b c|a b c",),
    ),
]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_a_careful_person_would_mend_is_read(document: Document) -> None:
    check(document, "moodle_xml", "soal.xml")


def test_after_a_fault_lines_still_count_from_the_beginning_of_the_file() -> None:
    loaded = load("soal.xml", whole(asked("Satu"), BROKEN, asked("Dua"), BROKEN, asked("Tiga")).encode())
    assert [located.where for located in loaded.items] == ["baris 3", "baris 5", "baris 7"]
    assert [problem.where for problem in loaded.errors] == ["baris 4", "baris 6"]


def test_a_sound_file_is_read_as_it_stands() -> None:
    literal = asked("<![CDATA[Tanda <br> & &nbsp; apa?]]>")
    assert load("soal.xml", whole(literal).encode()).items[0].item.stem == "Tanda <br> &amp; &nbsp; apa?"


@pytest.mark.parametrize(
    "data",
    [b"<bank><question type='x'/></bank>", b"<html><question type='x'/><questiontext/></html>",
     b"<bank><question><questiontext/></question></bank>"],
)  # fmt: skip
def test_xml_that_only_resembles_it_is_no_moodle_file(data: bytes) -> None:
    with pytest.raises(Unreadable):
        detect("soal.xml", data)


@pytest.mark.parametrize(
    "piece",
    [BROKEN, "<question type=", "<question ", "<![CDATA[", "<a b=c ", "<br", "<!--", "&x"],
)
def test_faults_without_number_are_read_in_linear_time(piece: str) -> None:
    data = (whole(asked("Satu"))[: -len("</quiz>\n")] + piece * (1_500_000 // len(piece))).encode()
    start = time.process_time()
    load("soal.xml", data)
    assert time.process_time() - start < 15
