"""Reading a file takes as long as the file is: no line, however odd, costs the square of its length."""

import time

import pytest
from defusedxml.ElementTree import fromstring

from question_bank.formats import load
from question_bank.formats.xlsx.looks import looks_of

AIKEN = "Apa?\nA. x\nB. y\n"
MOODLE = "<quiz><question type='multichoice'><b></question>"
MANY = 100_000  # characters

ODD = [
    pytest.param("gift", "```" + " " * MANY + "z\nApa? {=a ~b}", id="blanks behind a fence"),
    pytest.param("gift", "Apa? {=a " + "~#b " * (MANY // 4) + "}", id="answers that begin with a hash"),
    pytest.param("gift", "Apa? {" + "~=" * (MANY // 2) + "}", id="marks without answers"),
    pytest.param("gift", "{" * MANY, id="braces that never close"),
    pytest.param("gift", "::" * (MANY // 2), id="titles that never close"),
    pytest.param("aiken", AIKEN + "ANSWER" + " " * MANY + "x", id="blanks behind the word for an answer"),
    pytest.param(
        "aiken", "Jelaskan x\n\n" * (MANY // 12) + AIKEN + "ANSWER: A\n", id="tasks above a question"
    ),
    pytest.param("aiken", "a" + " " * MANY + "z\nA. x\nB. y\nANSWER: A\n", id="blanks inside a stem"),
    pytest.param("csv", "soal,a,b,kunci\nApa?,p,q," + "kunci " * (MANY // 6) + "\n", id="words before a key"),
    pytest.param("csv", "soal,a,b,kunci\nApa?,p,q,A" + ", y" * (MANY // 3) + "\n", id="cells with blanks"),
    pytest.param("csv", "soal;pilihan;kunci\nApa?;" + "|" * MANY + ";A\n", id="separators without options"),
    pytest.param("moodle_xml", MOODLE + " " * MANY + "x", id="blanks behind the last question"),
    pytest.param("moodle_xml", "\n" * MANY + "x", id="blank lines and no element"),
    pytest.param(
        "moodle_xml", "<quiz><question><a" + " b=b" * (MANY // 4) + "></question></quiz>", id="no quotes"
    ),
    pytest.param("moodle_xml", "<quiz>" + "<question>" * (MANY // 10), id="questions that never end"),
    pytest.param("qti", " " * MANY + "<assessmentItem", id="blanks before an element"),
]


@pytest.mark.parametrize(("name", "text"), ODD)
def test_an_odd_file_of_a_hundred_thousand_characters_is_read_at_once(name, text):
    begun = time.process_time()
    load("bank.txt", text.encode(), name)
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize("digit", ["\u00b2", "\u0663"])
def test_a_style_numbered_by_a_digit_of_another_script_is_plain(digit):
    styles = fromstring(
        f'<styleSheet><fonts><font/></fonts><cellXfs><xf fontId="{digit}"/></cellXfs></styleSheet>'
    )
    assert looks_of(styles) == [""]
