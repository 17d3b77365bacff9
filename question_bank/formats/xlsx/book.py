"""The parts of a workbook that its sheets lean on: their names and order, shared strings, number formats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from question_bank.formats.xlsx.cell_pictures import cell_pictures
from question_bank.formats.xlsx.looks import looks_of
from question_bank.formats.xlsx.numbers import BUILT_IN
from question_bank.formats.xlsx.texts import string
from question_bank.formats.xlsx.tree import (
    attribute,
    damaged,
    ended,
    inside,
    local,
    optional_part,
    part,
    relations,
)
from question_bank.formats.zips import Archive

_STRINGS = frozenset({"si"})
_MOST_SHEETS = 300


@dataclass(frozen=True)
class Tab:
    """A sheet as the workbook lists it."""

    title: str
    member: str
    hidden: bool


@dataclass(frozen=True)
class Book:
    """What is common to all sheets; `strings` are (text, whether it has tags), the rest by style number."""

    archive: Archive
    tabs: Sequence[Tab]
    strings: Sequence[tuple[str, bool]] = ()
    formats: Sequence[str] = ()
    looks: Sequence[str] = ()
    from_1904: bool = False
    pictures: Mapping[str, str] = field(default_factory=dict)  # value metadata number -> member


def open_book(archive: Archive) -> Book:
    """Return the workbook in an archive; raises Unreadable."""
    main = _main_part(archive)
    tree = part(archive, main)
    related = relations(archive, main)
    by_kind: dict[str, str] = dict(related.values())
    tabs = [_tab(sheet, related) for sheet in inside(tree, "sheet")][:_MOST_SHEETS]
    properties = next(inside(tree, "workbookPr"), None)
    return Book(
        archive,
        [tab for tab in tabs if tab.member in archive],
        _strings(archive, by_kind.get("sharedStrings", "")),
        *_styles(archive, by_kind.get("styles", "")),
        properties is not None and properties.get("date1904") in ("1", "true"),
        cell_pictures(archive, by_kind),
    )


def _main_part(archive: Archive) -> str:
    for kind, member in relations(archive, "").values():
        if kind == "officeDocument" and member in archive:
            return member
    if "xl/workbook.xml" not in archive:
        raise damaged()
    return "xl/workbook.xml"


def _tab(sheet: Element, related: Mapping[str, tuple[str, str]]) -> Tab:
    kind, member = related.get(attribute(sheet, "id"), ("", ""))
    title = " ".join((sheet.get("name") or "").split())
    return Tab(
        title or "Sheet", member if kind == "worksheet" else "", sheet.get("state", "visible") != "visible"
    )


def _strings(archive: Archive, member: str) -> list[tuple[str, bool]]:
    if member not in archive:
        return []
    return [string(element) for _, element in ended(archive, member, _STRINGS)]


def _styles(archive: Archive, member: str) -> tuple[list[str], list[str]]:
    tree = optional_part(archive, member)
    return ([], []) if tree is None else (_formats(tree), looks_of(tree))


def _formats(tree: Element) -> list[str]:
    own = {one.get("numFmtId"): one.get("formatCode") or "" for one in inside(tree, "numFmt")}
    styles = next((one for one in tree if local(one) == "cellXfs"), None)
    numbers = (
        [one.get("numFmtId") or "0" for one in styles if local(one) == "xf"] if styles is not None else []
    )
    built_in = {str(number): code for number, code in BUILT_IN.items()}
    return [own.get(number, built_in.get(number, "")) for number in numbers]
