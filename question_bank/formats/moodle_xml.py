"""Moodle XML: questions with one right answer are taken, other kinds are named and skipped."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

from question_bank.formats.choice import Refused
from question_bank.formats.labels import topic_of
from question_bank.formats.loaded import FILE, MAX_ITEMS, Harvest, Loaded, at_line
from question_bank.formats.moodle_question import kind_of, read_question
from question_bank.formats.moodle_source import is_moodle, source
from question_bank.formats.moodle_tree import Malformed, Node, questions
from question_bank.formats.moodle_write import dump
from question_bank.problems import Problem

__all__ = ["detect", "dump", "load"]

_NAMED = re.compile(r"\s*<[^>]*>.*?<name>([^<]*)</name>", re.DOTALL)  # a category that is XML of its own
_OTHER_ENDINGS = frozenset({".csv", ".tsv", ".gift"})


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is Moodle XML, by its root element."""
    return PurePath(name).suffix.lower() not in _OTHER_ENDINGS and is_moodle(data)


def load(data: bytes) -> Loaded:
    """Return the items, the skipped questions and all problems of a Moodle XML file; raises Unreadable."""
    text, warnings = source(data)
    harvest = Harvest(warnings)
    _harvest_all(questions(text), harvest)
    return harvest.loaded("moodle_xml")


def _harvest_all(elements: Iterable[Node | Malformed], harvest: Harvest) -> None:
    topic, count = "", 0
    on_line: Counter[int] = Counter()
    for element in elements:
        if isinstance(element, Node) and kind_of(element) == "category":
            topic = _topic(element)
            continue
        if isinstance(element, Node) and element.name != "question":
            continue
        count += 1
        if count > MAX_ITEMS:
            harvest.note(Problem(FILE, "too_many", {"limit": MAX_ITEMS}))
            break
        on_line[element.line] += 1
        where = _place(element.line, on_line[element.line])
        if isinstance(element, Malformed):
            harvest.note(Problem(where, element.code))
        else:
            _harvest(element, topic, where, harvest)


def _topic(category: Node) -> str:
    said = category.value("category") or category.value("name")
    named = _NAMED.match(said)
    return topic_of(named[1] if named else said)


def _place(line: int, number: int) -> str:
    """Files without line ends have many questions on one line: each still has a place of its own."""
    return at_line(line) if number == 1 else f"{at_line(line)}, soal {number}"


def _harvest(element: Node, topic: str, where: str, harvest: Harvest) -> None:
    try:
        item, problems = read_question(element, topic, where, harvest.picture)
    except Refused as refused:
        harvest.refuse(where, refused)
    else:
        harvest.add(where, item, problems)
