"""How the keys of a table are to be read, told from all its rows together, and what must be said of that."""

import re
from collections.abc import Iterator, Sequence

from question_bank.formats.columns import Columns
from question_bank.formats.headings import meaning
from question_bank.formats.key_votes import vote_of
from question_bank.formats.keys import Style, is_other_text, style_of
from question_bank.formats.records import Record
from question_bank.formats.row_items import Row, option_texts
from question_bank.formats.sheets import Sheet
from question_bank.problems import Problem, excerpt
from question_bank.typed_tags import shown

_FEWEST_BESIDE = 3  # rows that make a rule of keys that are none of the options
_FROM_ZERO = re.compile(
    r"\b0\s*(?:[-\u2013]|to|sampai|s/d)\s*\d|\bzero\b|\b0[- ]?based|\bmulai (?:dari )?0", re.IGNORECASE
)
_INDEX = re.compile(r"index|indeks|idx|\bcop\b", re.IGNORECASE)
_DIGITS = re.compile(r"(\d{1,2})(?:[.,]0)?")
_WEAK_RANK = 2  # of the name of a column, which may well mean something else than a key

Pairs = Sequence[tuple[str, Sequence[str]]]
"""The key of each row with the filled options of that row."""


class KeyColumns:
    """The columns with keys, `styles` by cell index; rows whose quotes do not match say nothing."""

    def __init__(self, columns: Columns, sheet: Sheet, below: Sequence[Record]) -> None:
        self._columns, self._sheet = columns, sheet
        self._rows = [Row(record, columns, sheet) for record in below if not record.broken]
        options = [[shown(text) for text in option_texts(row) if text.strip()] for row in self._rows]
        are_texts = bool(columns.distractors) and not columns.options  # of the right options themselves
        self._pairs: dict[int, Pairs] = {
            index: [(row.raw(index), texts) for row, texts in zip(self._rows, options, strict=True)]
            for index in ([] if are_texts else columns.keys)
        }
        self.styles = {index: self._style(index) for index in self._pairs}
        self.hold_one_more_option = self._hold_one_more_option()

    def _hold_one_more_option(self) -> bool:
        """Whether the key is in every row a text that is none of the options: one more, the right one."""
        columns = self._columns
        alone = len(columns.keys) == 1 and not (columns.marks or columns.distractors)
        if not alone or len(columns.options) < 2 or self._is_weak(columns.keys[0]):
            return False
        pairs = self._pairs[columns.keys[0]]
        asked = [(key, texts) for key, texts in pairs if key.strip() and len(texts) > 1]
        return len(asked) >= _FEWEST_BESIDE and all(is_other_text(key, texts) for key, texts in asked)

    def problems(self, line: int) -> Iterator[Problem]:
        """Yield a warning for every reading of keys that another person may have meant otherwise.

        `line` is that of the heading.
        """
        columns = self._columns
        for index, pairs in self._pairs.items():
            where = self._sheet.at(line, index)
            if self.styles[index] == "zero":
                yield Problem(where, "key_from_zero")
            elif _INDEX.search(columns.names[index]) and _may_begin_at_zero(pairs):
                yield Problem(where, "key_from_one")
            if self._is_weak(index):
                yield Problem(where, "key_by_name", {"column": excerpt(columns.names[index])})
        if self.hold_one_more_option:
            yield Problem(self._sheet.at(line, columns.keys[0]), "key_is_option")
        if columns.by_points:
            yield Problem(self._sheet.at(line, min(columns.marks.values())), "keys_by_points")
        elif not (columns.keys or columns.marks):
            yield Problem(self._sheet.at(line), "keys_by_star")

    def _style(self, index: int) -> Style:
        said = self._columns.from_zero or _FROM_ZERO.search(self._columns.names[index]) is not None
        numbers = [_DIGITS.fullmatch(key.strip()) for key, _ in self._pairs[index] if key.strip()]
        if said and any(numbers):
            return "zero"
        told = style_of(self._pairs[index])
        open_to_doubt = told != "zero" and _INDEX.search(self._columns.names[index]) is not None
        return "zero" if open_to_doubt and self._explained_from_zero(index) else told

    def _explained_from_zero(self, index: int) -> bool:
        """Whether the explanations name the options that numbers counted from 0 mean, never the others."""
        if not _may_begin_at_zero(self._pairs[index]):
            return False
        votes = [vote_of(row.cell("explanation"), int(float(key.replace(",", "."))), texts)
                 for row, (key, texts) in zip(self._rows, self._pairs[index], strict=True)
                 if key.strip()]  # fmt: skip
        return sum(votes) > 0 and min(votes) >= 0

    def _is_weak(self, index: int) -> bool:
        said = meaning(self._columns.names[index])
        return said is not None and said.field == "key" and said.rank >= _WEAK_RANK


def _may_begin_at_zero(pairs: Pairs) -> bool:
    """Whether all keys are numbers, and no last option among them that would tell that they begin at 1."""
    found = [(_DIGITS.fullmatch(key.strip()), texts) for key, texts in pairs if key.strip()]
    return bool(found) and all(mark and int(mark[1]) < len(texts) for mark, texts in found)
