"""What a usable item must fulfil, and how alike two items are."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from question_bank.items import Item, images, plain
from question_bank.problems import Problem, excerpt

MIN_OPTIONS = 2
MAX_OPTIONS = 10
LETTERS = "ABCDEFGHIJ"

# Characters of the stored text, markup included.
STEM_LIMIT = 10_000
OPTION_LIMIT = 2_000
EXPLANATION_LIMIT = 10_000
CODE_LIMIT = 64
TOPIC_LIMIT = 100
PICTURE_LIMIT = 200
PICTURE_ALT_LIMIT = 1_000

_LETTER = r"\(?[a-j][.)]?"
_REFERS = re.compile(
    rf"""
      (?:semua|seluruh|semuanya|all)(?:\s+(?:jawaban|pilihan|opsi|pernyataan))?(?:\s+di\s*atas)?(?:\s+adalah)?
        \s+(?:benar|salah|tepat|betul|di\s*atas|(?:of\s+)?the\s+above)
    | (?:semua|seluruh)\s+(?:jawaban|pilihan|opsi)\b.*
    | (?:benar|salah|betul)\s+semua(?:nya)?
    | (?:tidak|tak)\s+(?:ada|satu\s*pun)(?:\s+(?:satu\s*pun|jawaban|pilihan|di\s*antara\w*))*
        (?:\s+yang)?\s+(?:benar|tepat|betul|sesuai)
    | (?:bukan|none|neither)\b.*(?:di\s*atas|\bthe\s+above)
    | (?:hanya|jawaban|pilihan|opsi|baik|only|both)?\s*{_LETTER}(?:\s*,\s*{_LETTER})*
        (?:\s*,)?\s*(?:dan|atau|serta|maupun|&|and|or)\s*{_LETTER}
        (?:\s+(?:benar|salah|tepat|betul|saja|semua\w*|are|correct|right))*
    | (?:jawaban|pilihan|opsi)\s+{_LETTER}(?:\s+(?:benar|salah|tepat|betul|dan|atau)\b.*)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_REFERENCE_LENGTH = 80  # longer options do not merely point at others
_IMAGE_WITHOUT_ALT = ' alt="">'
_PICTURE_NAME = re.compile(r"[^\W_][\w .()-]*", re.UNICODE)
_LINE_END = re.compile(r"<br>|</(?:p|div|li|tr)>")
_WORD = re.compile(r"\w+")


def problems_of(item: Item, where: str) -> list[Problem]:
    """Return everything that is wrong with the item, errors and warnings, in reading order."""
    return [*_stem(item, where), *_options(item, where), *_key(item, where), *_labels(item, where),
            *_picture(item, where)]  # fmt: skip


def doubles(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Return index pairs (first, later) of items with the same stem, options in any order, and picture."""
    seen: dict[Fingerprint, int] = {}
    pairs = []
    for index, item in enumerate(items):
        first = seen.setdefault(fingerprint(item), index)
        if first != index:
            pairs.append((first, index))
    return pairs


Fingerprint = tuple[str, tuple[str, ...], str]


def fingerprint(item: Item) -> Fingerprint:
    """Return what two items have in common that ask the same: stem, options in any order, and picture."""
    options = (_comparable(option).casefold() for option in item.options)
    return _comparable(item.stem).casefold(), tuple(sorted(options)), item.picture


def similarity(a: Item, b: Item) -> float:
    """Return the share of common words among all words of both items (stem and options), 0.0 to 1.0."""
    words_a, words_b = _words(a), _words(b)
    union = len(words_a | words_b)
    return len(words_a & words_b) / union if union else 1.0


def _stem(item: Item, where: str) -> Iterator[Problem]:
    if not plain(item.stem) and not images(item.stem):
        yield Problem(where, "stem_empty")
    yield from _too_long(where, "stem_long", item.stem, STEM_LIMIT)


def _options(item: Item, where: str) -> Iterator[Problem]:
    count = len(item.options)
    if count < MIN_OPTIONS:
        yield Problem(where, "options_few", {"count": count})
    if count > MAX_OPTIONS:
        yield Problem(where, "options_many", {"count": count, "limit": MAX_OPTIONS})
    lettered = list(zip(LETTERS, item.options, strict=False))
    for letter, option in lettered:
        yield from _option(where, letter, option, item.shuffle)
    yield from _equal_options(where, lettered)


def _equal_options(where: str, lettered: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """Equal options are an error; an item on spelling may want options that differ in capitals only."""
    exact: dict[tuple[str, int], str] = {}
    folded: dict[tuple[str, int], str] = {}
    for letter, option in lettered:
        text, lines = _comparable(option), _lines(option)
        same = exact.setdefault((text, lines), letter)
        alike = folded.setdefault((text.casefold(), lines), letter)
        if text and same != letter:
            yield Problem(where, "option_doubled", {"first": same, "letter": letter})
        elif text and alike != letter:
            yield Problem(where, "option_alike", {"first": alike, "letter": letter})


def _option(where: str, letter: str, option: str, shuffle: bool) -> Iterator[Problem]:
    text = plain(option)
    if not text and not images(option):
        yield Problem(where, "option_empty", {"letter": letter})
    yield from _too_long(where, "option_long", option, OPTION_LIMIT, letter=letter)
    if shuffle and len(text) <= _REFERENCE_LENGTH and _REFERS.fullmatch(text.rstrip(" .")):
        yield Problem(where, "option_refers", {"letter": letter})


def _key(item: Item, where: str) -> Iterator[Problem]:
    if not 0 <= item.key < len(item.options):
        yield Problem(where, "key_range", {"number": item.key + 1, "count": len(item.options)})


def _labels(item: Item, where: str) -> Iterator[Problem]:
    if item.difficulty not in (None, "easy", "medium", "hard"):
        yield Problem(where, "difficulty_unknown", {"value": excerpt(str(item.difficulty))})
    yield from _too_long(where, "code_long", item.code, CODE_LIMIT)
    yield from _too_long(where, "topic_long", item.topic, TOPIC_LIMIT)
    yield from _too_long(where, "explanation_long", item.explanation, EXPLANATION_LIMIT)


def _picture(item: Item, where: str) -> Iterator[Problem]:
    texts = (item.stem, *item.options)
    if any(_IMAGE_WITHOUT_ALT in text for text in texts) or (item.picture and not item.picture_alt.strip()):
        yield Problem(where, "picture_alt_missing")
    if not item.picture:
        return
    if len(item.picture) > PICTURE_LIMIT or not _PICTURE_NAME.fullmatch(item.picture):
        yield Problem(where, "picture_name", {"value": excerpt(item.picture)})
    yield from _too_long(where, "picture_alt_long", item.picture_alt, PICTURE_ALT_LIMIT)


def _too_long(where: str, code: str, text: str, limit: int, **params: str | int) -> Iterator[Problem]:
    if len(text) > limit:
        yield Problem(where, code, {"length": len(text), "limit": limit, **params})


def _comparable(fragment: str) -> str:
    # 10<sup>2</sup> and 102 read differently, although their plain texts are the same; so do two pictures.
    if "<su" in fragment:
        fragment = fragment.replace("<sup>", "^").replace("<sub>", "_")
    return " ".join((plain(fragment), *images(fragment)))


def _lines(fragment: str) -> int:
    """Count the lines with text: what a program prints in one line or in three is not the same."""
    return max(1, sum(1 for part in _LINE_END.split(fragment) if plain(part)))


@lru_cache(maxsize=2048)
def _words(item: Item) -> frozenset[str]:
    return frozenset(_WORD.findall(plain(" <br> ".join((item.stem, *item.options))).casefold()))
