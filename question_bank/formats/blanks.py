"""Answers that hold nothing, as programs with a fixed number of fields leave them: they are no options."""

import re
from collections.abc import Sequence

from question_bank.items import images, plain

_MEDIUM = re.compile(r"<(?:img|image|audio|video|object|embed|iframe)\b", re.IGNORECASE)
_FEWEST = 2


def without_blanks(options: Sequence[tuple[str, str]], key: int) -> tuple[tuple[str, ...], int, bool]:
    """Return the fragments that say something, the key among them, and whether others were dropped.

    Each option is its text as the file has it and the fragment made of it; the key stays, whatever it holds.
    """
    kept = [index for index, option in enumerate(options) if index == key or not _is_blank(*option)]
    if len(kept) < _FEWEST:
        kept = list(range(len(options)))
    return tuple(options[index][1] for index in kept), kept.index(key), len(kept) < len(options)


def _is_blank(raw: str, fragment: str) -> bool:
    """Tell whether nothing is there, and nothing got lost on the way either."""
    return not plain(fragment) and not images(fragment) and _MEDIUM.search(raw) is None
