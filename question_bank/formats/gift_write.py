"""Items to GIFT text. GIFT has no place for pictures and for a fixed option order: these are left out."""

import re
from collections.abc import Iterable, Iterator

from question_bank.formats.gift_text import escape
from question_bank.items import Item

_TAG_WORDS = {"easy": "mudah", "medium": "sedang", "hard": "sulit"}
_TAKEN_FOR_SYNTAX = re.compile(r"\s*[%\[]")  # a weight or a format prefix


def dump(items: Iterable[Item]) -> bytes:
    """Return the items as GIFT in UTF-8; `load` reads them back without picture and fixed option order."""
    topic, questions = "", []
    for item in items:
        if item.topic != topic:
            topic = item.topic
            questions.append(_category(topic))
        questions.append("\n".join(_question(item)))
    return ("\n\n".join(questions) + "\n").encode()


def _category(topic: str) -> str:
    name = escape(topic).replace("/", "//")
    # The blank keeps a slash at the beginning of a name apart from the one that parts the path.
    return "$CATEGORY: $course$/top" + (f"/ {name}" if name.startswith("/") else f"/{name}" if name else "")


def _question(item: Item) -> Iterator[str]:
    if item.difficulty:
        yield f"// [tag:{_TAG_WORDS[item.difficulty]}]"
    title = f"::{escape(item.code)}::" if item.code else ""
    yield f"{title}[html]{escape(item.stem)} {{"
    for index, option in enumerate(item.options):
        prefix = "[html]" if _TAKEN_FOR_SYNTAX.match(option) else ""
        yield f"{'=' if index == item.key else '~'}{prefix}{escape(option)}"
    if item.explanation:
        prefix = "[html]" if _TAKEN_FOR_SYNTAX.match(item.explanation) else ""
        yield f"####{prefix}{escape(item.explanation)}"
    yield "}"
