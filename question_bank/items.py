"""What an item is, and its one canonical text for storage."""

import html
import json
import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Difficulty = Literal["easy", "medium", "hard"]

_SPACING_TAG = re.compile(
    r"</?(?:p|br|div|table|thead|tbody|tr|th|td|caption|ul|ol|li|pre|blockquote)\b[^<>]*>", re.IGNORECASE
)
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True)
class Item:
    """One multiple-choice item; stem, options and explanation are sanitised HTML, `key` is 0-based."""

    stem: str
    options: tuple[str, ...]
    key: int
    code: str = ""
    topic: str = ""
    difficulty: Difficulty | None = None
    picture: str = ""
    picture_alt: str = ""
    explanation: str = ""
    shuffle: bool = True


_TEXTS = ("stem", "code", "topic", "picture", "picture_alt", "explanation")
_FIELDS = frozenset(field.name for field in fields(Item))


def to_json(item: Item) -> str:
    """Return the canonical JSON of an item: sorted keys, no blanks, real characters instead of escapes."""
    return json.dumps(asdict(item), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Item:
    """Return the item that `to_json` wrote; raises ValueError for anything else."""
    try:
        raw = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply to be an item") from error
    if not isinstance(raw, dict) or not _is_item(raw):
        raise ValueError("this JSON does not describe an item")
    return Item(**{**raw, "options": tuple(raw["options"])})


def plain(fragment: str) -> str:
    """Return the visible text of a sanitised fragment: no tags, entities resolved, blanks collapsed."""
    if "<" in fragment:
        fragment = _ANY_TAG.sub("", _SPACING_TAG.sub(" ", fragment))
    return " ".join(html.unescape(fragment).split())


def _is_item(raw: dict[str, Any]) -> bool:
    return (
        {"stem", "options", "key"} <= raw.keys() <= _FIELDS
        and all(isinstance(raw.get(name, ""), str) for name in _TEXTS)
        and isinstance(raw["options"], list)
        and all(isinstance(option, str) for option in raw["options"])
        and type(raw["key"]) is int
        and raw.get("difficulty") in (None, "easy", "medium", "hard")
        and isinstance(raw.get("shuffle", True), bool)
    )
