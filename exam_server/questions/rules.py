"""How items are found, how tags are written, and what differs between two wordings: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_TAGS, LONGEST_TAG = 12, 40
_TOKEN = re.compile(r"<[^<>]*>|\s+|\w+|[^\w\s]")
_LARGEST_TABLE = 1_000_000
"""Pairs of tokens that are still compared one by one; longer texts are told as a whole."""


@dataclass(frozen=True)
class Part:
    """A stretch of text that both wordings have (`same`), or one of them alone (`gone`, `new`)."""

    kind: str
    text: str


def words(text: str) -> list[str]:
    """What is looked for: words in small letters."""
    return text.casefold().split()


def matches(sought: Sequence[str], text: str) -> bool:
    """Every word stands somewhere in the text, also as a part of another."""
    folded = text.casefold()
    return all(word in folded for word in sought)


def tags(typed: str) -> tuple[str, ...]:
    """Between commas, in small letters, each once, in the order of the alphabet."""
    found = {" ".join(one.casefold().split()) for one in re.split(r"[,;\n]", typed)}
    return tuple(sorted(found - {""}))


def badly_tagged(given: Iterable[str]) -> bool:
    """Too many tags, or one that is too long to be a word by which something is found."""
    listed = list(given)
    return len(listed) > MOST_TAGS or any(len(one) > LONGEST_TAG for one in listed)


def difference(old: str, new: str) -> tuple[Part, ...]:
    """Both texts in one, word by word; what is the same is there once."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) * len(after) > _LARGEST_TABLE:
        return tuple(part for part in (Part("gone", old), Part("new", new)) if part.text)
    parts: list[Part] = []
    for kind, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            _append(parts, "same", before[first:last])
        else:
            _append(parts, "gone", before[first:last])
            _append(parts, "new", after[start:end])
    return tuple(parts)


def _append(parts: list[Part], kind: str, tokens: list[str]) -> None:
    if tokens:
        parts.append(Part(kind, "".join(tokens)))
