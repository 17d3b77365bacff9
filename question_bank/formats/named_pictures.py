"""Pictures that a table only names: each is asked for or told at its cell, none is left out silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from question_bank.formats.headings import meaning
from question_bank.items import plain
from question_bank.pictures import is_remote
from question_bank.problems import Problem, excerpt

if TYPE_CHECKING:
    from question_bank.formats.row_items import Row

_FILE = re.compile(r"[^<>|\n]{1,120}\.(?:png|jpe?g|gif|webp|bmp|svg|tiff?)", re.IGNORECASE)
_OTHER_FILE = re.compile(r"[^<>|\s]{1,120}\.[a-z][a-z0-9]{1,3}", re.IGNORECASE)
_NO_PICTURE = frozenset(
    ["", "null", "none", "nan", "n/a", "-", "tidak ada", "nil", "no image", "undefined", "[]", "{}", "tidak",
     "no", "n", "false", "0", "kosong", "tanpa gambar"]
)  # fmt: skip
_SOME_PICTURE = frozenset(["ada", "ya", "y", "yes", "true", "terlampir", "lihat lampiran", "attached"])


def named(row: Row, lies_on_question: bool) -> str:
    """Return the name of the picture beside the question, "" for none; a name that is no use is told.

    Where a picture lies on the question itself, the name is taken for that picture's.
    """
    name, where = row.label("picture"), row.place("picture")
    if _says_nothing(name):
        return ""
    if is_remote(name):
        row.problems.append(Problem(where, "picture_elsewhere", {"name": excerpt(name)}))
        return ""
    if lies_on_question:
        row.problems.append(Problem(where, "picture_taken_as_lying", {"name": excerpt(name)}))
        return ""
    if name.casefold() in _SOME_PICTURE:
        row.problems.append(Problem(where, "picture_not_inside", {"name": excerpt(name)}))
        return ""
    return name


def unread(row: Row, has_picture: bool) -> Iterator[Problem]:
    """Yield what is wrong with cells that name pictures where no picture of that name can be taken."""
    columns = row.columns
    for index in sorted(columns.option_pictures.values()):
        text = _words(row, index)
        if not _says_nothing(text) and not row.lying_on(index):
            code = "picture_elsewhere" if is_remote(text) else "picture_not_inside"
            yield Problem(row.at(index), code, {"name": excerpt(text)})
    for index, heading in columns.unread:
        said, text = meaning(heading), _words(row, index)
        if said and said.field == "picture" and not has_picture and _FILE.fullmatch(text):
            yield Problem(row.at(index), "picture_not_inside", {"name": excerpt(text)})
    options = set() if _about_files(row) else {*columns.options.values()}
    for index in sorted(
        {*options, columns.fields.get("stem", -1), columns.fields.get("explanation", -1)} - {-1}
    ):
        text = _words(row, index)
        if _FILE.fullmatch(text) and not is_remote(text) and not row.lying_on(index):
            yield Problem(row.at(index), "picture_name_as_text", {"name": excerpt(text)})


def _about_files(row: Row) -> bool:
    """Whether the options are names of files of several kinds, one of which happens to be a picture."""
    options = [_words(row, index) for index in row.columns.options.values()]
    return any(_OTHER_FILE.fullmatch(text) and not _FILE.fullmatch(text) for text in options)


def _words(row: Row, index: int) -> str:
    return plain(row.raw(index)).strip()


def _says_nothing(text: str) -> bool:
    return text.strip().casefold() in _NO_PICTURE
