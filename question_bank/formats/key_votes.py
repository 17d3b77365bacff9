"""Whether what stands beside a key speaks of the option that it names, counted from 0 or from 1."""

import re
from collections.abc import Sequence

from question_bank.items import plain
from question_bank.validate import LETTERS

_LETTER = re.compile(
    r"\b(?:opsi|pilihan|jawaban(?:nya)?(?:\s+(?:yang\s+)?(?:benar|tepat))?(?:\s+adalah)?|kunci|option|answer(?:\s+is)?|choice)"
    r"\s*:?\s*\(?([A-J])\b(?!')"
)
_LONGEST = 2_000  # characters of an explanation that are read


def vote_of(explanation: str, number: int, options: Sequence[str]) -> int:
    """Return 1 when the explanation speaks for a number counted from 0, -1 for one from 1, else 0."""
    said = plain(explanation[:_LONGEST])
    zero, one = (_speaks_of(said, index, options) for index in (number, number - 1))
    return int(zero) - int(one)


def vote_of_text(text: str, number: int, options: Sequence[str]) -> int:
    """Return 1 when a text is the option of a number counted from 0, -1 for one from 1, else 0."""
    same = [plain(option).casefold() == plain(text).casefold() for option in options] if text.strip() else []
    zero, one = (0 <= index < len(same) and same[index] for index in (number, number - 1))
    return int(zero) - int(one)


def _speaks_of(said: str, index: int, options: Sequence[str]) -> bool:
    """Whether the explanation names the option at this index by its letter, or else by its text."""
    if not 0 <= index < len(options):
        return False
    letters = {found.upper() for found in _LETTER.findall(said)}
    if letters:
        return letters == {LETTERS[index]}
    text = plain(options[index]).strip(" .").casefold()
    return bool(text) and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", said.casefold()) is not None
