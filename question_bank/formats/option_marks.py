"""Marks in the options themselves that tell the right one where no column does."""

import json
import re
from collections.abc import Sequence

_WORD = r"\s*(?:jawaban\s+|answer\s+)?(?:benar|betul|kunci|correct|right)(?:\s+answer)?\s*"
_BEFORE = re.compile(rf"[(\[]{_WORD}[)\]][ \t]*[:.-]?[ \t]*(?=\S)", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=\S)[ \t]{{0,20}}[(\[]{_WORD}[)\]]", re.IGNORECASE)
_FLAGS = ("is_correct", "iscorrect", "correct", "is_right", "is_answer", "isanswer", "is_true", "benar",
          "is_benar", "kunci")  # fmt: skip
_YES = frozenset({"true", "1", "1.0", "ya", "yes", "benar", "y"})
_LONGEST = 20_000  # characters of a list that is looked at


def unmarked(text: str) -> str:
    """Return the text of an option without a star around it or "(benar)" before or behind it."""
    text = text.strip()
    bare = text.strip("*").strip()
    if bare != text:
        return bare or text
    before = _BEFORE.match(text)
    if before:
        return text[before.end() :]
    after = _AFTER.search(text[-40:])
    return text[: -len(after[0])] if after and text.endswith(after[0]) else text


def is_marked(text: str) -> bool:
    """Tell whether an option carries such a mark."""
    return unmarked(text) != text.strip()


def flagged(text: str) -> Sequence[int]:
    """Return the indices of the options that a JSON list of objects calls right, () for any other text."""
    if not (text.lstrip()[:1] == "[" and "{" in text and len(text) <= _LONGEST):
        return ()
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return [index for index, one in enumerate(listed) if isinstance(one, dict) and _is_right(one)]


def _is_right(one: dict[str, object]) -> bool:
    said = {str(name).casefold(): value for name, value in one.items()}
    return any(str(said[name]).strip().casefold() in _YES for name in _FLAGS if name in said)
