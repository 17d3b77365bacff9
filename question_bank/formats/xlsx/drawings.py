"""What floats over a sheet: pictures with the cell that they lie on, and shapes that nobody can take over."""

import posixpath
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from question_bank.formats.sheets import Drawing
from question_bank.formats.xlsx.tree import attribute, inside, local, optional_part, relations
from question_bank.formats.zips import Archive, MemberUnreadable

_ANCHORS = {"twoCellAnchor", "oneCellAnchor"}
_SHAPES = {"sp", "graphicFrame", "contentPart"}
_MADE_BY_PROGRAMS = re.compile(
    r"(?:picture|image|gambar|pic|img)\s*\d*|[\w .-]+\.(?:png|jpe?g|gif)", re.IGNORECASE
)
_HELD_AT_MOST = 40 * 1024 * 1024


def floating(
    archive: Archive, sheet: str
) -> tuple[dict[tuple[int, int], list[Drawing]], list[tuple[int, int]]]:
    """Return the pictures by the (line, column) of their corner, and the corners of shapes and charts."""
    pictures: dict[tuple[int, int], list[Drawing]] = {}
    shapes: list[tuple[int, int]] = []
    held = 0
    for kind, member in relations(archive, sheet).values():
        tree = optional_part(archive, member) if kind == "drawing" else None
        related = relations(archive, member) if tree is not None else {}
        for corner, element in _anchored(tree):
            if local(element) in _SHAPES:
                shapes.append(corner)
                continue
            drawing = _drawing(archive, element, related)
            held += len(drawing.data)
            if held < _HELD_AT_MOST:
                pictures.setdefault(corner, []).append(drawing)
    return pictures, shapes


def member_drawing(archive: Archive, member: str) -> Drawing:
    """Return the picture in a member, without bytes when it cannot be read."""
    try:
        return Drawing(posixpath.basename(member), archive.read(member))
    except (KeyError, MemberUnreadable):
        return Drawing(posixpath.basename(member), b"")


def _anchored(tree: Element | None) -> Iterator[tuple[tuple[int, int], Element]]:
    for anchor in tree if tree is not None else ():
        if local(anchor) not in _ANCHORS:
            continue
        corner = _corner(anchor)
        found = [one for one in anchor.iter() if local(one) in {"pic", *_SHAPES}]
        yield from ((corner, one) for one in found if local(one) == "pic" or _says_something(one))


def _says_something(shape: Element) -> bool:
    """A line or an empty box is ornament; a text, formula or chart is content."""
    return local(shape) != "sp" or any((one.text or "").strip() for one in inside(shape, "t"))


def _corner(anchor: Element) -> tuple[int, int]:
    start = next((one for one in anchor if local(one) == "from"), None)
    places = {local(one): (one.text or "").strip() for one in start} if start is not None else {}
    row, column = places.get("row", ""), places.get("col", "")
    return _small(row) + 1, _small(column)


def _small(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _drawing(archive: Archive, picture: Element, related: dict[str, tuple[str, str]]) -> Drawing:
    blip = next(inside(picture, "blip"), None)
    member = related.get(attribute(blip, "embed"), ("", ""))[1] if blip is not None else ""
    about = next(inside(picture, "cNvPr"), None)
    found = member_drawing(archive, member)
    alt = (about.get("descr") or "") if about is not None else ""
    says_nothing = alt == found.name or _MADE_BY_PROGRAMS.fullmatch(alt) is not None
    return Drawing(found.name or "gambar", found.data, "" if says_nothing else alt)
