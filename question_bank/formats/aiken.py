"""Aiken, as people type it: lettered options under a stem, and a line that says which is right."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import PurePath

from question_bank.formats.aiken_headings import without_headings
from question_bank.formats.aiken_key import key_of
from question_bank.formats.aiken_key_above import without_keys_above
from question_bank.formats.aiken_key_list import Listed, keys_at_end
from question_bank.formats.aiken_lines import Key, number_in, options_in, with_usual_marks, without_name
from question_bank.formats.aiken_questions import Question, questions
from question_bank.formats.aiken_sections import without_sections
from question_bank.formats.aiken_words import ANSWER
from question_bank.formats.choice import Refused
from question_bank.formats.decode import decode, is_text
from question_bank.formats.fences import unfenced
from question_bank.formats.loaded import FILE, MAX_ITEMS, Harvest, Loaded, at_line
from question_bank.formats.texts import Texts
from question_bank.items import Item
from question_bank.problems import Problem, excerpt
from question_bank.text import line

__all__ = ["detect", "load", "looks_like_aiken"]

_BULLET = r"(?:[-\u2013\u2022\u25cf\u25cb\u25e6][ \t]+)?"
_OPTION_A = re.compile(rf"^[ \t\ufeff]*{_BULLET}\*{{0,2}}[ \t]?\(?[Aa]\s?[.)]\s*\S", re.MULTILINE)
_OPTION_B = re.compile(
    rf"(?:^[ \t]*{_BULLET}|\t[ \t]*|[ ]{{2,}})\*{{0,2}}[ \t]?\(?[Bb]\s?[.)]\s*\S", re.MULTILINE
)
_LINE_OF_A = re.compile(r"^[ \t]*\(?[Aa][.)][ \t][^\n]*", re.MULTILINE)
_ANSWER = re.compile(
    rf"^[ \t*>]*+{ANSWER}[ \t*]*+(?:(?:[:=-][ \t]*+|(?<=[ \t]))\(?[A-Ja-j]\)?[ \t]*+(?:$|[.),*])|"
    r":[ \t]*+[^\s{}][^\n{}]{0,200}$)",
    re.MULTILINE | re.IGNORECASE,
)
_STARRED = re.compile(r"^[ \t\ufeff]*\*[ \t]?\(?[A-Ja-j]\s?[.)]\s*\S", re.MULTILINE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TASK = re.compile(
    r"(?:jelaskan|sebutkan|uraikan|tuliskan|buatlah|hitunglah|gambarkan|bandingkan|explain|describe|discuss|"
    r"list|define|outline)\b",
    re.IGNORECASE,
)
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
    text = with_usual_marks(without_sections(text)[0] if "<summary" in text else text)
    for sign in (_OPTION_A, _OPTION_B):
        found = sign.search(text, at)
        if found is None and sign is _OPTION_B and _all_on_one_line(text):
            break
        if found is None:
            return False
        at = found.end()
    return bool(_ANSWER.search(text, at) or _STARRED.search(text) or keys_at_end(text)[1])


def _all_on_one_line(text: str) -> bool:
    """Tell whether some line holds a question's options, one blank between them."""
    lines = (found[0] for found in _LINE_OF_A.finditer(text))
    return any(len(list(options_in(line.strip()))) > 1 for line in lines)


def load(data: bytes) -> Loaded:
    """Return the items, the skipped questions and all problems of an Aiken file; raises Unreadable."""
    text, warnings = decode(data)
    harvest = Harvest(warnings)
    text, keys = keys_at_end(with_usual_marks(unfenced(text)))
    text, sections = without_sections(text)
    text, headings = without_headings(text)
    told = sorted([*sections, *headings])
    harvest.note(*(Problem(at_line(at), "aiken_heading", {"text": excerpt(said)}) for at, said in told))
    found = questions(text)
    last_number = 0
    kept = list(islice(found, MAX_ITEMS))
    for question in kept:
        _take_task_out(question, harvest)
    kept = kept if keys else without_keys_above(kept)
    _take_keys(kept, keys)
    for question in kept:
        last_number = _harvest(question, harvest, last_number)
    if next(found, None):
        harvest.note(Problem(FILE, "too_many", {"limit": MAX_ITEMS}))
    return harvest.loaded("aiken")


def _take_keys(found: list[Question], keys: Mapping[int, Listed]) -> None:
    """Give each question the key that the list at the end has for its number, if no other has that number."""
    numbers = [_own_number(question) if keys and question.options else None for question in found]
    counted = Counter(numbers)
    for question, number in zip(found, numbers, strict=True):
        listed = keys.get(number) if number is not None and counted[number] == 1 else None
        if listed is None:
            continue
        question.listed = listed.letter
        question.explanation = question.explanation or [listed.reason]
        if question.key is None:
            question.key, question.key_line = Key(listed.letter, listed.letter), listed.line


def _own_number(question: Question) -> int | None:
    """The number before the stem, None when it has none or several."""
    begins = [line.text for index, line in enumerate(question.stem) if not index or line.after_blank]
    numbers = [numbered[0] for text in begins if (numbered := number_in(text))]
    return numbers[0] if len(numbers) == 1 else None


def _take_task_out(question: Question, harvest: Harvest) -> None:
    """An essay has no line of its own in this format: its text stands before the next stem."""
    if not question.options:
        return
    begins = [0, *(index for index, line in enumerate(question.stem) if index and line.after_blank)]
    last, taken_out = question.stem[begins[-1]] if question.stem else None, 0
    for begin in begins[:-1]:
        first = question.stem[begin]
        numbered = number_in(first.text)
        if last and not _TASK.match(numbered[1] if numbered else first.text):
            harvest.note(Problem(at_line(first.number), "aiken_stem_parts", {"line": last.number}))
            break
        harvest.skip(Problem(at_line(first.number), "skipped_essay"))
        taken_out += 1
    question.stem = question.stem[begins[taken_out] :]


def _harvest(question: Question, harvest: Harvest, last_number: int) -> int:
    """Keep the question or say what is wrong with it; return the number it counts itself as."""
    where = at_line(question.line)
    number, stem = _stem(question, last_number)
    texts = Texts(where, harvest.picture)
    try:
        item = _item(question, stem, texts)
    except Refused as refused:
        harvest.refuse(_place(question, refused.code), refused)
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
    counts = last_number > 0 and question.options  # a text between numbered questions counts for none
    return last_number + 1 if counts else last_number, "\n".join(lines)


def _item(question: Question, stem: str, texts: Texts) -> Item:
    key, loose = key_of(question)
    letter = question.options[key].option.letter
    if loose:
        value = excerpt(question.key.rest if question.key else "")
        warning = Problem(at_line(question.key_line), "aiken_key_loose", {"value": value, "letter": letter})
        texts.problems.append(warning)
    if question.listed not in ("", letter):
        raise Refused("aiken_key_list_differs", letter=letter, listed=question.listed)
    return Item(
        stem=texts.plain(_resolved(stem)),
        options=tuple(texts.plain(_resolved(one.text)) for one in question.options),
        key=key,
        topic=line(question.topic),
        explanation=texts.plain(_resolved("\n".join(question.explanation))),
    )


def _resolved(text: str) -> str:
    """Signs that other programs write as `&lt;` are meant as signs."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)
