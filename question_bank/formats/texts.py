"""The texts of one question on their way into an item: formulas set, pictures kept, markup cleaned."""

import re
from collections.abc import Callable

from question_bank.formulas import set_formulas
from question_bank.items import images, plain
from question_bank.pictures import data_of, is_remote, kind_of, unquoted
from question_bank.problems import Problem, excerpt
from question_bank.text import clean_and_place, drops_media, escaped, with_breaks
from question_bank.typed_tags import shown

Find = Callable[[str], bytes | None]
"""From an address as a text has it to the bytes of the picture; None when the file does not hold it."""
Keep = Callable[[str, bytes], str]
"""`Harvest.picture`."""

_PATH = re.compile(r"[/\\]")


def _nowhere(address: str) -> None:
    return None


class Texts:
    """Turns raw texts into fragments; `problems` holds what got lost, told once for the question."""

    def __init__(self, where: str, keep: Keep, find: Find = _nowhere) -> None:
        self.problems: list[Problem] = []
        self._where = where
        self._keep = keep
        self._find = find
        self._needed = True
        self._lost: list[Problem] = []

    def dispensable(self) -> "Texts":
        """Return the same for a text that the question does without: a picture lost there is no error."""
        other = Texts(self._where, self._keep, self._find)
        other.problems, other._needed = self.problems, False
        return other

    def html(self, raw: str) -> str:
        """Return HTML as a sanitised fragment."""
        ready, kept = set_formulas(raw)
        for formula in kept:
            self._note("formula_kept", formula=excerpt(formula))
        self._lost = []
        fragment = clean_and_place(ready, self._place)
        if self._lost or (drops_media(ready) and _media(ready) > len(images(fragment))):
            self._tell_loss(fragment)
        return fragment

    def with_line_ends(self, raw: str) -> str:
        """Return HTML typed by hand, in which line ends count, as a fragment."""
        return self.html(with_breaks(shown(raw)))

    def plain(self, raw: str) -> str:
        """Return plain text as a fragment that shows exactly this, formulas apart."""
        return self.html(with_breaks(escaped(raw)))

    def picture(self, address: str) -> str:
        """Return the name of a picture that stands beside the texts, "" with a warning when it is lost."""
        self._lost = []
        name = self._place(address)
        if name is None:
            self._note("media_dropped")
        return name or ""

    def _note(self, code: str, **params: str | int) -> None:
        problem = Problem(self._where, code, params)
        if problem not in self.problems:
            self.problems.append(problem)

    def _tell_loss(self, fragment: str) -> None:
        if plain(fragment) or images(fragment) or not (self._lost and self._needed):
            self._note("media_dropped")
        else:
            self._note(self._lost[0].code, **self._lost[0].params)

    def _place(self, address: str) -> str | None:
        data = data_of(address) or self._find(address)
        if data and kind_of(data):
            return self._keep(unquoted(address) if len(address) < 1_000 else "", data)
        code = "picture_kind" if data else "picture_remote" if is_remote(address) else "picture_absent"
        name = _PATH.split(unquoted(address[:1_000]))[-1] if code != "picture_remote" else address
        self._lost.append(Problem(self._where, code, {"name": excerpt(name)}))
        return None


def _media(html: str) -> int:
    return html.lower().count("<img") + drops_media(re.sub(r"<im(?:g|age)\b", "", html, flags=re.IGNORECASE))
