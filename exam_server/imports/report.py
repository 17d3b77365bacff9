"""What reading a file gave, as a draft keeps it: its questions in one part, its pictures in another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from exam_server.bank.keeping import ReadPicture
from exam_server.bank.usable import PictureFault
from question_bank.formats import Loaded, Located
from question_bank.parcel import packed, unpacked
from question_bank.problems import Problem

_SIZE = 8
"""Bytes of a length."""


@dataclass(frozen=True)
class Report:
    """`pictures` are read and written anew, by the names in the items."""

    loaded: Loaded
    pictures: Mapping[str, ReadPicture]
    bad_pictures: tuple[PictureFault, ...] = ()

    @property
    def items(self) -> tuple[Located, ...]:
        return self.loaded.items

    @property
    def broken(self) -> int:
        """How many questions of the file have errors."""
        return len(self.loaded.broken) + len({one.question for one in self.bad_pictures})

    @property
    def groups(self) -> list[tuple[Problem | PictureFault, ...]]:
        """What is wrong, question by question; what is wrong with the whole file comes first, one by one."""
        shown: dict[int, list[PictureFault]] = {}
        for fault in self.bad_pictures:
            shown.setdefault(fault.question, []).append(fault)
        return [*((one,) for one in self.loaded.damage), *self.loaded.broken, *map(tuple, shown.values())]

    @property
    def has_errors(self) -> bool:
        return bool(self.loaded.errors or self.bad_pictures)

    def to_bytes(self) -> bytes:
        """Three parts, the first two led by their lengths: questions, list of the pictures, pictures."""
        questions = packed(replace(self.loaded, pictures={}))
        pictures = [
            [name, sha256, kind, width, height, len(content)]
            for name, (sha256, kind, content, width, height) in self.pictures.items()
        ]
        bad = [[one.where, one.code, dict(one.values), one.question] for one in self.bad_pictures]
        listed = json.dumps({"pictures": pictures, "bad": bad}).encode()
        contents = (picture[2] for picture in self.pictures.values())
        return b"".join([_length(questions), questions, _length(listed), listed, *contents])

    @classmethod
    def from_bytes(cls, kept: bytes) -> Report:
        """What `to_bytes` gave."""
        questions, rest = _part(kept, 0)
        listed, place = _part(kept, rest)
        said = json.loads(listed)
        pictures: dict[str, ReadPicture] = {}
        for name, sha256, kind, width, height, size in said["pictures"]:
            pictures[name] = (sha256, kind, kept[place : place + size], width, height)
            place += size
        bad = tuple(PictureFault(where, code, values, number) for where, code, values, number in said["bad"])
        return cls(unpacked(questions), pictures, bad)


def _length(part: bytes) -> bytes:
    return len(part).to_bytes(_SIZE, "big")


def _part(kept: bytes, start: int) -> tuple[bytes, int]:
    """The part that begins there, and where the next one begins."""
    begin = start + _SIZE
    end = begin + int.from_bytes(kept[start:begin], "big")
    return kept[begin:end], end
