"""Which column of a table means what: Indonesian and English names, in any case and spacing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_ALIASES = {
    "code": "kode code id kodesoal itemcode",
    "topic": "topik topic kategori category",
    "difficulty": "kesulitan tingkat tingkatkesulitan difficulty level",
    "stem": "soal pertanyaan pokoksoal stem question",
    "key": "kunci kuncijawaban jawaban jawabanbenar key answer answerkey correct correctanswer",
    "picture": "gambar picture image",
    "picture_alt": "keterangangambar alt teksalt alttext picturealt imagealt",
    "explanation": "pembahasan penjelasan explanation feedback",
    "shuffle": "acak shuffle",
}
_FIELD_OF = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
_OPTION = re.compile(r"(?:pilihan|opsi|option|jawaban|answer|choice)?([a-j])|"
                     r"(?:pilihan|opsi|option|jawaban|answer|choice)(10|[1-9])")  # fmt: skip
_IGNORED = re.compile(r"[\W_]+")


@dataclass
class Columns:
    """Where each field stands (cell index); options by their 0-based number."""

    width: int
    fields: dict[str, int] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def known(self) -> int:
        """The number of columns that were recognised."""
        return len(self.fields) + len(self.options)

    @property
    def missing(self) -> list[str]:
        """The needed columns that are not there, by their own names."""
        needed = {"soal": "stem" in self.fields, "a": 0 in self.options, "b": 1 in self.options,
                  "kunci": "key" in self.fields}  # fmt: skip
        return [name for name, present in needed.items() if not present]


def identify(header: Sequence[str]) -> Columns:
    """Return the meaning of each column of a header row."""
    columns = Columns(len(header))
    for index, name in enumerate(header):
        _enter(columns, index, name.strip())
    return columns


def _enter(columns: Columns, index: int, name: str) -> None:
    simple = _IGNORED.sub("", name.casefold())
    option = _OPTION.fullmatch(simple)
    if simple in _FIELD_OF:
        taken = columns.fields.setdefault(_FIELD_OF[simple], index) != index
    elif option:
        number = "abcdefghij".index(option[1]) if option[1] else int(option[2]) - 1
        taken = columns.options.setdefault(number, index) != index
    else:
        taken = False
        if name:
            columns.unknown.append(name)
    if taken:
        columns.doubled.append(name)
