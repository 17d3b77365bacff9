"""Moodle's XML as questions, each a small tree that knows its lines; no entities, no references, no depth.

A question that is no XML costs nothing but itself: what stands before and after it is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from question_bank.formats.xml_mend import VOID, mended

MAX_DEPTH = 60
_CHUNK = 16 * 1024

_QUESTION = re.compile(r"<question(?=[\s>])")
_END = "</question>"
_CLOSED = re.compile(r"(?:</question>)?\s*</[A-Za-z][^<>]*>\s*")  # the end of the root
_LAST = re.compile(r"(?>\s+|<!--.*?-->)*+</[A-Za-z][^<>]*>\s*", re.DOTALL)


class Malformed(Exception):
    """The text is no XML that may be read from this 1-based line on; `code` is the problem."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(eq=False, slots=True)
class Node:
    """An element with its line; `parts` are texts and elements in order."""

    name: str
    attributes: dict[str, str]
    line: int
    parts: list["Node | str"] = field(default_factory=list)

    def children(self, name: str) -> list["Node"]:
        """Return the child elements of this name."""
        return [part for part in self.parts if not isinstance(part, str) and part.name == name]

    def child(self, name: str) -> "Node | None":
        """Return the first child element of this name."""
        for part in self.parts:
            if not isinstance(part, str) and part.name == name:
                return part
        return None

    def get(self, name: str) -> str:
        """Return an attribute without blanks at its ends, "" when it is not there."""
        return self.attributes.get(name, "").strip()

    @property
    def text(self) -> str:
        """The text directly inside; elements, which should have been quoted, as HTML."""
        if all(isinstance(part, str) for part in self.parts):
            return "".join(map(str, self.parts))
        return "".join(_as_html(self))

    def value(self, name: str) -> str:
        """Return the text of a child, which may stand in a <text> of its own."""
        found = self.child(name)
        if found is None:
            return ""
        return (found.child("text") or found).text.strip()


def _as_html(node: Node) -> Iterator[str]:
    waiting: list[Node | str] = list(reversed(node.parts))
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part if part.startswith("</") and part.endswith(">") else escape(part, quote=False)
            continue
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in part.attributes.items())
        yield f"<{part.name}{attributes}>"
        if part.name not in VOID:
            waiting.append(f"</{part.name}>")
        waiting.extend(reversed(part.parts))


class _Builder:
    """Keeps what stands directly below the root, and where the last of it ended.

    `before` counts the lines of the file before this text.
    """

    def __init__(self, before: int = 0) -> None:
        self.questions: list[Node] = []
        self.parser: Any = None
        self.offset = 0
        self.line = before + 1
        self.before = before
        self._open: list[Node] = []

    @property
    def here(self) -> int:
        """The 1-based line of the file at which the parser stands."""
        line: int = self.parser.parser.CurrentLineNumber
        return self.before + line

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.here
        if len(self._open) > MAX_DEPTH:
            raise Malformed("moodle_deep", line)
        self._open.append(Node(tag.rpartition("}")[2].lower(), attributes, line))

    def end(self, tag: str) -> None:
        node = self._open.pop()
        if len(self._open) > 1:
            self._open[-1].parts.append(node)
        elif self._open:
            self.questions.append(node)
            self.offset, self.line = self.parser.parser.CurrentByteIndex, self.here

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)

    def close(self) -> None:
        return None


def questions(text: str) -> Iterator[Node | Malformed]:
    """Yield the elements below the root one by one, and in the place of one that cannot be read its fault.

    What hands write wrong is mended on the way.
    """
    builder = _Builder()
    data = text.encode("utf-8", "replace")
    try:
        yield from _parsed(data, builder)
    except Malformed as stopped:
        if stopped.code != "moodle_broken":
            yield stopped
            return
        rest = data[builder.offset :].decode("utf-8", "replace")
        yield from _one_by_one(rest, builder.line, stopped)


def _one_by_one(rest: str, line: int, stopped: Malformed) -> Iterator[Node | Malformed]:
    """Yield each question of a text that is no XML as a whole; `line` is where the text begins."""
    starts = [found.start() for found in _QUESTION.finditer(rest)]
    closed = bool(starts) and _CLOSED.fullmatch(rest[: starts[0]]) is not None
    at = 0
    for start, end in pairwise([*starts, len(rest)]):
        line += rest.count("\n", at, start)
        at = start
        yield from _alone(rest[start:end], line)
    close = rest.rfind(_END, at)
    behind = rest[close + len(_END) :]
    if close >= 0 and not (_LAST.fullmatch(mended(behind)) or (closed and not behind.strip())):
        yield stopped


def _alone(piece: str, line: int) -> Iterator[Node | Malformed]:
    close = piece.rfind(_END)
    whole = f"<quiz>{piece[: close + len(_END)]}</quiz>" if close >= 0 else ""
    fault: Malformed | None = None
    for tried in dict.fromkeys((whole, mended(whole))):
        try:
            yield from list(_parsed(tried.encode("utf-8", "replace"), _Builder(line - 1)))
        except Malformed as stopped:
            fault = fault or stopped
        else:
            return
    code = "moodle_question_broken" if fault is None or fault.code == "moodle_broken" else fault.code
    yield Malformed(code, fault.line if fault and whole else line)


def _parsed(data: bytes, builder: _Builder) -> Iterator[Node]:
    parser: Any = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    builder.parser = parser
    for start in range(0, len(data) + _CHUNK, _CHUNK):  # the last piece is empty and closes
        stopped = _fed(builder, data[start : start + _CHUNK])
        yield from builder.questions
        builder.questions.clear()
        if stopped:
            raise stopped


def _fed(builder: _Builder, piece: bytes) -> Malformed | None:
    try:
        if piece:
            builder.parser.feed(piece)
        else:
            builder.parser.close()
    except Malformed as stopped:
        return stopped
    except ParseError as error:
        return Malformed("moodle_broken", builder.before + error.position[0])
    except DefusedXmlException:
        return Malformed("moodle_dtd", builder.here)
    return None
