"""How cells are set off from plain ones: bold, coloured text, filled; borders and sizes say nothing."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from question_bank.formats.xlsx.tree import local

_PLAIN_COLOURS = {"000000", "FFFFFF", ""}
_PLAIN_THEMES = {"0", "1"}  # the paper and the ink


def looks_of(tree: Element) -> list[str]:
    """Return the look of each cell style of a workbook, "" for a plain one."""
    fonts = [_font(one) for one in _listed(tree, "fonts")]
    fills = [_fill(one) for one in _listed(tree, "fills")]
    return [_named(fonts, one.get("fontId")) + _named(fills, one.get("fillId"))
            for one in _listed(tree, "cellXfs")]  # fmt: skip


def _listed(tree: Element, name: str) -> list[Element]:
    found = next((one for one in tree if local(one) == name), None)
    return list(found) if found is not None else []


def _named(looks: Sequence[str], number: str | None) -> str:
    stated = number or ""
    known = stated.isascii() and stated.isdigit() and len(stated) < 6 and int(stated) < len(looks)
    return looks[int(stated)] if known else ""


def _font(font: Element) -> str:
    parts = {local(part): part for part in font}
    bold = "b" in parts and parts["b"].get("val") not in ("0", "false")
    colour = _colour(parts.get("color"))
    return ("bold " if bold else "") + (f"ink {colour} " if colour else "")


def _fill(fill: Element) -> str:
    pattern = next((one for one in fill if local(one) == "patternFill"), None)
    if pattern is None or pattern.get("patternType", "none") in ("none", "gray125"):
        return ""
    colour = _colour(next((one for one in pattern if local(one) == "fgColor"), None))
    return f"fill {colour} " if colour else ""


def _colour(colour: Element | None) -> str:
    """The colour as the file names it, "" for black, white, and what the reader chooses."""
    if colour is None or colour.get("auto") or colour.get("indexed") in ("64", "65", "8", "9"):
        return ""
    theme, tint = colour.get("theme"), colour.get("tint") or ""
    if theme is not None:
        return "" if theme in _PLAIN_THEMES and not tint else f"theme {theme} {tint}"
    if colour.get("indexed"):
        return f"index {colour.get('indexed')}"
    rgb = (colour.get("rgb") or "")[-6:].upper()
    return "" if rgb in _PLAIN_COLOURS else rgb
