"""How the key of a table row is read: a letter, a 1-based number, or the text of an option."""

import re
from collections.abc import Sequence

from question_bank.items import plain
from question_bank.problems import Problem, excerpt
from question_bank.text import clean
from question_bank.validate import LETTERS

_MARKED = re.compile(r"[(\[]?\s*([A-Ja-j]|\d{1,2})\s*[.)\]:]*")
_SEVERAL = re.compile(r"[A-Ja-j](?:\s*(?:[,;/&+]|dan|and)\s*[A-Ja-j])+")


def read_key(cell: str, options: Sequence[str], where: str) -> tuple[int, list[Problem]]:
    """Return the 0-based key and the problems; the number may lie outside the options.

    A letter always means the letter; a number that is also the text of another option is refused.
    """
    text = plain(clean(cell))
    same = [index for index, option in enumerate(options) if plain(option) == text]
    if not text:
        return 0, [Problem(where, "key_missing")]
    marked = _MARKED.fullmatch(text)
    if marked and marked[1].isascii():
        return _marked(marked[1], same, where, text)
    if len(same) == 1:
        return same[0], []
    code = "key_several" if same or _SEVERAL.fullmatch(text) else "key_unreadable"
    return 0, [Problem(where, code, {"value": excerpt(text)})]


def _marked(mark: str, same: list[int], where: str, text: str) -> tuple[int, list[Problem]]:
    letter = mark.upper() in LETTERS
    key = LETTERS.index(mark.upper()) if letter else int(mark) - 1
    if not same or key in same:
        return key, []
    return key, [
        Problem(where, "key_letter_is_text" if letter else "key_ambiguous", {"value": excerpt(text)})
    ]
