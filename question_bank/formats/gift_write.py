"""Items to GIFT text, which has no place for pictures and for a fixed option order."""

import re
from collections.abc import Iterable, Iterator, Mapping

from question_bank.formats.gift_text import escape
from question_bank.formats.labels import comment_of
from question_bank.formats.loaded import NO_PICTURES
from question_bank.formulas import shielded
from question_bank.items import Item, images, pictures_of
from question_bank.problems import Problem
from question_bank.text import clean, escaped

_TAKEN_FOR_SYNTAX = re.compile(r"\s*[%\[]")  # a weight or a format prefix
_IMAGE = re.compile(r'<img src="[^"]*" alt="([^"]*)">')


def dump(items: Iterable[Item], pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """Return the items as GIFT in UTF-8; `load` reads them back without what `losses` names."""
    topic, questions = "", []
    for item in items:
        if item.topic != topic:
            topic = item.topic
            questions.append(_category(topic))
        questions.append("\n".join(_question(item)))
    return ("\n\n".join(questions) + "\n").encode()


def losses(items: Iterable[Item]) -> list[Problem]:
    """Return one warning for each item of which GIFT cannot hold everything; places count items from 1."""
    problems = []
    for number, item in enumerate(items, start=1):
        if pictures_of(item):
            problems.append(Problem(f"soal {number}", "gift_loses_pictures"))
        if not item.shuffle:
            problems.append(Problem(f"soal {number}", "gift_loses_order"))
    return problems


def _category(topic: str) -> str:
    name = topic.replace("/", "//")
    # The blank keeps a slash at the beginning of a name apart from the one that parts the path.
    return "$CATEGORY: $course$/top" + (f"/ {name}" if name.startswith("/") else f"/{name}" if name else "")


def _question(item: Item) -> Iterator[str]:
    labels = comment_of(item.code, item.difficulty)
    if labels:
        yield f"// {labels}"
    title = f"::{escape(item.code)}::" if item.code else ""
    yield f"{title}[html]{_text(item.stem)} {{"
    for index, option in enumerate(item.options):
        yield f"{'=' if index == item.key else '~'}{_answer(option)}"
    if item.explanation:
        yield f"####{_answer(item.explanation)}"
    yield "}"


def _answer(fragment: str) -> str:
    return ("[html]" if _TAKEN_FOR_SYNTAX.match(fragment) else "") + _text(fragment)


def _text(fragment: str) -> str:
    return escape(shielded(without_pictures(fragment)))


def without_pictures(fragment: str) -> str:
    """Return the fragment with the alternative text in the place of each picture."""
    if not images(fragment):
        return fragment
    return clean(_IMAGE.sub(lambda found: f" {found[1] or escaped('[gambar]')} ", fragment))
