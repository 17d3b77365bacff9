"""From the bytes that somebody uploaded to a report: questions in a limited child, pictures one by one.

Slow work goes through `run_blocking`, a piece at a time, so that other slow work has its turn in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from exam_server.bank import limited, wording
from exam_server.bank.keeping import ReadPicture
from exam_server.bank.pictures import BadPicture as UnusablePicture
from exam_server.bank.pictures import read_picture
from exam_server.errors import Refusal
from exam_server.imports.refusals import FileUnreadable, PictureMissing
from exam_server.imports.report import BadPicture, Report
from question_bank.formats import Loaded, Unreadable
from question_bank.problems import Problem

RunBlocking = Callable[..., Any]


def read(
    name: str, data: bytes, beside: Mapping[str, bytes], run_blocking: RunBlocking,
    tell: Callable[[Problem], str],
) -> Report:  # fmt: skip
    """What the file holds, its pictures inside it or `beside` it; `tell` puts a problem into words.

    Raises FileUnreadable, and what `limited.load` does.
    """
    try:
        loaded: Loaded = run_blocking(limited.load, name, data)
    except Unreadable as problem:
        raise FileUnreadable(filename=name, why=tell(problem.problem)) from problem
    wanted = sorted({one for located in loaded.items for one in wording.names(located.item)})
    brought = {**beside, **loaded.pictures}
    usable: dict[str, ReadPicture] = {}
    unusable: dict[str, Refusal] = {one: PictureMissing(name=one) for one in wanted if one not in brought}
    for one in wanted:
        if one in brought:
            try:
                usable[one] = run_blocking(read_picture, one, brought[one])
            except UnusablePicture as problem:
                unusable[one] = problem
    return _without(loaded, usable, unusable) if unusable else Report(loaded, usable)


def _without(
    loaded: Loaded, usable: Mapping[str, ReadPicture], unusable: Mapping[str, Refusal]
) -> Report:  # fmt: skip
    """The report of a file in which some questions cannot be shown."""
    good, bad = [], []
    for located in loaded.items:
        lacks = sorted(wording.names(located.item) & unusable.keys())
        bad += [BadPicture(located.where, unusable[one].code, _values(unusable[one])) for one in lacks]
        if not lacks:
            good.append(located)
    used = {name for located in good for name in wording.names(located.item)}
    pictures = {name: picture for name, picture in usable.items() if name in used}
    return Report(replace(loaded, items=tuple(good)), pictures, tuple(bad))


def _values(problem: Refusal) -> dict[str, str | int]:
    return {name: value for name, value in problem.params.items() if isinstance(value, str | int)}
