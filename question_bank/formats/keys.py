"""How the key of a table row is read: a letter, a 1-based number, or the text of an option."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from question_bank.items import plain
from question_bank.problems import Problem, excerpt
from question_bank.text import clean
from question_bank.typed_tags import shown
from question_bank.validate import LETTERS

Style = Literal["", "mark", "text", "zero"]

_PREFIX = (
    r"(?:(?:kunci|jawaban|jawabannya|key|answer|ans|correct|opsi|option|options|pilihan|choice|huruf|nomor|no|"
    r"yang|benar|adalah|ialah|is|the|jwb)(?![^\W\d_])[\s:=.()_-]*){0,6}"
)
_MARK = r"(?P<mark>[A-Ja-j]|\d{1,2})"
_BARE = _MARK.replace("mark", "bare")
_MARKED = re.compile(rf"[\s:=]*{_PREFIX}[(\[]?\s*{_MARK}\s*[.)\]:;,]*", re.IGNORECASE)
_FLOAT = re.compile(r"(\d{1,2})[.,]0")
_MARK_AND_TEXT = re.compile(rf"{_PREFIX}(?:\({_MARK}\)|{_BARE}\s*[.):-])\s*(?P<text>\S.*)",
                            re.IGNORECASE | re.DOTALL)  # fmt: skip
_SEVERAL = re.compile(
    rf"{_PREFIX}(?:[A-Ja-j]|\d{{1,2}})\.?(?:\s*(?:[,;/&+|\s]|dan|and)\s*(?:[A-Ja-j]|\d{{1,2}})\.?)+",
    re.IGNORECASE,
)
_RUN = re.compile(r"[A-J]{2,5}")
_NUMBERED = re.compile(r"\d{1,3}\s*[.):-]?\s*\(?([A-J])\)?\.?", re.IGNORECASE)  # "15. C": question 15
_TRUTHS = re.compile(r"(?=.*s)(?:benar|salah|[bs])(?:\s*[,;|/]\s*(?:benar|salah|[bs]))+", re.IGNORECASE)
_LIST_SIGNS = "|;,"
_POINTS = re.compile(r"(-?\d{1,4}(?:[.,]\d{1,4})?) ?%?")
_WHOLE = (0.0, 1.0, 100.0)  # all or nothing, as a share or in percent
_TRUE = frozenset(
    [
        "x",
        "v",
        "\u2713",
        "\u2714",
        "\u221a",
        "*",
        "1",
        "true",
        "ya",
        "benar",
        "yes",
        "y",
        "betul",
        "correct",
        "right",
        "kunci",
        "key",
    ]
)
_FALSE = frozenset(["0", "false", "tidak", "no", "salah", "-", "n", "wrong", "incorrect", "f"]) | {""}


@dataclass(frozen=True)
class ReadKey:
    """The 0-based key, the problems of its cell, and whether it names several options at once."""

    index: int
    problems: tuple[Problem, ...] = ()
    several: bool = False


def read_key(cell: str, options: Sequence[str], where: str, style: Style = "") -> ReadKey:
    """Return the key; its number may lie outside the options.

    A number that is also the text of another option is refused, unless `style` tells how the other rows of
    the column are to be read. A letter means the letter, unless the others are texts. A warning tells which.
    """
    text = _visible(cell)
    if not text:
        return ReadKey(0, (Problem(where, "key_missing"),))
    same = _same(text, options)
    marked = _MARKED.fullmatch(_FLOAT.sub(r"\1", text))
    if marked and marked["mark"].isascii():
        return _marked(marked["mark"], same, len(options), where, text, style)
    if len(same) == 1:
        return ReadKey(same[0])
    if same:
        return ReadKey(0, (Problem(where, "key_several", {"value": excerpt(text)}),))
    return _longer(text, options, where)


def style_of(cells: Iterable[tuple[str, Sequence[str]]]) -> Style:
    """Return how the keys of a column are meant: positions ("zero" counts them from 0), texts, or unclear."""
    asked = [(text, options) for cell, options in cells if (text := _visible(cell))]
    seen = Counter(sign for text, options in asked for sign in _signs(text, options))
    plainly = seen["digit"] > 1 or len(asked) == 1
    if plainly and seen["zero"] and not (seen["last"] or seen["letter"] or seen["text"]):
        return "zero"
    if seen["text"] and not (seen["letter"] or seen["position"]):
        return "text"
    return "mark" if seen["position"] and not seen["text"] else ""


def is_other_text(cell: str, options: Sequence[str]) -> bool:
    """Tell whether a key is a text of its own, neither a mark nor the text of an option."""
    text = _visible(cell)
    found = read_key(cell, options, "")
    mark = _MARKED.fullmatch(text) or _SEVERAL.fullmatch(text) or _MARK_AND_TEXT.fullmatch(text)
    return bool(text) and mark is None and [one.code for one in found.problems] == ["key_unreadable"]


def ticked(cells: Sequence[str], points: bool = False) -> list[int] | None:
    """Return the indices of the cells with a tick, None when a cell holds anything but a tick or nothing.

    Numbers are ticks as far as they cannot be the number of an option: 1, 100 and 0; with `points` any other
    one is too, and counts when it is more than 0.
    """
    words = [_visible(cell).casefold() for cell in cells]
    worth = [_worth(word) for word in words]
    if not all(word in _TRUE or word in _FALSE or number in _WHOLE or (points and number is not None)
               for word, number in zip(words, worth, strict=True)):  # fmt: skip
        return None
    return [index for index, word in enumerate(words) if word in _TRUE or (worth[index] or 0) > 0]


def _visible(cell: str) -> str:
    return plain(clean(shown(cell)))


def _worth(word: str) -> float | None:
    points = _POINTS.fullmatch(word)
    return float(points[1].replace(",", ".")) if points else None


def _signs(text: str, options: Sequence[str]) -> Iterator[str]:
    """What the key of one row tells about its column."""
    marked = _MARKED.fullmatch(_FLOAT.sub(r"\1", text))
    same = bool(_same(text, options))
    if marked is None or marked["mark"].upper() in LETTERS:
        if same != bool(marked):
            yield "letter" if marked else "text"
        return
    yield "digit"
    number = int(marked["mark"])
    if same and number > len(options):
        yield "text"
    elif not same and number <= len(options):  # a number beyond them is a slip and tells nothing
        yield {0: "zero", len(options): "last"}.get(number, "position")
        if number == len(options):
            yield "position"


def _position(mark: str, style: Style) -> int:
    return LETTERS.index(mark.upper()) if mark.upper() in LETTERS else int(mark) - (style != "zero")


def _marked(mark: str, same: list[int], count: int, where: str, text: str, style: Style) -> ReadKey:
    letter = mark.upper() in LETTERS
    key = _position(mark, style)
    if not same or key in same:
        return ReadKey(key)
    if len(same) == 1 and not letter and key >= count:
        return ReadKey(same[0])
    as_text = len(same) == 1 and style == "text"
    code = ("key_read_as_text" if as_text else "key_letter_is_text" if letter else
            "key_read_as_number" if style in ("mark", "zero") else "key_ambiguous")  # fmt: skip
    return ReadKey(same[0] if as_text else max(key, 0), (Problem(where, code, {"value": excerpt(text)}),))


def _same(text: str, options: Sequence[str]) -> list[int]:
    """The options with this text; capitals and a full stop at the end count only when they must."""
    visible = [plain(option) for option in options]
    for make in (str, str.casefold, _bare):
        found = [index for index, option in enumerate(visible) if make(option) == make(text)]
        if found:
            return found
    return []


def _bare(text: str) -> str:
    return text.casefold().rstrip(" .;,") or text


def _longer(text: str, options: Sequence[str], where: str) -> ReadKey:
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        key, same = LETTERS.index(numbered[1].upper()), _same(numbered[1], options)
        unclear = same and key not in same  # "2. C": the letter, or the second option, which is the text "C"
        code = (Problem(where, "key_ambiguous", {"value": excerpt(text)}),) if unclear else ()
        return ReadKey(key, code)
    if _lists_options(text, options) or _TRUTHS.fullmatch(text):  # "B, S, B": of a statement in each option
        return ReadKey(0, several=True)
    both = _MARK_AND_TEXT.fullmatch(text)
    if both:
        key = _position(both["mark"] or both["bare"], "")
        same = _same(both["text"].strip(), options)
        if key in same or (not same and key < len(options)):
            differs = () if same else (Problem(where, "key_text_differs", {"value": excerpt(text)}),)
            return ReadKey(key, differs)
        if same:
            return ReadKey(0, (Problem(where, "key_contradicts_itself", {"value": excerpt(text)}),))
    if _SEVERAL.fullmatch(text) or _is_run(text, len(options)):
        return ReadKey(0, several=True)
    return ReadKey(0, (Problem(where, "key_unreadable", {"value": excerpt(text)}),))


def _lists_options(text: str, options: Sequence[str]) -> bool:
    """Whether the key names several options by their texts, each with its letter before it or without."""
    for sign in _LIST_SIGNS:
        parts = [part.strip() for part in text.split(sign) if part.strip()]
        if len(parts) > len(options):
            continue
        found = {index for part in parts for index in _named(part, options)}
        if len(parts) == len(found) > 1:
            return True
    return False


def _named(part: str, options: Sequence[str]) -> list[int]:
    both = _MARK_AND_TEXT.fullmatch(part)
    return _same(part, options) or (_same(both["text"].strip(), options) if both else [])


def _is_run(text: str, count: int) -> bool:
    """Whether letters stand side by side, "ACD", each of them an option."""
    return bool(_RUN.fullmatch(text)) and list(text) == sorted(set(text)) and LETTERS.index(text[-1]) < count
