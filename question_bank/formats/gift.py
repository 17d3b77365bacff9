"""Moodle GIFT: questions with one right answer are taken, other kinds are named and skipped."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

from question_bank.formats.aiken import looks_like_aiken
from question_bank.formats.choice import Refused
from question_bank.formats.decode import decode, is_text
from question_bank.formats.fences import unfenced
from question_bank.formats.gift_answers import Answers, read_answers
from question_bank.formats.gift_blocks import Block, blocks
from question_bank.formats.gift_parts import parts, split_title
from question_bank.formats.gift_text import fragment, masked, split_prefix
from question_bank.formats.gift_write import dump, losses
from question_bank.formats.labels import fitted
from question_bank.formats.loaded import FILE, MAX_ITEMS, Harvest, Loaded, at_line
from question_bank.formats.texts import Texts
from question_bank.items import Item
from question_bank.problems import Problem

__all__ = ["detect", "dump", "load", "losses"]

_LOOK = re.compile(
    r"^[ \t]*(?:::|\$CATEGORY\s*:)|\{\s*(?://[^\n]*\n\s*)*+(?:[=~}]|#(?:###|\s*[-+=%.\d])|(?:T|F|TRUE|FALSE)\s*[}#])",
    re.MULTILINE | re.IGNORECASE,
)
_CERTAIN = re.compile(r"^[ \t]*(?:::|\$CATEGORY\s*:)|\{\s*[=~][^{}]*~[^{}]*\}", re.MULTILINE | re.IGNORECASE)
_MARKUP = re.compile(
    r"\ufeff?\s*<(?:\?xml|!DOCTYPE|!--|quiz|questestinterop|assessment|html|[\w-]+:)", re.IGNORECASE
)
_OTHER_ENDINGS = frozenset({".csv", ".tsv", ".xml", ".html", ".json"})


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is GIFT, by its ending or by a title, category or answer block in it."""
    ending = PurePath(name).suffix.lower()
    if ending in _OTHER_ENDINGS or not is_text(data):
        return False
    text = decode(data)[0]
    if _MARKUP.match(text):
        return False
    if ending == ".gift":
        return True
    look = _CERTAIN if looks_like_aiken(text) else _LOOK  # a question on C++ may well show {}
    return look.search(masked(text)) is not None


def load(data: bytes) -> Loaded:
    """Return the items, the skipped questions and all problems of a GIFT file; raises Unreadable."""
    text, warnings = decode(data)
    harvest = Harvest(warnings)
    questions = blocks(unfenced(text))
    for block in islice(questions, MAX_ITEMS):
        _harvest_block(block, harvest)
    if next(questions, None):
        harvest.note(Problem(FILE, "too_many", {"limit": MAX_ITEMS}))
    return harvest.loaded("gift")


def _harvest_block(block: Block, harvest: Harvest) -> None:
    where = at_line(block.line)
    try:
        item, warnings = _item(block, Texts(where, harvest.picture))
    except Refused as refused:
        harvest.refuse(where, refused)
    else:
        harvest.add(where, item, warnings)


def _item(block: Block, texts: Texts) -> tuple[Item, list[Problem]]:
    title, asked, closed = split_title(block.text)
    stem, inside, braced = parts(asked)
    stem = stem if split_prefix(stem, "")[1].strip() else title
    answers = read_answers(inside)
    choice = answers.choice
    text_format, _ = split_prefix(stem, "moodle")
    right = choice.answers[choice.key].feedback
    where = at_line(block.line)
    beside = texts.dispensable()
    code, topic, problems = fitted(where, block.labels, block.topic)
    item = Item(
        stem=fragment(stem, "moodle", texts),
        options=tuple(fragment(answer.text, text_format, texts) for answer in choice.answers),
        key=choice.key,
        code=code,
        topic=topic,
        difficulty=block.labels.difficulty,
        explanation=fragment(answers.general if answers.general.strip() else right, text_format, beside),
    )
    problems += texts.problems
    codes = [*([] if closed else ["gift_title"]), *([] if braced else ["gift_unbraced"]),
             *_warnings(text_format, answers)]  # fmt: skip
    return item, problems + [Problem(where, code) for code in codes]


def _warnings(text_format: str, answers: Answers) -> Iterator[str]:
    yield from answers.choice.warnings
    yield from answers.doubts
    if text_format == "markdown":
        yield "markdown_kept"
    taken = None if answers.general.strip() else answers.choice.key
    if any(answer.feedback.strip() for index, answer in enumerate(answers.choice.answers) if index != taken):
        yield "feedback_dropped"
