"""What every table is to its reader: rows, how their places are called, and what hangs on single cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from question_bank.formats.loaded import at_line
from question_bank.formats.records import Record


@dataclass(frozen=True)
class Drawing:
    """A picture that lies on a cell."""

    name: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table; a cell is (line, index), lines count from 1 and cells of a row from 0.

    `faults` are cells whose value is not known, each with the code and value of its sentence; `notes` are
    cells to be warned about; `merged` tells what stands in the topmost cell of those merged with it. `title`
    is empty for a table that is the whole file.
    """

    rows: Iterable[Record]
    title: str = ""
    drawings: Mapping[tuple[int, int], Sequence[Drawing]] = field(default_factory=dict)
    faults: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    notes: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    merged: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    rich: frozenset[tuple[int, int]] = frozenset()  # cells whose tags tell the look of their text
    delimiter: str = ""  # of delimited text; a workbook has none
    stacked: bool = False  # a question takes several rows, so that no cell of one tells where its parts stand
    looks: Mapping[tuple[int, int], str] = field(default_factory=dict)  # of cells that are not plain
    elsewhere: Mapping[tuple[int, int], str] = field(default_factory=dict)  # places of cells that were joined

    @property
    def ragged(self) -> bool:
        """Whether rows may miss cells, as in delimited text."""
        return bool(self.delimiter)

    @cached_property
    def drawn_on(self) -> Mapping[int, Sequence[int]]:
        """The cells of each line on which pictures lie."""
        found: dict[int, list[int]] = {}
        for line, cell in sorted(self.drawings):
            found.setdefault(line, []).append(cell)
        return found

    def at(self, line: int, cell: int | None = None) -> str:
        """Return the place of a row or of one cell."""
        if cell is not None and (line, cell) in self.elsewhere:
            return self.elsewhere[line, cell]
        cell = None if self.stacked else cell
        if self.title:
            return f"{self.title}!{column_name(cell or 0)}{line}"
        return at_line(line) if cell is None else f"{at_line(line)}, kolom {column_name(cell)}"


def column_name(index: int) -> str:
    """Return the letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
