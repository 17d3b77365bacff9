"""Which "=" and "~" of a GIFT answer block begin an answer, and which are text that nobody escaped."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARK = re.compile(r"[~=]")
_LEADING = re.compile(r"^[ \t]*([~=])", re.MULTILINE)
_DISTRIBUTED = re.compile(r"\b\w{1,2} ~ (?=[A-Z]\w*\()")  # "X ~ N(0, 1)"
_WEIGHT = re.compile(r"\s*%\s*-?[\d.,]{1,24}\s*%[ \t]*")
_FULL = re.compile(r"\s*%\s*100(?:[.,]0*)?\s*%")


class Mark(NamedTuple):
    """Where an answer begins, where the text behind its mark begins, and whether the mark says "right"."""

    start: int
    behind: int
    right: bool


def marks_in(structure: str) -> list[Mark]:
    """Return the marks that begin the answers.

    People rarely escape code such as "x = 1" or "if (x==1)". Where lines begin with the marks, or all marks
    follow a blank, and only so a single answer is right, the other equals signs are text.
    """
    leading = {found.start(1) for found in _LEADING.finditer(structure)}
    in_lines = len(leading) > 1
    texts = {found.end() - 2 for found in _DISTRIBUTED.finditer(structure)} if in_lines else set()
    marks = list(_apart(structure, texts, in_lines and _formulas(structure, leading)))
    if _count_right(structure, marks) < 2:
        return marks
    kept = [mark for mark in marks if _begins(structure, mark, leading)]
    clear = all(mark.start in leading or structure[mark.start - 1].isspace() for mark in kept)
    return kept if clear and _count_right(structure, kept) == 1 else marks


def doubts(structure: str, marks: list[Mark]) -> Iterator[str]:
    """Yield the warnings about equals signs that may have been meant otherwise than `marks_in` reads them."""
    starts = {mark.start for mark in marks}
    leading = {found.start(1) for found in _LEADING.finditer(structure)}
    every = _apart(structure, set(), _formulas(structure, leading))
    if any(mark.right and mark.start not in starts for mark in every):
        yield "gift_equals"
    glued = [mark for mark in marks if mark.start not in leading
             and (len(leading) > 1 or not structure[mark.start - 1].isspace())]  # fmt: skip
    if len(marks) > 2 and len(glued) == 1 and glued[0].right:
        yield "gift_right_inside"  # "~x = 1": all other answers are set off from what stands before them


def _formulas(structure: str, leading: set[int]) -> bool:
    """Tell whether all answers are formulas of a spreadsheet: "~=SUM(A1)" and "==MAX(A1)"."""
    pairs = {structure[start : start + 2] for start in leading}
    return pairs == {"~=", "=="}


def _apart(structure: str, texts: set[int], formulas: bool) -> Iterator[Mark]:
    """Yield the marks; one right behind another, as in "~%-25%~/bin", is text, but "~=" is one right mark."""
    behind = -1
    for found in _MARK.finditer(structure):
        start = found.start()
        if start in texts or start < behind:
            continue
        right = found[0] == "="
        behind = start + 1
        follows = structure[behind : behind + 1]
        if not right and follows == "=" and not formulas:
            right, behind = True, behind + 1
        yield Mark(start, behind, right)
        weight = _WEIGHT.match(structure, behind)
        text = weight.end() if weight else behind
        if structure[text : text + 1] in ("~", "="):
            behind = text + 1  # what stands there is no mark


def _begins(structure: str, mark: Mark, leading: set[int]) -> bool:
    """Tell whether this is a mark, not an equals sign in a text: a blank stands before it, none behind."""
    if mark.start in leading or structure[mark.start] == "~":
        return True
    before, behind = structure[mark.start - 1], structure[mark.behind : mark.behind + 1]
    in_lines = len(leading) > 1
    return before.isspace() and not (in_lines and (behind.isspace() or behind in "=>"))


def _count_right(structure: str, marks: list[Mark]) -> int:
    return sum(mark.right or _FULL.match(structure, mark.behind) is not None for mark in marks)
