"""Strings of a workbook with the look that carries meaning: bold, italic, underlined, raised, lowered."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from question_bank.formats.xlsx.tree import local

_LOOKS = {"b": "b", "i": "i", "u": "u"}
_RAISED = {"superscript": "sup", "subscript": "sub"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def string(element: Element) -> tuple[str, bool]:
    """Return the text of a string element, with tags where its parts look different, and if it has any."""
    runs = list(_runs(element))
    looks = {look for text, look in runs if text.strip()}
    if len(looks) < 2 and not (looks and looks & {("sup",), ("sub",)}):
        return "".join(
            text for text, _ in runs
        ), False  # one look for the whole cell is the look of the table
    return "".join(_dressed(text, look) for text, look in _merged(runs)), True


def unescaped(text: str) -> str:
    """Return text in which a workbook wrote characters by their number, as in _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _runs(element: Element) -> Iterator[tuple[str, tuple[str, ...]]]:
    for child in element:
        if local(child) == "t":
            yield unescaped(child.text or ""), ()
        elif local(child) == "r":
            text = "".join(part.text or "" for part in child if local(part) == "t")
            look = next((part for part in child if local(part) == "rPr"), None)
            yield unescaped(text), () if look is None else tuple(_look(look))


def _look(properties: Element) -> Iterator[str]:
    for one in properties:
        value = one.get("val", "")
        if local(one) in _LOOKS and value not in ("0", "false", "none"):
            yield _LOOKS[local(one)]
        elif local(one) == "vertAlign" and value in _RAISED:
            yield _RAISED[value]


def _merged(runs: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    merged: list[tuple[str, tuple[str, ...]]] = []
    for text, look in runs:
        if merged and (merged[-1][1] == look or not text.strip(" ")) and not (look and not text):
            merged[-1] = (merged[-1][0] + text, merged[-1][1])
        else:
            merged.append((text, look))
    return merged


def _dressed(text: str, look: tuple[str, ...]) -> str:
    if not look or not text.strip():
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    opening, closing = "".join(f"<{tag}>" for tag in look), "".join(f"</{tag}>" for tag in reversed(look))
    return f"{before}{opening}{text.strip()}{closing}{after}"
