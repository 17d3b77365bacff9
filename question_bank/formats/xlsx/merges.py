"""Merged cells: what stands in the topmost is meant for every row that they reach over."""

import re
from collections.abc import Iterable, Mapping

_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_MOST_ROWS = 5_000
_MOST_CELLS = 100_000


def merged_values(ranges: Iterable[str], rows: Mapping[int, Mapping[int, str]]) -> dict[tuple[int, int], str]:
    """Return the value above for each lower cell of a merged range; (line, column) to text."""
    found: dict[tuple[int, int], str] = {}
    for one in ranges:
        read = _RANGE.fullmatch(one)
        if read is None or len(found) > _MOST_CELLS:
            continue
        column, top, bottom = _index(read[1]), int(read[2]), int(read[4])
        text = rows.get(top, {}).get(column, "")
        if text and top < bottom <= top + _MOST_ROWS:
            found.update({(line, column): text for line in range(top + 1, bottom + 1)})
    return found


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
