"""A question that cannot be shown whole is a broken one: the same for the browser and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exam_server.bank import wording
from exam_server.bank.keeping import ReadPicture
from exam_server.bank.pictures import (
    BadPicture,
    PictureMissing,
    PictureTooHeavy,
    PictureTooWide,
    read_picture,
)
from exam_server.errors import Refusal
from question_bank.formats import Loaded, Located

RunBlocking = Callable[..., Any]

PICTURE_PROBLEMS: dict[str, type[Refusal]] = {
    one.code: one for one in (BadPicture, PictureTooHeavy, PictureTooWide, PictureMissing)
}
"""What can be wrong with a picture of an item, by code."""


@dataclass(frozen=True)
class PictureFault:
    """Why a question was left out; `code` is one of PICTURE_PROBLEMS, `question` tells questions apart."""

    where: str
    code: str
    values: Mapping[str, str | int]
    question: int = 1


@dataclass(frozen=True)
class Usable:
    """`loaded` without what cannot be shown, the pictures that are left, and what was wrong."""

    loaded: Loaded
    pictures: Mapping[str, ReadPicture]
    faults: tuple[PictureFault, ...] = ()


def _at_once(work: Callable[..., Any], *values: object) -> Any:
    return work(*values)


def weigh(loaded: Loaded, beside: Mapping[str, bytes], run_blocking: RunBlocking = _at_once) -> Usable:
    """What is left of a file after its pictures, inside it or `beside` it, were read one by one."""
    wanted = sorted({one for located in loaded.items for one in wording.names(located.item)})
    brought = {**beside, **loaded.pictures}
    usable: dict[str, ReadPicture] = {}
    unusable: dict[str, Refusal] = {one: PictureMissing(name=one) for one in wanted if one not in brought}
    for one in wanted:
        if one in brought:
            try:
                usable[one] = run_blocking(read_picture, one, brought[one])
            except BadPicture as problem:
                unusable[one] = problem
    return _without(loaded, usable, unusable) if unusable else Usable(loaded, usable)


def _without(
    loaded: Loaded, usable: Mapping[str, ReadPicture], unusable: Mapping[str, Refusal]
) -> Usable:  # fmt: skip
    good, bad = [], []
    for number, located in enumerate(loaded.items, 1):
        lacks = sorted(wording.names(located.item) & unusable.keys())
        bad += [_fault(_place(located, one), unusable[one], number) for one in lacks]
        if not lacks:
            good.append(located)
    used = {name for located in good for name in wording.names(located.item)}
    pictures = {name: picture for name, picture in usable.items() if name in used}
    return Usable(replace(loaded, items=tuple(good)), pictures, tuple(bad))


def _place(located: Located, name: str) -> str:
    """The cell that names the picture, where the file has one; else where the item begins."""
    return (name == located.item.picture and located.picture_at) or located.where


def _fault(where: str, problem: Refusal, question: int) -> PictureFault:
    values = {name: value for name, value in problem.params.items() if isinstance(value, str | int)}
    return PictureFault(where, problem.code, values, question)
