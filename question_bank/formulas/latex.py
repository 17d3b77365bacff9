"""Simple LaTeX as sub, sup and characters; what is not simple is refused as a whole."""

import re

from question_bank.formulas.pieces import NotSimple, Piece, accented, fraction, joined, root, scripted, text
from question_bank.formulas.symbols import ACCENTS, BLANKS, NAMES, SYMBOLS, UNSEEN

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|.", re.DOTALL)
_SAID = frozenset({"text", "textrm", "textit", "textbf", "mbox", "operatorname"})
_DRESSED = frozenset(
    {"mathrm", "mathbf", "mathit", "mathsf", "mathbb", "mathcal", "boldsymbol", "displaystyle"}
)
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
_DEEPEST = 12
_LONGEST = 2_000
_END = ""


def latex(source: str) -> str:
    """Return a formula as HTML; raises NotSimple."""
    if len(source) > _LONGEST:
        raise NotSimple
    reader = _Reader(_TOKEN.findall(source))
    return " ".join(reader.row(_END).split())


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def row(self, closing: str) -> str:
        """Read up to the closing part, which is taken too."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotSimple
        pieces = []
        while (part := self._take()) != closing:
            if part == _END:
                raise NotSimple
            pieces.append(self._with_scripts(self._piece(part)))
        self._depth -= 1
        return joined(pieces)

    def _take(self) -> str:
        part = self._next()
        self._at += 1
        return part

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _skip_blanks(self) -> None:
        while self._next().isspace():
            self._at += 1

    def _with_scripts(self, base: Piece) -> Piece:
        scripts: dict[str, str] = {}
        while True:
            mark = self._at
            self._skip_blanks()
            if self._next() not in {"^", "_"}:
                self._at = mark
                return scripted(base, scripts.get("_", ""), scripts.get("^", "")) if scripts else base
            part = self._take()
            if part in scripts or not base.html.strip():
                raise NotSimple
            scripts[part] = self._argument()

    def _argument(self) -> str:
        self._skip_blanks()
        part = self._take()
        if part in (_END, "}", "^", "_"):
            raise NotSimple
        return joined([self._piece(part)])

    def _piece(self, part: str) -> Piece:
        if part.startswith("\\"):
            return self._command(part[1:])
        if part == "{":
            return Piece(self.row("}"))
        if part in ("}", "^", "_", "&", "#", "%", "$"):
            raise NotSimple
        return text({"'": "′", "~": " "}.get(part, " " if part.isspace() else part))

    def _command(self, name: str) -> Piece:
        if name in SYMBOLS:
            return text(self._spaced(SYMBOLS[name]))
        if name in NAMES:
            following = self._next()
            return text(
                name if following in {_END, "^", "_", "(", "}"} or following.isspace() else name + " "
            )
        if name in BLANKS:
            return text(" ")
        if name in UNSEEN:
            return self._unseen(name)
        if name in {"{", "}", "%", "$", "&", "#", "_", "|"}:
            return text("‖" if name == "|" else name)
        return self._with_arguments(name)

    def _spaced(self, sign: str) -> str:
        """A blank behind a command ends its name; before a sign between two terms it stands on both sides."""
        if sign.isalnum() or not self._next().isspace() or self._at < 2:
            return sign
        return sign if self._tokens[self._at - 2] in {"(", "[", "{", "^", "_"} else " " + sign

    def _unseen(self, name: str) -> Piece:
        self._skip_blanks()
        if self._next() == "." and name in {"left", "right"}:
            self._at += 1
        return Piece("")

    def _with_arguments(self, name: str) -> Piece:
        if name in _FRACTIONS:
            return fraction(self._argument(), self._argument())
        if name == "sqrt":
            return self._root()
        if name in ACCENTS:
            return accented(self._argument(), ACCENTS[name])
        if name in _SAID:
            return self._said()
        if name in _DRESSED:
            return Piece(self._argument())
        raise NotSimple

    def _root(self) -> Piece:
        self._skip_blanks()
        degree = ""
        if self._next() == "[":
            self._at += 1
            degree = self.row("]")
        return root(self._argument(), degree)

    def _said(self) -> Piece:
        """Read words, in which blanks count and nothing else does."""
        self._skip_blanks()
        if self._take() != "{":
            raise NotSimple
        words = []
        while (part := self._take()) != "}":
            if part in {_END, "{", "$"} or part.startswith("\\"):
                raise NotSimple
            words.append(part)
        return text("".join(words))
