"""What an official chose for a file before it is imported, and how its questions are counted: pure.

A choice belongs to what an item says and not to its place, so that it survives the repaired file.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, cast

from question_bank.items import Difficulty, Item
from question_bank.problems import Problem
from question_bank.validate import fingerprint

PAGE = 20
"""Items on one page."""

SCOPES = ("picked", "empty", "all")
"""Whom a label is given to: what is ticked, what has none, or everything."""

_CELL = re.compile(r"(?P<sheet>.+)!(?P<column>[A-Z]{1,3})(?P<row>[0-9]+)")
_NUMBERED = re.compile(r"(?P<name>.*?)(?P<line>[0-9]{1,9})")
_COLUMN = re.compile(r"(?P<line>.+), kolom [A-Z]{1,3}")


@dataclass(frozen=True)
class Rule:
    """A label for everything (`all`), or for what has none (`empty`); an empty value says nothing."""

    value: str = ""
    scope: str = "empty"


@dataclass(frozen=True)
class Choices:
    """Which items stay out, and what each is labelled; by the keys that `item_keys` gives."""

    left_out: frozenset[str] = frozenset()
    topics: Mapping[str, str] = field(default_factory=dict)
    difficulties: Mapping[str, str] = field(default_factory=dict)
    topic: Rule = Rule()
    difficulty: Rule = Rule()

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {"left_out": sorted(self.left_out)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choices:
        """What `to_json` gave."""
        if not kept:
            return cls()
        return cls(frozenset(kept["left_out"]), kept["topics"], kept["difficulties"], Rule(**kept["topic"]),
                   Rule(**kept["difficulty"]))  # fmt: skip


def item_keys(items: Iterable[Item]) -> list[str]:
    """A name for each item, made of what it asks; of equal ones each has its own."""
    seen: Counter[str] = Counter()
    keys = []
    for item in items:
        name = hashlib.sha256(repr(fingerprint(item)).encode()).hexdigest()[:16]
        seen[name] += 1
        keys.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return keys


def labelled(item: Item, key: str, choices: Choices) -> Item:
    """The item with the topic and difficulty that it will have in the bank."""
    topic = choices.topics.get(key) or _by_rule(item.topic, choices.topic)
    difficulty = choices.difficulties.get(key) or _by_rule(item.difficulty or "", choices.difficulty)
    return replace(item, topic=topic, difficulty=cast("Difficulty | None", difficulty or None))


def _by_rule(own: str, rule: Rule) -> str:
    return rule.value if rule.value and (rule.scope == "all" or not own) else own


def leave_out(choices: Choices, keys: Collection[str]) -> Choices:
    return replace(choices, left_out=choices.left_out | set(keys))


def take_in(choices: Choices, keys: Collection[str]) -> Choices:
    return replace(choices, left_out=choices.left_out - set(keys))


def label(choices: Choices, keys: Collection[str], scope: str, topic: str, difficulty: str) -> Choices:
    """Whatever is not empty is given: to these keys, or to what `scope` says."""
    if topic:
        choices = _labelled(choices, "topics", "topic", keys, scope, topic)
    if difficulty:
        choices = _labelled(choices, "difficulties", "difficulty", keys, scope, difficulty)
    return choices


def _labelled(
    choices: Choices, each: Literal["topics", "difficulties"], rule: Literal["topic", "difficulty"],
    keys: Collection[str], scope: str, value: str,
) -> Choices:  # fmt: skip
    own: Mapping[str, str] = getattr(choices, each)
    if scope == "picked":
        return replace(choices, **{each: dict(own) | dict.fromkeys(keys, value)})  # type: ignore[arg-type]
    kept = {} if scope == "all" else own
    return replace(choices, **{rule: Rule(value, scope), each: kept})  # type: ignore[arg-type]


def place_of(where: str) -> str:
    """The question to which a cell belongs: its row ("Soal!7") or line; any other place is its own."""
    if found := _CELL.fullmatch(where):
        return f"{found['sheet']}!{found['row']}"
    found = _COLUMN.fullmatch(where)
    return found["line"] if found else where


def in_order(places: Sequence[str]) -> list[int]:
    """Indices of the places in the order of the file: by line within each sheet, sheets as they come."""
    split = [_NUMBERED.fullmatch(place_of(place)) for place in places]
    names = [found["name"] if found else place for found, place in zip(split, places, strict=True)]
    ranks = {name: rank for rank, name in enumerate(dict.fromkeys(names))}
    lines = [int(found["line"]) if found else 0 for found in split]
    return sorted(range(len(places)), key=lambda one: (ranks[names[one]], lines[one]))


def by_place(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Problems by the question to which they belong, in the order of the file."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(place_of(problem.where), []).append(problem)
    return found
