"""Tables whose heading says nothing: which column is the question, which the options, which the key.

Told from what stands in the columns, and only where it is unmistakable: one column that reads like questions,
at least two columns beside it, and one that names or repeats one of these in nearly every row.
"""

import re
from collections import Counter
from collections.abc import Sequence

from question_bank.formats.columns import Columns
from question_bank.formats.keys import read_key, style_of
from question_bank.formats.kinds import kind_code
from question_bank.formats.records import Record

_LOOKED_AT = 300
_MOST_OPTIONS = 10
_LONGEST = 1_000  # characters of a cell that are looked at
_WIDEST = 40
_NEARLY_ALL = 0.9
_FULL = 0.7  # of the cells that the fullest row has
_LETTER = re.compile(r"\(?[A-Ja-j][.)]?[;,\s]*")
_ASKS = re.compile(r"\?|\.\.|\u2026|__|:\s*$|\uff1f|\u3002")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")


def columns_by_content(rows: Sequence[Record]) -> Columns | None:
    """Return the columns of rows without a heading, None when more than one reading is possible."""
    sample = _alike(rows)
    if len(sample) < 2:
        return None
    width = len(sample[0])
    asking = [index for index in range(width) if _reads_like_questions([row[index] for row in sample])]
    for key in range(width - 1, 2, -1):
        stem = next((index for index in asking if index < key - 2), None)
        options = _options(sample, stem, key) if stem is not None else []
        if stem is not None and len(options) > 1 and _is_key(sample, stem, options, key):
            fields = {"stem": stem} | _kind(sample, stem, options, key)
            return Columns([""] * width, fields, dict(enumerate(options)), keys=[key])
    return None


def fits(columns: Columns, row: Record) -> bool:
    """Tell whether the key of a row names one of its options."""
    cells = dict(enumerate(row.cells))
    texts = [text for index in columns.options.values() if _filled(text := cells.get(index, ""))]
    found = read_key(cells.get(columns.keys[0], ""), texts, "")
    return not found.problems and 0 <= found.index < len(texts)


def _alike(rows: Sequence[Record]) -> list[Sequence[str]]:
    """The rows of the width that most have, without those that are nearly blank; [] when they are few."""
    sound: list[Sequence[str]] = [row.cells for row in rows[:_LOOKED_AT] if not row.broken]
    if not sound:
        return []
    width = Counter(map(len, sound)).most_common(1)[0][0]
    same = [cells for cells in sound if len(cells) == width <= _WIDEST]
    filled = max((sum(map(_filled, cells)) for cells in same), default=0)
    full = [cells for cells in same if sum(map(_filled, cells)) >= _FULL * filled]
    return full if len(full) * 2 >= len(sound) else []


def _filled(cell: str) -> bool:
    return bool(cell.strip())


def _reads_like_questions(cells: Sequence[str]) -> bool:
    texts = [cell[:_LONGEST].strip() for cell in cells]
    if len(set(texts)) < _NEARLY_ALL * len(texts) or sum(len(text) > 3 for text in texts) < len(texts):
        return False
    asking = sum(_ASKS.search(text) is not None for text in texts)
    words = sum(len(text.split()) + len(_SPACELESS.findall(text)) // 3 for text in texts)
    return asking * 3 > len(texts) or words >= 3 * len(texts)


def _options(sample: Sequence[Sequence[str]], stem: int, key: int) -> list[int]:
    """The columns between question and key, without those that are blank everywhere."""
    between = range(stem + 1, min(key, stem + 1 + _MOST_OPTIONS))
    found = [index for index in between if any(_filled(row[index]) for row in sample)]
    if any(sum("?" in row[index] for row in sample) * 3 > len(sample) for index in found):
        return []  # the question once more, in another language
    return found if found == list(range(stem + 1, stem + 1 + len(found))) else []


def _is_key(sample: Sequence[Sequence[str]], stem: int, options: Sequence[int], key: int) -> bool:
    pairs = [(row[key], [row[index] for index in options if _filled(row[index])]) for row in sample]
    if any(len(set(texts)) < len(texts) or len(texts) < 2 for _, texts in pairs):
        pairs = [(cell, texts) for cell, texts in pairs if len(set(texts)) == len(texts) > 1]
    style = style_of(pairs)
    found = [read_key(cell, texts, "", style) for cell, texts in pairs]
    good = [one.index for one, (_, texts) in zip(found, pairs, strict=True)
            if not one.problems and 0 <= one.index < len(texts)]  # fmt: skip
    if sum(one.several for one in found) * 2 > len(found):
        return False
    if len(good) < _NEARLY_ALL * len(pairs) or len(pairs) * 3 < len(sample) * 2:
        return _repeats(pairs)
    if len(good) > 7 and max(good) + 2 < max(len(texts) for _, texts in pairs):
        return False  # columns that no key names are no options
    letters = all(one.several or _LETTER.fullmatch(cell.strip())
                  for one, (cell, _) in zip(found, pairs, strict=True))  # fmt: skip
    return letters or (len(set(good)) > 1 and _differ(sample, options))


def _differ(sample: Sequence[Sequence[str]], options: Sequence[int]) -> bool:
    """Whether there are options enough, and other ones for each question, for numbers to be their keys."""
    varied = [len({row[index] for row in sample}) * 2 > len(sample) for index in options]
    return len(sample) > 2 and len(options) > 2 and all(varied)


def _repeats(pairs: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Whether most keys are the text of one option, in different columns: several answers spoil some rows."""
    places = [texts.index(cell) for cell, texts in pairs if cell in texts]
    keys = [cell for cell, texts in pairs if cell in texts]
    varied = len(set(keys)) * 2 > len(keys) or not all(key.strip().isdigit() for key in keys)
    return varied and len(places) * 3 > len(pairs) * 2 and len(set(places)) > 1


def _kind(sample: Sequence[Sequence[str]], stem: int, options: Sequence[int], key: int) -> dict[str, int]:
    used = {stem, key, *options}
    for index in range(len(sample[0])):
        words = {row[index].strip() for row in sample} if index not in used else set()
        if 0 < len(words) < 9 and all(len(word) < 30 for word in words) and any(map(kind_code, words)):
            return {"kind": index}
    return {}
