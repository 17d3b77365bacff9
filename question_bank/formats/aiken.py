"""Aiken, as people type it: lettered options under a stem, and a line that says which is right."""

import html
import re
from itertools import islice
from pathlib import PurePath

from question_bank.formats.aiken_lines import number_in, with_usual_marks, without_name
from question_bank.formats.aiken_questions import Question, questions
from question_bank.formats.aiken_words import ANSWER
from question_bank.formats.choice import Refused
from question_bank.formats.decode import decode, is_text
from question_bank.formats.fences import unfenced
from question_bank.formats.loaded import FILE, MAX_ITEMS, Harvest, Loaded, at_line
from question_bank.formats.texts import Texts
from question_bank.items import Item
from question_bank.problems import Problem, excerpt

__all__ = ["detect", "load", "looks_like_aiken"]

_BULLET = r"(?:[-\u2013\u2022\u25cf\u25cb\u25e6][ \t]+)?"
_OPTION_A = re.compile(rf"^[ \t\ufeff]*{_BULLET}\*{{0,2}}\(?[Aa]\s?[.)]\s*\S", re.MULTILINE)
_OPTION_B = re.compile(rf"(?:^[ \t]*{_BULLET}|\t[ \t]*|[ ]{{2,}})\*{{0,2}}\(?[Bb]\s?[.)]\s*\S", re.MULTILINE)
_ANSWER = re.compile(
    rf"^[ \t*]*{ANSWER}[ \t*]*(?:(?:[:=-][ \t]*|[ \t]+)\(?[A-Ja-j]\)?[ \t]*(?:$|[.),*])|"
    r":[ \t]*[^\s{}][^\n{}]{0,200}$)",
    re.MULTILINE | re.IGNORECASE,
)
_STARRED = re.compile(r"^[ \t\ufeff]*\*[ \t]?\(?[A-Ja-j]\s?[.)]\s*\S", re.MULTILINE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TASK = re.compile(
    r"(?:jelaskan|sebutkan|uraikan|tuliskan|buatlah|hitunglah|gambarkan|bandingkan|explain|describe|discuss|"
    r"list|define|outline)\b",
    re.IGNORECASE,
)
_TRUE_FALSE = re.compile(r"true|false|benar|salah|t|f", re.IGNORECASE)
_OTHER_ENDINGS = frozenset({".csv", ".tsv", ".xml", ".html", ".json", ".gift"})


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is Aiken: two lettered options, and an answer line below or a star before one."""
    if PurePath(name).suffix.lower() in _OTHER_ENDINGS or not is_text(data):
        return False
    return looks_like_aiken(decode(data)[0])


def looks_like_aiken(text: str) -> bool:
    """Tell whether a text has two lettered options and says which is right, below them or with a star."""
    if text.lstrip("\ufeff \n\t").startswith("<"):
        return False
    at = 0
    text = with_usual_marks(text)
    for sign in (_OPTION_A, _OPTION_B):
        found = sign.search(text, at)
        if found is None:
            return False
        at = found.end()
    return _ANSWER.search(text, at) is not None or _STARRED.search(text) is not None


def load(data: bytes) -> Loaded:
    """Return the items, the skipped questions and all problems of an Aiken file; raises Unreadable."""
    text, warnings = decode(data)
    harvest = Harvest(warnings)
    found = questions(with_usual_marks(unfenced(text)))
    last_number = 0
    for question in islice(found, MAX_ITEMS):
        _take_task_out(question, harvest)
        last_number = _harvest(question, harvest, last_number)
    if next(found, None):
        harvest.note(Problem(FILE, "too_many", {"limit": MAX_ITEMS}))
    return harvest.loaded("aiken")


def _take_task_out(question: Question, harvest: Harvest) -> None:
    """An essay has no line of its own in this format: its text stands before the next stem."""
    begins = [index for index, line in enumerate(question.stem) if index and line.after_blank]
    if not (begins and question.options):
        return
    numbered = number_in(question.stem[0].text)
    if _TASK.match(numbered[1] if numbered else question.stem[0].text):
        harvest.skip(Problem(at_line(question.line), "skipped_essay"))
        question.stem = question.stem[begins[0] :]
        _take_task_out(question, harvest)
    else:
        harvest.note(
            Problem(at_line(question.line), "aiken_stem_parts", {"line": question.stem[begins[-1]].number})
        )


def _harvest(question: Question, harvest: Harvest, last_number: int) -> int:
    """Keep the question or say what is wrong with it; return the number it counts itself as."""
    where = at_line(question.line)
    number, stem = _stem(question, last_number)
    texts = Texts(where, harvest.picture)
    try:
        item = _item(question, stem, texts)
    except Refused as refused:
        problem = Problem(_place(question, refused.code), refused.code, refused.params)
        if refused.skipped:
            harvest.skip(problem)
        else:
            harvest.note(problem)
    else:
        harvest.add(where, item, texts.problems)
    return number


def _place(question: Question, code: str) -> str:
    return at_line(question.key_line if code.startswith("aiken_key") else question.line)


def _stem(question: Question, last_number: int) -> tuple[int, str]:
    """Return the stem without the number it counts itself as, and that number."""
    lines = [line.text for line in question.stem]
    numbered = number_in(lines[0]) if lines else None
    if numbered and (numbered[0] == last_number + 1 or last_number == 0):
        lines[0] = numbered[1]
        return numbered[0], "\n".join(lines).strip()
    lines[:1] = [without_name(line) for line in lines[:1]]
    return last_number + 1 if last_number else 0, "\n".join(lines)


def _item(question: Question, stem: str, texts: Texts) -> Item:
    key = _key(question)
    return Item(
        stem=texts.plain(_resolved(stem)),
        options=tuple(texts.plain(_resolved(one.text)) for one in question.options),
        key=key,
        explanation=texts.plain(_resolved("\n".join(question.explanation))),
    )


def _resolved(text: str) -> str:
    """Signs that other programs write as `&lt;` are meant as signs."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _key(question: Question) -> int:
    key = question.key
    starred = [index for index, one in enumerate(question.options) if one.option.marked]
    if key and len(starred) == len(question.options):
        starred = []  # the stars are the bullets of a list
    if len(starred) > 1:
        raise Refused("skipped_several_right")
    if starred and len(question.options) > 1:
        return _agreed(starred[0], question)
    if key is None:
        raise Refused("aiken_answer_missing" if question.options else "skipped_description")
    if not question.options and not question.stem:
        raise Refused("stem_empty")
    if not question.options:
        raise Refused("skipped_true_false" if _TRUE_FALSE.fullmatch(key.rest) else "skipped_short_answer")
    if key.several:
        raise Refused("skipped_several_right")
    places = [index for index, one in enumerate(question.options) if one.option.letter == key.letter]
    said = [index for index, one in enumerate(question.options) if _same(one.text, key.rest)]
    if len(said) == 1 and (len(key.rest) > 1 or not key.letter):
        return said[0]
    if not key.letter:
        raise Refused("aiken_key_unreadable", value=excerpt(key.rest))
    if not places:
        raise Refused("aiken_key_nowhere", letter=key.letter)
    if len(places) > 1:
        raise Refused("aiken_key_twice", letter=key.letter)
    return places[0]


def _agreed(place: int, question: Question) -> int:
    """The starred option, unless the answer line names another."""
    option, key = question.options[place].option, question.key
    if key and key.several:
        raise Refused("skipped_several_right")
    if key and key.letter and key.letter != option.letter:
        raise Refused("aiken_key_differs", letter=key.letter, starred=option.letter)
    return place


def _same(option: str, said: str) -> bool:
    return bool(said) and " ".join(option.split()).casefold() == " ".join(said.split()).casefold()
