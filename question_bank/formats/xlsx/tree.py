"""The parts of a workbook as XML: no document types, no entities, nothing fetched, no prefixes."""

import posixpath
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from question_bank.formats.loaded import FILE, Unreadable
from question_bank.formats.zips import Archive, MemberUnreadable
from question_bank.problems import Problem

_BROKEN = (ParseError, DefusedXmlException, MemberUnreadable, KeyError, ValueError, LookupError)


def damaged() -> Unreadable:
    """Return the refusal of a workbook that cannot be read."""
    return Unreadable(Problem(FILE, "workbook_damaged"))


def part(archive: Archive, name: str) -> Element:
    """Return a small part of the workbook; raises Unreadable."""
    try:
        root: Element = fromstring(archive.read(name), forbid_dtd=True)
    except _BROKEN as broken:
        raise damaged() from broken
    return root


def optional_part(archive: Archive, name: str) -> Element | None:
    """Return a part that the workbook can do without, None when it is not there or broken."""
    try:
        return part(archive, name) if name in archive else None
    except Unreadable:
        return None


def ended(archive: Archive, name: str, wanted: frozenset[str]) -> Iterator[tuple[str, Element]]:
    """Yield the (local name, element) of the wanted elements as they end; raises Unreadable.

    Everything else is forgotten at once, so that a long part takes no more memory than its longest element.
    """
    depth_kept, stack = 0, []
    try:
        for event, element in iterparse(BytesIO(archive.read(name)), ("start", "end"), forbid_dtd=True):
            if event == "start":
                stack.append(element)
                depth_kept += local(element) in wanted
                continue
            stack.pop()
            if local(element) in wanted:
                depth_kept -= 1
                yield local(element), element
            if not depth_kept:
                element.clear()
                if stack:
                    stack[-1].clear()
    except _BROKEN as broken:
        raise damaged() from broken


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """Return an attribute in whatever namespace, "" when it is not there."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def inside(element: Element, name: str) -> Iterator[Element]:
    """Yield all elements of this local name below an element."""
    return (found for found in element.iter() if local(found) == name)


def relations(archive: Archive, source: str) -> dict[str, tuple[str, str]]:
    """Return what a part points at inside the file: id -> (kind, name of the member)."""
    folder, _, name = source.rpartition("/")
    tree = optional_part(archive, f"{folder}/_rels/{name}.rels".lstrip("/"))
    found = {}
    for one in inside(tree, "Relationship") if tree is not None else ():
        if one.get("TargetMode") != "External":
            kind = (one.get("Type") or "").rpartition("/")[2]
            found[one.get("Id") or ""] = (kind, _member(folder, one.get("Target") or ""))
    return found


def _member(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    return posixpath.normpath(
        target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    )
