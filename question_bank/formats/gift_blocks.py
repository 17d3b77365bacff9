"""A GIFT file cut into questions: blank lines part them, and where those were forgotten, answer blocks do."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from question_bank.formats.gift_parts import answer_blocks, starts_with_title
from question_bank.formats.gift_text import masked
from question_bank.formats.labels import Labels, labels_in, topic_of

_CATEGORY = re.compile(r"\$CATEGORY\s*:", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_TITLE_LINES = 3
_LONGEST_STEM = 40  # lines


@dataclass
class Block:
    """The raw lines of one question with their numbers, and what the lines before it said of it."""

    topic: str
    labels: Labels
    numbers: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    braces: str = ""
    noted: bool = False  # a comment stands above it

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

    @property
    def answered(self) -> bool:
        """Whether it holds answers, or braces that do not pair."""
        return self.depth != 0 or (self.braces != "" and bool(answer_blocks(masked(self.text))))

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
    if block.topic != before.topic or starts_with_title(block.lines[0]):
        return False
    if before.depth > 0:
        return not block.braces.startswith("{")
    if block.labels != Labels() or len(before.lines) > _LONGEST_STEM:
        return False
    if block.lines[0].lstrip().startswith("{"):  # a stem, and its answers after a blank line
        return block.answered and not before.answered
    # who writes titles writes them for each question: what has none goes on after a blank line
    return starts_with_title(before.lines[0]) and not block.noted and not before.braces


def _parted(block: Block) -> Iterator[Block]:
    """Yield the questions of a block in which several follow each other without a blank line."""
    raw = "\n".join(block.lines)
    answers = answer_blocks(masked(raw)) if block.braces.count("{") > 1 else []
    ends = list(accumulate(len(line) + 1 for line in block.lines))
    begin, labels = 0, block.labels
    for before, after in pairwise(answers):
        closed, opened = bisect_right(ends, before[1]), bisect_right(ends, after[0])
        if opened > closed:  # else they share a line, and a question
            yield _part(block, labels, begin, closed + 1)
            begin, labels = closed + 1, Labels()
    yield _part(block, labels, begin, len(block.lines))


def _part(block: Block, labels: Labels, begin: int, end: int) -> Block:
    part = Block(block.topic, labels)
    part.numbers, part.lines = block.numbers[begin:end], block.lines[begin:end]
    return part


def _paragraphs(text: str) -> Iterator[Block]:
    topic, labels, noted = "", Labels(), False
    block: Block | None = None
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        stripped = line.strip()
        found = labels_in(stripped) if stripped.startswith("//") else None
        category = _CATEGORY.match(stripped)
        titled = starts_with_title(stripped) and not _closes_title(block, stripped)
        ends = not stripped or category or titled or (found and block and _closed(block))
        if ends and block:
            yield block
            block = None
            labels = Labels()
        if category:
            topic = topic_of(stripped[category.end() :])
        elif found is not None:
            labels = labels.with_(found)
        elif stripped and not stripped.startswith("//"):
            block = block or Block(topic, labels, noted=noted)
            block.add(number, line)
            noted = False
        elif stripped:
            noted = True
        else:
            labels = Labels()


def _closes_title(block: Block | None, line: str) -> bool:
    """Tell whether a line begins with the second mark of a title that was opened just before."""
    if block is None or block.braces or len(block.lines) > _TITLE_LINES or "::" in line[2:]:
        return False
    return starts_with_title(block.lines[0]) and masked(block.text).count("::") == 1


def _closed(block: Block) -> bool:
    return block.braces != "" and block.depth == 0
