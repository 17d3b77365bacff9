"""Simple MathML as sub, sup and characters; what is not simple is refused as a whole."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.formulas.pieces import NotSimple, Piece, accented, fraction, joined, root, scripted, text
from question_bank.formulas.symbols import MARKS

_TOKEN = re.compile(
    r"<!--.*?-->|<(?P<close>/?)(?:\w+:)?(?P<name>\w+)(?P<rest>[^<>]*)>|(?P<text>[^<]+)", re.DOTALL
)
_ROWS = frozenset({"math", "mrow", "mstyle", "mpadded", "merror", "semantics"})
_LEAVES = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_UNSEEN = frozenset({"annotation", "annotation-xml", "mphantom", "none", "mprescripts", "maligngroup"})
_SPACED = frozenset("=<>≤≥≠≈≡→⇒⇔∈∉⊂⊆+±×÷∼∝")
_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b\ufeff")
_DEEPEST = 30
_MOST = 2_000


@dataclass
class _Node:
    name: str
    children: list["_Node"] = field(default_factory=list)
    said: str = ""


def mathml(source: str) -> str:
    """Return what stands between <math> and </math> as HTML; raises NotSimple."""
    return " ".join(joined(_pieces(_tree(source))).split())


def _tree(source: str) -> _Node:
    stack = [_Node("mrow")]
    for count, found in enumerate(_TOKEN.finditer(source)):
        if count > _MOST:
            raise NotSimple
        if found["text"]:
            stack[-1].said += found["text"]
        elif found["name"]:
            _open_or_close(stack, found)
    if len(stack) != 1:
        raise NotSimple
    return stack[0]


def _open_or_close(stack: list[_Node], found: re.Match[str]) -> None:
    if found["close"]:
        if len(stack) < 2 or stack[-1].name != found["name"]:
            raise NotSimple
        stack.pop()
        return
    node = _Node(found["name"])
    stack[-1].children.append(node)
    if not found["rest"].endswith("/"):
        stack.append(node)
        if len(stack) > _DEEPEST:
            raise NotSimple


def _pieces(node: _Node) -> list[Piece]:
    children = node.children[:1] if node.name == "semantics" else node.children
    return [_piece(child) for child in children]


def _piece(node: _Node) -> Piece:
    if node.name in _LEAVES:
        return _leaf(node)
    if node.name in _ROWS:
        pieces = _pieces(node)
        return pieces[0] if len(pieces) == 1 else Piece(joined(pieces))
    if node.name in _UNSEEN:
        return Piece("")
    if node.name == "mspace":
        return text(" ")
    if node.name == "msqrt":
        return root(joined(_pieces(node)))
    if node.name == "mfenced":
        return Piece(f"({', '.join(piece.html for piece in _pieces(node))})")
    return _arranged(node.name, _pieces(node))


def _leaf(node: _Node) -> Piece:
    if node.children:
        raise NotSimple
    said = " ".join(html.unescape(node.said).translate(_INVISIBLE).split())
    return text(f" {said} " if node.name == "mo" and said in _SPACED else said)


def _arranged(name: str, parts: Sequence[Piece]) -> Piece:
    match name, parts:
        case "mfrac", [top, bottom]:
            return fraction(joined([top]), joined([bottom]))
        case "mroot", [inside, degree]:
            return root(joined([inside]), joined([degree]))
        case "msup", [base, above]:
            return scripted(base, above=above.html.strip())
        case "msub", [base, below]:
            return scripted(base, below=below.html.strip())
        case (("msubsup" | "munderover"), [base, below, above]):
            return scripted(base, below.html.strip(), above.html.strip())
        case (("mover" | "munder"), [base, mark]):
            return _over_or_under(name, base, mark.html.strip())
    raise NotSimple


def _over_or_under(name: str, base: Piece, mark: str) -> Piece:
    if name == "mover" and mark in MARKS:
        return accented(base.html, MARKS[mark])
    return scripted(base, above=mark) if name == "mover" else scripted(base, below=mark)
