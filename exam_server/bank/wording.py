"""How an item lies in the bank: what a candidate may see, what nobody may, and pictures inside texts.

A reader's `<img src="NAME">` is kept as `<img src="picture:HASH">`, so that a wording names what it shows by
content; whoever shows it puts an address in that place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from question_bank.items import Item

SCHEME = "picture:"
_IMAGE = re.compile(r'(<img\b[^<>]*?\bsrc=")([^"]*)(")')


@dataclass(frozen=True)
class Kept:
    """A picture in the bank."""

    id: int
    sha256: str


def names(item: Item) -> set[str]:
    """Names of every picture that an item asks for, inside its texts and beside them."""
    return names_inside(item) | ({item.picture} - {""})


def names_inside(item: Item) -> set[str]:
    """Names of the pictures inside its texts."""
    texts = (item.stem, *item.options, item.explanation)
    found = {found[2] for text in texts for found in _IMAGE.finditer(text)}
    return {name for name in found if name and not name.startswith(SCHEME)}


def hashes(*texts: str) -> set[str]:
    """Hashes of the pictures that kept texts show."""
    sources = {found[2] for text in texts for found in _IMAGE.finditer(text)}
    return {source.removeprefix(SCHEME) for source in sources if source.startswith(SCHEME)}


def visible(item: Item, kept: Mapping[str, Kept]) -> bytes:
    """What candidates may see of an item."""
    return _json({"stem": by_hash(item.stem, kept), "options": [by_hash(one, kept) for one in item.options],
                  "picture_alt": item.picture_alt})  # fmt: skip


def hidden(item: Item, kept: Mapping[str, Kept]) -> bytes:
    """The key and its explanation."""
    return _json({"accepted": [item.key], "explanation": by_hash(item.explanation, kept)})


def shown_at(text: str, address: Callable[[str], str]) -> str:
    """A kept text with `address(hash)` where its pictures are."""
    if SCHEME not in text:
        return text
    return _IMAGE.sub(
        lambda found: found[1] + _address(found[2], address) + found[3],
        text,
    )


def _address(source: str, address: Callable[[str], str]) -> str:
    return address(source.removeprefix(SCHEME)) if source.startswith(SCHEME) else source


def by_hash(text: str, kept: Mapping[str, Kept]) -> str:
    """A text with its pictures called by what they are instead of by their names."""

    def named(found: re.Match[str]) -> str:
        picture = kept.get(found[2])
        return found[0] if picture is None else f"{found[1]}{SCHEME}{picture.sha256}{found[3]}"

    return _IMAGE.sub(named, text) if "<img" in text else text


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
