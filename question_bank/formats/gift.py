"""Moodle GIFT: single choice and true/false questions are taken, other kinds are named and skipped."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

from question_bank.formats.decode import decode, is_text
from question_bank.formats.gift_answers import Answers, Refused, read_answers
from question_bank.formats.gift_blocks import Block, blocks
from question_bank.formats.gift_text import fragment, masked, split_prefix, unescape
from question_bank.formats.gift_write import dump
from question_bank.formats.loaded import FILE, MAX_ITEMS, Harvest, Loaded, at_line
from question_bank.items import Item
from question_bank.problems import Problem
from question_bank.text import drops_media, line

__all__ = ["detect", "dump", "load"]

BLANK = "_____"

_LOOK = re.compile(
    r"^[ \t]*(?:::|\$CATEGORY:)|\{\s*(?:[=~#}]|(?:T|F|TRUE|FALSE)\s*[}#])", re.MULTILINE | re.IGNORECASE
)


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is GIFT, by its ending or by a title, category or answer block in it."""
    ending = PurePath(name).suffix.lower()
    if ending in {".csv", ".tsv"} or not is_text(data):
        return False
    return ending == ".gift" or _LOOK.search(masked(decode(data)[0])) is not None


def load(data: bytes) -> Loaded:
    """Return the items, the skipped questions and all problems of a GIFT file; raises Unreadable."""
    text, warnings = decode(data)
    harvest = Harvest(warnings)
    questions = blocks(text)
    for block in islice(questions, MAX_ITEMS):
        _harvest_block(block, harvest)
    if next(questions, None):
        harvest.note(Problem(FILE, "too_many", {"limit": MAX_ITEMS}))
    return harvest.loaded("gift")


def _harvest_block(block: Block, harvest: Harvest) -> None:
    where = at_line(block.line)
    try:
        item, warnings = _item(block)
    except Refused as refused:
        problem = Problem(where, refused.code, refused.params)
        if refused.skipped:
            harvest.skip(problem)
        else:
            harvest.note(problem)
    else:
        harvest.add(where, item, [Problem(where, code) for code in warnings])


def _item(block: Block) -> tuple[Item, list[str]]:
    title, rest = _title(block.text)
    stem, inside = _parts(rest)
    answers = read_answers(inside)
    text_format, _ = split_prefix(stem, "moodle")
    right = answers.options[answers.key].feedback
    item = Item(
        stem=fragment(stem, "moodle"),
        options=tuple(fragment(answer.text, text_format) for answer in answers.options),
        key=answers.key,
        code=line(unescape(title)),
        topic=block.topic,
        difficulty=block.difficulty,
        explanation=fragment(answers.general if answers.general.strip() else right, text_format),
    )
    return item, list(_warnings(rest, text_format, answers))


def _title(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    end = masked(text).find("::", 2)
    if end < 0:
        raise Refused("gift_title")
    return text[2:end], text[end + 2 :]


def _parts(text: str) -> tuple[str, str]:
    """Return the stem (with a blank where the answer block stood inside it) and what the block holds."""
    braces = [(found.start(), found[0]) for found in re.finditer(r"[{}]", masked(text))]
    if not braces:
        raise Refused("skipped_description")
    if len(braces) % 2 or any(kind != "{}"[index % 2] for index, (_, kind) in enumerate(braces)):
        raise Refused("gift_braces")
    if len(braces) > 2:
        raise Refused("gift_blocks")
    opening, closing = braces[0][0], braces[1][0]
    before, after = text[:opening], text[closing + 1 :]
    return (f"{before}{BLANK}{after}" if after.strip() else before), text[opening + 1 : closing]


def _warnings(text: str, text_format: str, answers: Answers) -> Iterator[str]:
    if text_format == "markdown":
        yield "gift_markdown"
    if text_format != "plain" and drops_media(text):
        yield "media_dropped"
    taken = None if answers.general.strip() else answers.key
    if any(answer.feedback.strip() for index, answer in enumerate(answers.options) if index != taken):
        yield "gift_feedback_dropped"
