"""How parts of a formula stand side by side in running text, so that nobody reads them in two ways."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from question_bank.items import plain
from question_bank.text import escaped

_SCRIPTED = r"(?:<su[bp]>[^<>]*</su[bp]>)*"
_ONE_UNIT = re.compile(rf"(?:\d+(?:[.,]\d+)*|[^\W\d_]){_SCRIPTED}")
_PRODUCT = re.compile(rf"(?:\w+{_SCRIPTED})+")
_STICKS_BEFORE = re.compile(r"[\w)\]°′>]$")
_STICKS_BEHIND = re.compile(r"[\w(\[√]")
_SHUT = re.compile(r"\([^()]*\)|\|[^|]*\|")


class NotSimple(Exception):
    """This formula cannot be said in a line of text without changing what it means."""


@dataclass(frozen=True)
class Piece:
    """A part of a formula as sanitised HTML; `loose` when a neighbour could be taken for a part of it."""

    html: str
    loose: Literal["", "fraction", "root"] = ""


def text(characters: str) -> Piece:
    """Return characters as they are."""
    return Piece(escaped(characters))


def joined(pieces: Iterable[Piece]) -> str:
    """Return the pieces side by side; a fraction or root that touches a neighbour is put in brackets."""
    row = [piece for piece in pieces if piece.html]
    out = ""
    for index, piece in enumerate(row):
        behind = row[index + 1].html if index + 1 < len(row) else ""
        out += _beside(out, piece, behind)
    return out


def _beside(before: str, piece: Piece, behind: str) -> str:
    touched = _STICKS_BEHIND.match(behind) is not None
    if piece.loose == "root":
        return f"√({piece.html[1:]})" if touched and not piece.html.endswith(")") else piece.html
    if piece.loose != "fraction":
        return piece.html
    if before[-1:].isdigit() and plain(piece.html).replace("/", "").isdigit() and not touched:
        return " " + piece.html  # two and a half
    return f"({piece.html})" if touched or _STICKS_BEFORE.search(before) else piece.html


def fraction(top: str, bottom: str) -> Piece:
    """Return top over bottom."""
    above = top if _PRODUCT.fullmatch(top) or _SHUT.fullmatch(top) else f"({top})"
    below = bottom if _ONE_UNIT.fullmatch(bottom) or _SHUT.fullmatch(bottom) else f"({bottom})"
    return Piece(f"{above}/{below}", "fraction")


def root(inside: str, degree: str = "") -> Piece:
    """Return the root of what is inside."""
    shown = inside if _ONE_UNIT.fullmatch(inside) else f"({inside})"
    return Piece(f"<sup>{degree}</sup>√{shown}") if degree else Piece(f"√{shown}", "root")


def scripted(base: Piece, below: str = "", above: str = "") -> Piece:
    """Return the base with what stands at its foot and its head."""
    if above in {"∘", "°"} and not below:
        return Piece(f"{base.html}°")
    if set(above) == {"′"} and not below:
        return Piece(base.html + above)
    shown = f"({base.html})" if base.loose else base.html
    foot = f"<sub>{below}</sub>" if below else ""
    head = f"<sup>{above}</sup>" if above else ""
    return Piece(shown + foot + head)


def accented(base: str, mark: str) -> Piece:
    """Return letters with a mark over each; raises NotSimple for anything else."""
    if not base.isalnum():
        raise NotSimple
    return Piece("".join(letter + mark for letter in base))
