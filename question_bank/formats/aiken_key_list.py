"""Keys that stand in a list at the end of the paper, "Kunci jawaban: 1. B 2. D", not below each question."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from question_bank.formats.aiken_words import QUESTION

_FEWEST = 2
_LONGEST = 2_000  # a longer line is text
_HEAD = re.compile(
    r"\W*(?:daftar\s+)?(?:kunci(?:\s+jawaban)?|jawaban|gabarito|answer\s+keys?|answers|respuestas|"
    r"solu(?:tions|ciones|\u00e7\u00f5es)|corrig\u00e9|l\u00f6sungen)\b(?:\s+(?:soal|pg|pilihan\s+ganda))?\W*",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    rf"(?<![^\W_])(?:(?:{QUESTION}|no\.?|nomor)\s*)?(\d{{1,4}})\s*[.):=\u2013-]?\s*\(?([A-J])\b\)?\.?",
    re.IGNORECASE,
)


class Listed(NamedTuple):
    """A key of the list: its letter and the line it stands on."""

    letter: str
    line: int


def keys_at_end(text: str) -> tuple[str, Mapping[int, Listed]]:
    """Return the text without a list of keys at its end, and the keys by the number of their question.

    Without such a list, or with one that gives a question two keys, the text stays as it is.
    """
    lines = text.split("\n")
    keys: dict[int, Listed] = {}
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        head = _HEAD.match(line) if len(line) <= _LONGEST else None
        found = _entries(line[head.end() :] if head else line)
        if found is None:
            return text, {}
        for number, letter in found:
            if keys.setdefault(number, Listed(letter, index + 1)).letter != letter:
                return text, {}
        if head:
            kept = "\n".join(lines[:index]) + "\n" * (len(lines) - index)
            return (kept, keys) if len(keys) >= _FEWEST else (text, {})
    return text, {}


def _entries(line: str) -> list[tuple[int, str]] | None:
    """Return the numbers and letters of a line that holds nothing else, None for another line."""
    if len(line) > _LONGEST or _ENTRY.sub("", line).strip(" \t,;|/*_-"):
        return None
    return [(int(number), letter.upper()) for number, letter in _ENTRY.findall(line)]
