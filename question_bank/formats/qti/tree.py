"""XML from outside as a small tree: no entities, no references, one spelling for all QTI versions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from question_bank.formats.xml_mend import mended
from question_bank.problems import Problem

MAX_DEPTH = 100
MAX_ELEMENTS = 2_000_000  # some 20,000 items with all that Canvas writes about them, in about 300 MB
MAX_BYTES = 20 * 1024 * 1024  # a tree takes about ten times as much memory as its file

_WHOLE = {"item", "assessmentItem"}  # half of one is nothing
_KEBAB = re.compile(r"-([a-z])")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARATION = re.compile(rb"\A\s*+(?:\xef\xbb\xbf\s*+)?<\?xml\b[^>]{0,200}>")


class Malformed(Exception):
    """The text is no XML that may be read; `code` is the problem, `line` is 1-based or 0."""

    def __init__(self, code: str, line: int = 0, what: str = "", before: "Node | None" = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.what = what
        self.before = before  # the tree of what stands before the fault, without the item it is in


class Quoted(str):
    """Text that stood in a CDATA section."""

    __slots__ = ()


@dataclass(eq=False, slots=True)
class Node:
    """An element by its local name as QTI 2 spells it; `parts` are its texts and elements in order."""

    name: str
    namespace: str
    attributes: dict[str, str]
    kebab: bool = False  # whether the name was written as QTI 3 does
    parts: list["Node | str"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        """Yield the child elements."""
        return (part for part in self.parts if isinstance(part, Node))

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute without blanks at its ends."""
        return self.attributes.get(name, default).strip()

    def child(self, *names: str) -> "Node | None":
        """Return the first child element with one of these names."""
        return next((node for node in self if node.name in names), None)

    def children(self, *names: str) -> list["Node"]:
        """Return the child elements with one of these names."""
        return [node for node in self if node.name in names]

    def walk(self) -> Iterator["Node"]:
        """Yield this element and all below it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(list(node)))

    def all(self, *names: str) -> Iterator["Node"]:
        """Yield the elements with these names, at any depth below or at this one."""
        return (node for node in self.walk() if node.name in names)

    def first(self, *names: str) -> "Node | None":
        """Return the first element with one of these names at any depth."""
        return next(self.all(*names), None)

    @property
    def text(self) -> str:
        """All text inside, blanks at the ends removed."""
        pieces: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                pieces.append(part)
            else:
                waiting.extend(reversed(part.parts))
        return "".join(pieces).strip()


def problem_of(malformed: Malformed, where: str) -> Problem:
    """Return what is wrong as a problem of this place."""
    params: dict[str, dict[str, str | int]] = {
        "xml_broken": {"line": malformed.line, "what": malformed.what or "?"},
        "xml_deep": {"limit": MAX_DEPTH},
        "xml_elements": {"limit": MAX_ELEMENTS},
        "file_too_large": {"limit": MAX_BYTES // 1024 // 1024},
    }
    return Problem(where, malformed.code, params.get(malformed.code, {}))


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self) -> None:
        self._top = Node("", "", {})
        self._open = [self._top]
        self._count = 0
        self._text: type[str] = str

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH:
            raise Malformed("xml_deep")
        if self._count > MAX_ELEMENTS:
            raise Malformed("xml_elements")
        node = _node(tag, attributes)
        self._open[-1].parts.append(node)
        self._open.append(node)

    def end(self, tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].parts.append(self._text(text))

    def quoted(self) -> None:
        self._text = Quoted

    def unquoted(self) -> None:
        self._text = str

    def close(self) -> Node:
        return next(iter(self._top))

    def before_fault(self) -> Node | None:
        for parent, child in pairwise(self._open):
            if child.name in _WHOLE:
                parent.parts.pop()
                break
        return self._top.child(*{node.name for node in self._top})


def tree_of(data: bytes) -> Node:
    """Return the root element; HTML's named characters and lone ampersands are mended; raises Malformed."""
    if len(data) > MAX_BYTES:
        raise Malformed("file_too_large")
    try:
        return _parsed(data)
    except Malformed as problem:
        mended = _mended(data)
        if problem.code != "xml_broken" or mended == data:
            raise
    return _parsed(mended)


def _parsed(data: bytes) -> Node:
    builder = _Builder()
    parser: Any = DefusedXMLParser(
        target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True
    )
    parser.parser.StartCdataSectionHandler = builder.quoted
    parser.parser.EndCdataSectionHandler = builder.unquoted
    try:
        parser.feed(data.lstrip())
        root: Node = parser.close()
    except ParseError as error:
        what = str(error).partition(":")[0]
        raise Malformed("xml_broken", error.position[0], what, builder.before_fault()) from error
    except DefusedXmlException as error:
        raise Malformed("xml_entities") from error
    except (ValueError, LookupError, StopIteration) as error:  # an encoding that nobody knows, or no element
        raise Malformed("xml_broken") from error
    return root


def _mended(data: bytes) -> bytes:
    """Return the file with what writers of HTML leave in it made XML, unless it is UTF-16."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data
    # Programs that keep XML in a string state UTF-16 there and save the string in another encoding.
    plain = _DECLARATION.sub(b"", _CONTROL.sub(b"", data), count=1)
    try:
        text = plain.decode()
    except UnicodeDecodeError:
        text = plain.decode("cp1252", "replace")
    return mended(text).encode("utf-8", "replace")


def _node(tag: str, attributes: dict[str, str]) -> Node:
    namespace, name, kebab = _element(tag)
    return Node(name, namespace, {_attribute(key, kebab): value for key, value in attributes.items()}, kebab)


@lru_cache(maxsize=4096)
def _element(tag: str) -> tuple[str, str, bool]:
    namespace, _, name = tag.rpartition("}")
    kebab = name.startswith("qti-")
    return namespace.lstrip("{"), _camel(name[4:]) if kebab else name, kebab


@lru_cache(maxsize=4096)
def _attribute(key: str, kebab: bool) -> str:
    name = key.rpartition("}")[2]
    return _camel(name) if kebab else name


def _camel(name: str) -> str:
    return _KEBAB.sub(lambda found: found[1].upper(), name)
