"""Formulas inside texts: simple ones become sub, sup and characters, the others stay as their source."""

import html
import re

from question_bank.formulas.latex import latex
from question_bank.formulas.mathml import mathml
from question_bank.formulas.pieces import NotSimple
from question_bank.text import escaped

__all__ = ["set_formulas", "shielded"]

_MARKED = re.compile(r"\\[(\[]|\$\$|\[tex\]|math\b|equation|latex", re.IGNORECASE)
_FORMULA = re.compile(
    r"""
      <(?P<prefix>\w{1,10}:)?math\b[^<>]*>(?P<mathml>(?:[^<]|<(?!/?(?:\w{1,10}:)?math\b))*+)</(?:\w{1,10}:)?math\s*>
    | <img\b(?P<image>(?:[^<>"']|"[^"]*"|'[^']*')*+)>
    | \\\((?P<inline>(?:[^\\]|\\[^()\[\]])*+)\\\)
    | \\\[(?P<display>(?:[^\\]|\\[^()\[\]])*+)\\\]
    | \$\$(?P<dollars>(?:[^$\\]|\\.)++)\$\$
    | \[tex\](?P<tex>[^\[]*+)\[/tex\]
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ANNOTATION = re.compile(r"<(?:\w+:)?annotation\b[^<>]*(?:x-tex|latex)[^<>]*>([^<]*)</", re.IGNORECASE)
_EQUATION = re.compile(
    r"""\bdata-equation-content\s*=\s*(?:"([^"]*)"|'([^']*)')|\balt\s*=\s*(?:"LaTeX:([^"]*)"|'LaTeX:([^']*)')""",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)
_DELIMITER = re.compile(r"\\(?=[()\[\]])|\$(?=\$)|\[(?=/?tex\])", re.IGNORECASE)


def set_formulas(fragment: str) -> tuple[str, list[str]]:
    """Return the HTML with its simple formulas as sub, sup and characters, and the sources of those kept."""
    if not _MARKED.search(fragment):
        return fragment, []
    kept: list[str] = []

    def setting(found: re.Match[str]) -> str:
        shown, source = _set(found)
        if source:
            kept.append(source)
        return shown

    return _FORMULA.sub(setting, fragment), kept


def shielded(fragment: str) -> str:
    """Return sanitised HTML that shows the same and in which `set_formulas` finds nothing."""
    return _DELIMITER.sub(lambda found: f"&#{ord(found[0])};", fragment)


def _set(found: re.Match[str]) -> tuple[str, str]:
    """Return what to show, and the source if that is all there is to show."""
    if found["mathml"] is not None:
        return _from_mathml(found["mathml"])
    if found["image"] is not None:
        equation = _EQUATION.search(found["image"])
        return _from_latex(_first(equation), r"\(%s\)") if equation else (found[0], "")
    return _from_latex(_first(found, "inline", "display", "dollars", "tex"), None, found[0])


def _first(found: re.Match[str], *names: str) -> str:
    groups = [found[name] for name in names] if names else found.groups()
    return next(group for group in groups if group is not None)


def _from_latex(source: str, wrapped: str | None, original: str = "") -> tuple[str, str]:
    said = html.unescape(source).replace("\xa0", " ").strip()
    try:
        if not said or _TAG.search(source):
            raise NotSimple
        return latex(said), ""
    except NotSimple:
        return (wrapped % escaped(said) if wrapped else original), said


def _from_mathml(source: str) -> tuple[str, str]:
    try:
        return mathml(source), ""
    except NotSimple:
        pass
    annotation = _ANNOTATION.search(source)
    if annotation:
        return _from_latex(annotation[1], r"\(%s\)")
    bare = " ".join(source.split())
    return escaped(f"<math>{bare}</math>"), bare
