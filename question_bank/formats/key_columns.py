"""How the keys of a table are to be read, told from all its rows together, and what must be said of that."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from question_bank.formats.columns import Columns
from question_bank.formats.headings import meaning
from question_bank.formats.key_votes import vote_of, vote_of_text
from question_bank.formats.keys import Style, is_other_text, style_of
from question_bank.formats.other_kinds import other_kind
from question_bank.formats.records import Record
from question_bank.formats.row_items import Row, option_texts
from question_bank.formats.sheets import Sheet
from question_bank.problems import Problem, excerpt
from question_bank.typed_tags import shown

_FEWEST_BESIDE = 3  # rows that make a rule of keys that are none of the options
_BEGINS = (
    r"\b%s\s*(?:[-\u2013]|to|sampai|s/d)\s*\d|\b%s\s*[=:]\s*\(?a\b|\b%s[- ]?based|\bmulai (?:dari )?%s\b"
)
_FROM_ZERO = re.compile(_BEGINS.replace("%s", "0") + r"|\bzero\b|\b0\s*[/,]\s*1\s*[/,]\s*2\b", re.IGNORECASE)
_FROM_ONE = re.compile(_BEGINS.replace("%s", "1") + r"|(?<!0/)(?<!0,)(?<!0, )\b1\s*[/,]\s*2\b", re.IGNORECASE)
_INDEX = re.compile(r"index|indeks|idx|\bcop\b", re.IGNORECASE)
_DIGITS = re.compile(r"(\d{1,2})(?:[.,]0)?")
_WEAK_RANK = 2  # of the name of a column, which may well mean something else than a key

Pairs = Sequence[tuple[str, Sequence[str]]]
"""The key of each row with the filled options of that row."""


class KeyColumns:
    """The columns with keys, `styles` by cell index; rows whose quotes do not match say nothing."""

    def __init__(self, columns: Columns, sheet: Sheet, below: Sequence[Record]) -> None:
        self._columns, self._sheet = columns, sheet
        rows = [Row(record, columns, sheet) for record in below if not record.broken]
        self._rows = [row for row in rows if other_kind(row) is None]
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
            elif self._is_open(index, pairs):
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
        """How the keys of a column are meant; numbers that tell nothing of their first one begin at 1.

        They begin at 0 where explanations say so, and under the name of an index where none says otherwise:
        programmers call it so, and count from 0.
        """
        name, pairs = self._columns.names[index], self._pairs[index]
        numbers = any(_DIGITS.fullmatch(key.strip()) for key, _ in pairs if key.strip())
        if numbers and (self._columns.from_zero or _FROM_ZERO.search(name)):
            return "zero"
        if numbers and _FROM_ONE.search(name):
            return "mark"
        told = style_of(pairs)
        if told in ("zero", "text") or not _may_begin_at_zero(pairs):
            return told
        for_zero, for_one = self._votes(index)
        likely = for_zero >= for_one if _INDEX.search(name) else for_zero > 3 * for_one + 1
        return "zero" if likely else told

    def _is_open(self, index: int, pairs: Pairs) -> bool:
        """Whether nothing tells for certain where the numbers of a column begin."""
        return not _FROM_ONE.search(self._columns.names[index]) and _may_begin_at_zero(pairs)

    def _votes(self, index: int) -> tuple[int, int]:
        """How many times something beside a key speaks for a count from 0, and for one from 1."""
        others = [other for other in self._columns.keys if other != index]
        votes: Counter[int] = Counter()
        for row, (key, texts) in zip(self._rows, self._pairs[index], strict=True):
            if key.strip():
                number = int(float(key.replace(",", ".")))
                votes[vote_of(row.cell("explanation"), number, texts)] += 1
                votes.update(vote_of_text(shown(row.raw(other)), number, texts) for other in others)
        return votes[1], votes[-1]

    def _is_weak(self, index: int) -> bool:
        said = meaning(self._columns.names[index])
        return said is not None and said.field == "key" and said.rank >= _WEAK_RANK


def _may_begin_at_zero(pairs: Pairs) -> bool:
    """Whether all keys are numbers, and no last option among them that would tell that they begin at 1."""
    found = [(_DIGITS.fullmatch(key.strip()), texts) for key, texts in pairs if key.strip()]
    return bool(found) and all(mark and int(mark[1]) < len(texts) for mark, texts in found)
