"""Where something stands in a file, as people read it: files tell it in the words of the source language."""

from __future__ import annotations

import re

from exam_server.errors import N_
from exam_server.language import say
from question_bank.formats.loaded import FILE

LINE, CELL, WHOLE = N_("baris {line}"), N_("baris {line}, kolom {column}"), N_("berkas")

_PLACE = re.compile(r"baris (?P<line>[0-9]+)(?:, kolom (?P<column>[A-Z]+))?")


def place(where: str, language: str) -> str:
    """`baris 7, kolom D` in that language; a cell such as `Soal!B7` or a name is the same in each."""
    if where == FILE:
        return say(WHOLE, language)
    found = _PLACE.fullmatch(where)
    if found is None:
        return where
    return say(CELL if found["column"] else LINE, language).format(**found.groupdict())
