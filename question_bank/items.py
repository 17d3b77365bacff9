"""What an item is, and what a reader sees of its texts."""

import html
import re
from dataclasses import dataclass
from typing import Literal, get_args

Difficulty = Literal["easy", "medium", "hard"]
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)

_SPACING_TAG = re.compile(
    r"</?(?:p|br|div|table|thead|tbody|tr|th|td|caption|ul|ol|li|pre|blockquote)\b[^<>]*>", re.IGNORECASE
)
_IMAGE = re.compile(r'<img src="([^"<>]+)"')
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


def plain(fragment: str) -> str:
    """Return the visible text of a sanitised fragment: no tags, entities resolved, blanks collapsed."""
    if "<" in fragment:
        fragment = _ANY_TAG.sub("", _SPACING_TAG.sub(" ", fragment))
    return " ".join(html.unescape(fragment).split())


def images(fragment: str) -> list[str]:
    """Return the names of the pictures inside a sanitised fragment, in order."""
    return _IMAGE.findall(fragment) if "<img" in fragment else []


def pictures_of(item: Item) -> list[str]:
    """Return the names of all pictures that an item needs, the one beside its texts first."""
    inside = [name for text in (item.stem, *item.options, item.explanation) for name in images(text)]
    return [item.picture, *inside] if item.picture else inside
