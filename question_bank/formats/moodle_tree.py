"""Moodle's XML as questions, each a small tree that knows its lines; no entities, no references, no depth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.entities import html5
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MAX_DEPTH = 60
_CHUNK = 16 * 1024

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BARE_AMPERSAND = re.compile(r"&(?!\#[0-9]{1,7};|\#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|&\#(?:[0-8]|1[124-9]|2[0-9]|3[01]);"
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


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
        waiting.append(f"</{part.name}>")
        waiting.extend(reversed(part.parts))


class _Builder:
    """Keeps what stands directly below the root."""

    def __init__(self) -> None:
        self.questions: list[Node] = []
        self.parser: Any = None
        self._open: list[Node] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.parser.CurrentLineNumber
        if len(self._open) > MAX_DEPTH:
            raise Malformed("moodle_deep", line)
        self._open.append(Node(tag.rpartition("}")[2].lower(), attributes, line))

    def end(self, tag: str) -> None:
        node = self._open.pop()
        if len(self._open) > 1:
            self._open[-1].parts.append(node)
        elif self._open:
            self.questions.append(node)

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)

    def close(self) -> None:
        return None


def questions(text: str) -> Iterator[Node]:
    """Yield the elements below the root one by one; raises Malformed at what stops the reading.

    HTML's named characters and lone ampersands are mended on the way.
    """
    count = 0
    try:
        for node in _parsed(text):
            yield node
            count += 1
    except Malformed as stopped:
        mended = _mended(text) if stopped.code == "moodle_broken" else text
        if mended == text:
            raise
        yield from islice(_parsed(mended), count, None)


def _parsed(text: str) -> Iterator[Node]:
    builder = _Builder()
    parser: Any = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    builder.parser = parser
    data = text.encode("utf-8", "replace")
    for start in range(0, len(data) + _CHUNK, _CHUNK):  # the last piece is empty and closes
        stopped = _fed(parser, data[start : start + _CHUNK])
        yield from builder.questions
        builder.questions.clear()
        if stopped:
            raise stopped


def _fed(parser: Any, piece: bytes) -> Malformed | None:
    try:
        if piece:
            parser.feed(piece)
        else:
            parser.close()
    except Malformed as stopped:
        return stopped
    except ParseError as error:
        return Malformed("moodle_broken", error.position[0])
    except DefusedXmlException:
        return Malformed("moodle_dtd", parser.parser.CurrentLineNumber)
    return None


def _mended(text: str) -> str:
    return "".join(_mended_parts(_CONTROL.sub("", text)))


def _mended_parts(text: str) -> Iterator[str]:
    """Yield the text in parts, its references mended outside CDATA."""
    at = 0
    while (start := text.find(_CDATA, at)) >= 0:
        yield _references(text[at:start])
        end = text.find(_CDATA_END, start)
        at = len(text) if end < 0 else end + len(_CDATA_END)
        yield text[start:at]
    yield _references(text[at:])


def _references(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", _NAMED.sub(_numbered, text))


def _numbered(found: re.Match[str]) -> str:
    if found[1] in _OF_XML:
        return found[0]
    characters = html5.get(found[1] + ";")
    return "".join(f"&#{ord(one)};" for one in characters) if characters else f"&amp;{found[0][1:]}"
