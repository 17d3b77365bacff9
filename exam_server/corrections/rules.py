"""What a correction makes of a key: another option, a second one, right for all, or counted for nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exam_server.corrections.refusals import (
    NoteMissing,
    NoteTooLong,
    NothingChanges,
    UnknownKind,
    UnknownOption,
)
from exam_server.unseen import without_unseen
from question_bank.scoring import Key

NEEDS_OPTION = ("key", "second")
KINDS = (*NEEDS_OPTION, "void", "drop")
LANGUAGES = ("id", "en")
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be made of a key; `option` counts from 0 in the item's own order."""

    kind: str
    option: int | None = None


def corrected(wish: Wish, key: Key, options: int) -> Key:
    """The new key of an item with so many options. Raises UnknownKind, UnknownOption, NothingChanges."""
    if wish.kind not in KINDS:
        raise UnknownKind
    new = _wished(wish, key, _option(wish, options) if wish.kind in NEEDS_OPTION else 0)
    if new == key:
        raise NothingChanges
    return new


def _wished(wish: Wish, key: Key, option: int) -> Key:
    if wish.kind == "key":
        return Key(frozenset({option}))
    if wish.kind == "second":
        # beside a void item no option makes a difference
        return key if key.everyone or key.dropped else replace(key, accepted=key.accepted | {option})
    return Key(key.accepted, everyone=wish.kind == "void", dropped=wish.kind == "drop")


def _option(wish: Wish, options: int) -> int:
    if wish.option is None or not 0 <= wish.option < options:
        raise UnknownOption
    return wish.option


def public_note(typed: Mapping[str, str]) -> dict[str, str]:
    """What the announcement will say of it, in both languages. Raises NoteMissing, NoteTooLong."""
    note = {language: without_unseen(typed.get(language, "")).strip() for language in LANGUAGES}
    if not all(note.values()):
        raise NoteMissing
    if max(map(len, note.values())) > LONGEST_NOTE:
        raise NoteTooLong(most=LONGEST_NOTE)
    return note
