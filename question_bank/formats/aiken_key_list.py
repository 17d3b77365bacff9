"""Keys that stand in a list at the end of the paper, "Kunci jawaban: 1. B 2. D", not below each question."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from question_bank.formats.aiken_words import ANSWER, QUESTION

_FEWEST = 2
_LONGEST = 2_000  # a longer line is text
_HEAD = re.compile(
    r"\W*(?:daftar\s+)?(?:kunci(?:\s+jawaban)?|jawaban|gabarito|answer\s+keys?|answers|respuestas|"
    r"solu(?:tions|ciones|\u00e7\u00f5es)|corrig\u00e9|l\u00f6sungen)\b(?:\s+(?:soal|pg|pilihan\s+ganda))?"
    r"(?:\s*(?:dan|and|&|/|\+)\s*(?:pembahasan|penjelasan|analisis|explanations?|rationales?)\b(?:\s+\w+)?)?\W*",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    rf"(?<![^\W_])(?:(?:{QUESTION}|no\.?|nomor)\s*)?(\d{{1,4}})\s*[.):=\u2013-]?\s*\(?([A-J])\b\)?\.?",
    re.IGNORECASE,
)
_REASONED = re.compile(
    rf"(?:[-*]\s+)?(?:\*\*\s*)?(?:(?:{QUESTION}|no\.?|nomor)\s*)?(\d{{1,4}})\s*[.):]\s*(?:\*\*)?\s*(?:{ANSWER}\s*[:=]\s*)?"
    r"\(?([A-J])\)?(?:\s*\*\*[\s.:]*[-\u2013\u2014:]?|\s*[.:]?\s+[-\u2013\u2014]|:)\s*(\S.*)",
    re.IGNORECASE,
)  # "1. **B** - because ..."


class Listed(NamedTuple):
    """A key of the list: its letter, the line it stands on, and the reason given there."""

    letter: str
    line: int
    reason: str = ""


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
        for number, letter, reason in found:
            if keys.setdefault(number, Listed(letter, index + 1, reason)).letter != letter:
                return text, {}
        if head:
            kept = "\n".join(lines[:index]) + "\n" * (len(lines) - index)
            return (kept, keys) if len(keys) >= _FEWEST else (text, {})
    return text, {}


def _entries(line: str) -> list[tuple[int, str, str]] | None:
    """Return the numbers and letters of a line that holds nothing but them and a reason, None for another."""
    if len(line) > _LONGEST:
        return None
    if not _ENTRY.sub("", line).strip(" \t,;|/*_-"):
        return [(int(number), letter.upper(), "") for number, letter in _ENTRY.findall(line)]
    reasoned = _REASONED.fullmatch(line)
    return [(int(reasoned[1]), reasoned[2].upper(), reasoned[3])] if reasoned else None
