"""The form of an item: what was typed, and the item of the library that it becomes, problems beside fields.

Whatever was typed comes back as typed; empty options at the end count as not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from exam_server.errors import Refusal
from exam_server.questions import rules, texts
from exam_server.questions.refusals import (
    AltMissing,
    DifficultyUnknown,
    KeyMissing,
    MediaInText,
    TagsUnusable,
)
from question_bank.items import DIFFICULTIES, Item
from question_bank.problems import Problem
from question_bank.text import line
from question_bank.validate import LETTERS, MAX_OPTIONS, problems_of

FEWEST_ROWS = 4
PICTURE = "gambar-soal"
"""What the picture beside the texts is called on its way into the bank."""

_FIELDS = {"stem": "stem", "key": "key", "topic": "topic", "difficulty": "difficulty", "code": "code",
           "explanation": "explanation", "picture": "picture_alt", "options": "option-1"}  # fmt: skip
Said = Problem | Refusal
"""A sentence of the library, or one of our own."""


@dataclass(frozen=True)
class Entry:
    """An item as typed; `key` counts options from 1, `picture` is the hash of the one beside the texts."""

    stem: str = ""
    options: tuple[str, ...] = ("",) * FEWEST_ROWS
    key: int = 0
    code: str = ""
    topic: str = ""
    difficulty: str = ""
    tags: str = ""
    picture: str = ""
    picture_alt: str = ""
    explanation: str = ""
    shuffle: bool = True
    why: str = ""


@dataclass(frozen=True)
class Judged:
    """What an entry comes to; with `problems` (by field) it is not kept, `warnings` are only told."""

    item: Item
    tags: tuple[str, ...]
    problems: dict[str, list[Said]] = field(default_factory=dict)
    warnings: dict[str, list[Said]] = field(default_factory=dict)


def entry_of(form: Mapping[str, str]) -> Entry:
    """What the form holds."""
    rows = sorted(int(found[1]) for name in form if (found := re.fullmatch(r"option-([0-9]{1,2})", name)))
    key = form.get("key", "")
    chosen = int(key) if re.fullmatch(r"[0-9]{1,2}", key) else 0
    sha256 = form.get("picture", "")
    return Entry(
        stem=form.get("stem", ""),
        options=tuple(form[f"option-{number}"] for number in rows),
        key=rows.index(chosen) + 1 if chosen in rows else 0,
        picture=sha256 if re.fullmatch(r"[0-9a-f]{64}", sha256) and "picture_gone" not in form else "",
        shuffle="shuffle" in form,
        **{name: form.get(name, "") for name in
           ("code", "topic", "difficulty", "tags", "picture_alt", "explanation", "why")},
    )  # fmt: skip


def turned(entry: Entry, act: str) -> Entry | None:
    """`add-option`, `remove-option-<n>`: the entry with a row more or less; None for any other act."""
    if act == "add-option":
        return replace(entry, options=(*entry.options, "")[:MAX_OPTIONS])
    found = re.fullmatch(r"remove-option-([0-9]{1,2})", act)
    if found is None or not 1 <= int(found[1]) <= len(entry.options):
        return None
    gone = int(found[1])
    key = 0 if entry.key == gone else entry.key - (entry.key > gone)
    return replace(entry, options=entry.options[: gone - 1] + entry.options[gone:], key=key)


def judge(entry: Entry, names: Iterable[str]) -> Judged:
    """The item that was meant and all that is wrong with it; `names` are the pictures inside its texts."""
    known = frozenset(names)
    item = _item(entry, known)
    tags = rules.tags(entry.tags)
    judged = Judged(item, tags)
    for problem in problems_of(item, ""):
        if problem.code == "picture_alt_missing" and item.picture and not item.picture_alt:
            continue  # said below, as an error: who writes here can still write it
        told = judged.warnings if problem.is_warning else judged.problems
        if problem.code != "key_range":
            told.setdefault(_field(problem), []).append(problem)
    for name, refusal in _own_problems(entry, item, tags, known):
        judged.problems.setdefault(name, []).append(refusal)
    return judged


def _item(entry: Entry, known: frozenset[str]) -> Item:
    options = list(entry.options)
    while options and not options[-1].strip():
        options.pop()
    difficulty = next((one for one in DIFFICULTIES if one == entry.difficulty), None)
    return Item(
        stem=texts.read(entry.stem, known),
        options=tuple(texts.read(one, known) for one in options),
        key=entry.key - 1,
        code=line(entry.code),
        topic=line(entry.topic),
        difficulty=difficulty,
        picture=PICTURE if entry.picture else "",
        picture_alt=line(entry.picture_alt) if entry.picture else "",
        explanation=texts.read(entry.explanation, known),
        shuffle=entry.shuffle,
    )


def _own_problems(
    entry: Entry, item: Item, tags: tuple[str, ...], known: frozenset[str]
) -> Iterable[tuple[str, Refusal]]:
    if not 0 <= item.key < len(item.options):
        yield "key", KeyMissing()
    if item.picture and not item.picture_alt:
        yield "picture_alt", AltMissing()
    if entry.difficulty not in ("", *DIFFICULTIES):
        yield "difficulty", DifficultyUnknown()
    if rules.badly_tagged(tags):
        yield "tags", TagsUnusable(most=rules.MOST_TAGS, longest=rules.LONGEST_TAG)
    written = {"stem": entry.stem, "explanation": entry.explanation}
    written |= {f"option-{number}": text for number, text in enumerate(entry.options, 1)}
    yield from ((name, MediaInText()) for name, text in written.items() if texts.loses_media(text, known))


def _field(problem: Problem) -> str:
    """Beside which field a sentence of the library stands."""
    letter = str(problem.params.get("letter", ""))
    if letter and letter in LETTERS:
        return f"option-{LETTERS.index(letter) + 1}"
    return _FIELDS.get(problem.code.partition("_")[0], "stem")
