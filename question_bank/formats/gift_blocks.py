"""A GIFT file cut into questions: blank lines part them, except inside an answer block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from question_bank.formats.gift_text import masked, unescape
from question_bank.items import Difficulty
from question_bank.text import line as one_line

_CATEGORY = "$CATEGORY:"
_SLASH = re.compile(r"(?<!/)/(?!/)")
_TAG = re.compile(r"\[tag:([^\]]*)\]")
_DIFFICULTY_TAGS = {
    "mudah": "easy", "easy": "easy", "sedang": "medium", "medium": "medium", "sulit": "hard", "hard": "hard",
}  # fmt: skip


@dataclass
class Block:
    """The raw text of one question, the line it begins on, and what the lines before it said of it."""

    line: int
    topic: str
    difficulty: Difficulty | None
    parts: list[str] = field(default_factory=list)
    depth: int = 0  # answer blocks still open

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n\n".join(self.parts)


def blocks(text: str) -> Iterator[Block]:
    """Yield the questions in order; one whose braces never close ends where the next one begins."""
    waiting: Block | None = None
    for block in _paragraphs(text):
        if waiting and _continues(waiting, block):
            waiting.parts += block.parts
            waiting.depth += block.depth
            continue
        if waiting:
            yield waiting
        waiting = block
    if waiting:
        yield waiting


def _continues(open_block: Block, block: Block) -> bool:
    if open_block.depth <= 0 or block.topic != open_block.topic:
        return False
    first_brace = re.search(r"[{}]", masked(block.parts[0]))
    return not block.parts[0].startswith("::") and (first_brace is None or first_brace[0] == "}")


def _paragraphs(text: str) -> Iterator[Block]:
    topic, lines, start = "", list[str](), 0
    difficulty: Difficulty | None = None
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            difficulty = _difficulty(stripped) or difficulty
        elif not lines and stripped.startswith(_CATEGORY):
            topic = _topic(stripped[len(_CATEGORY) :])
        elif stripped:
            start = start if lines else number
            lines.append(line)
        else:
            if lines:
                yield _block(start, topic, difficulty, lines)
            lines, difficulty = [], None


def _block(line: int, topic: str, difficulty: Difficulty | None, lines: list[str]) -> Block:
    text = "\n".join(lines).strip()
    structure = masked(text)
    return Block(line, topic, difficulty, [text], structure.count("{") - structure.count("}"))


def _difficulty(comment: str) -> Difficulty | None:
    known = [_DIFFICULTY_TAGS.get(tag.strip().casefold()) for tag in _TAG.findall(comment)]
    return cast(Difficulty | None, next(filter(None, known), None))


def _topic(path: str) -> str:
    """Return the last part of a category path; a double slash is a slash in a name."""
    parts = [one_line(unescape(part)).replace("//", "/") for part in _SLASH.split(path)]
    if parts[0].startswith("$"):  # a context such as $course$, with its root category
        parts = parts[2:] if parts[1:2] == ["top"] else parts[1:]
    return parts[-1] if parts else ""
