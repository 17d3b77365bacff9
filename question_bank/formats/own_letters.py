"""The letters that options carry in their own texts, such as "A. satu" in column A."""

import re
from collections.abc import Sequence

from question_bank.validate import LETTERS

_USUAL = re.compile(r"\(?([A-Ja-j])[.)]\s*(?=\S)")
_ANY = re.compile(r"\(?([A-Ja-j])\s*(?:->|=>|[.):=-])\s*(?=\S)")


def without_letters(texts: Sequence[str], any_sign: bool = False) -> list[str]:
    """Return the texts without their letters when each filled one carries that of its place.

    A letter ends in a full stop or a bracket, with `any_sign` also in a colon, an arrow, a dash.
    """
    pattern = _ANY if any_sign else _USUAL
    found = [pattern.match(text.strip()) for text in texts]
    carries = [mark is not None and mark[1].upper() == letter
               for mark, letter, text in zip(found, LETTERS, texts, strict=False)
               if text.strip()]  # fmt: skip
    if len(carries) < 2 or not all(carries):
        return list(texts)
    return [text.strip()[mark.end() :] if mark else text for mark, text in zip(found, texts, strict=True)]


def letters_mixed(texts: Sequence[str]) -> bool:
    """Tell whether all filled texts carry the first letters, but in another order: a key may mean either."""
    found = [_USUAL.match(text.strip()) for text in texts if text.strip()]
    letters = [mark[1].upper() if mark else "" for mark in found]
    return letters != sorted(letters) and sorted(letters) == list(LETTERS[: len(letters)])
