"""A GIFT file cut into questions: blank lines part them, and where those were forgotten, answer blocks do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from question_bank.formats.gift_text import masked
from question_bank.formats.labels import Labels, labels_in, topic_of

_CATEGORY = re.compile(r"\$CATEGORY\s*:", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")


@dataclass
class Block:
    """The raw lines of one question with their numbers, and what the lines before it said of it."""

    topic: str
    labels: Labels
    numbers: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    braces: str = ""

    @property
    def line(self) -> int:
        """The number of the line it begins on."""
        return self.numbers[0]

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines).strip()

    @property
    def depth(self) -> int:
        """How many answer blocks are still open."""
        return self.braces.count("{") - self.braces.count("}")

    def add(self, number: int, line: str) -> None:
        """Take one more line."""
        self.numbers.append(number)
        self.lines.append(line)
        self.braces += _braces(line)


def _braces(line: str) -> str:
    return "".join(_BRACE.findall(masked(line))) if "{" in line or "}" in line else ""


def blocks(text: str) -> Iterator[Block]:
    """Yield the questions in order; one whose braces never close ends where the next one begins."""
    waiting: Block | None = None
    for block in _paragraphs(text):
        if waiting and _continues(waiting, block):
            waiting.numbers += [block.line, *block.numbers]
            waiting.lines += ["", *block.lines]
            waiting.braces += block.braces
            continue
        if waiting:
            yield from _parted(waiting)
        waiting = block
    if waiting:
        yield from _parted(waiting)


def _continues(before: Block, block: Block) -> bool:
    if block.topic != before.topic or block.lines[0].lstrip().startswith("::"):
        return False
    if not before.braces:  # a stem, and its answers after a blank line
        return block.labels == Labels() and block.lines[0].lstrip().startswith("{")
    return before.depth > 0 and not block.braces.startswith("{")


def _parted(block: Block) -> Iterator[Block]:
    """Yield the questions of a block in which several follow each other without a blank line."""
    if block.braces.count("{") < 2 or set(block.braces.replace("{}", "")):
        yield block
        return
    part = Block(block.topic, block.labels)
    tail: int | None = None  # where the lines after a closed answer block begin
    for number, line in zip(block.numbers, block.lines, strict=True):
        if tail is not None and "{" in _braces(line):
            rest = list(zip(part.numbers[tail:], part.lines[tail:], strict=True))
            del part.numbers[tail:], part.lines[tail:]
            yield part
            part, tail = Block(block.topic, Labels()), None
            for kept in rest:
                part.add(*kept)
        part.add(number, line)
        if tail is None and part.braces and part.depth == 0:
            tail = len(part.lines)
    yield part


def _paragraphs(text: str) -> Iterator[Block]:
    topic, labels = "", Labels()
    block: Block | None = None
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        stripped = line.strip()
        found = labels_in(stripped) if stripped.startswith("//") else None
        category = _CATEGORY.match(stripped)
        ends = not stripped or category or stripped.startswith("::") or (found and block and _closed(block))
        if ends and block:
            yield block
            block = None
            labels = Labels()
        if category:
            topic = topic_of(stripped[category.end() :])
        elif found is not None:
            labels = labels.with_(found)
        elif stripped and not stripped.startswith("//"):
            block = block or Block(topic, labels)
            block.add(number, line)
        elif not stripped:
            labels = Labels()


def _closed(block: Block) -> bool:
    return block.braces != "" and block.depth == 0
