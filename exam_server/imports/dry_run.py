"""What a file holds before it is imported: counts, problems, and each item with what would become of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from exam_server.bank.pictures import PictureMissing
from exam_server.bank.usable import PictureFault
from exam_server.db import Database
from exam_server.imports import alike, rules, service
from exam_server.imports.alike import Bank, Fate
from exam_server.imports.report import Report
from exam_server.imports.rules import PAGE
from exam_server.imports.service import Draft
from question_bank.formats.loaded import FILE
from question_bank.items import Item
from question_bank.problems import Problem

SHOWS = ("all", "doubles", "warned", "left_out", "unlabelled")
RunBlocking = Callable[..., Any]
Said = Problem | PictureFault


@dataclass(frozen=True)
class Line:
    """One item: its number in the file from 1, its place, and how it would come into the bank.

    `item` has its labels, and on a page its pictures by their hashes.
    """

    number: int
    key: str
    where: str
    item: Item
    problems: tuple[Problem, ...]
    fate: Fate
    left_out: bool


@dataclass(frozen=True)
class Group:
    """Everything that is wrong with one question of the file."""

    place: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class DryRun:
    """The whole file, of which `lines` are one page; `wide` are problems of no single item."""

    format: str
    items: int
    skipped: tuple[Problem, ...]
    broken: int
    groups: tuple[Group, ...]
    wide: tuple[Problem, ...]
    counts: Mapping[str, int]
    wanted: int
    lines: tuple[Line, ...]
    page: int
    pages: int
    found: int

    @property
    def total(self) -> int:
        """Questions in the file."""
        return self.items + len(self.skipped) + self.broken

    @property
    def lacks_pictures(self) -> bool:
        """Whether some picture that the file names could be sent beside it."""
        return any(one.code == PictureMissing.code for group in self.groups for one in group.said)


def look(
    db: Database, draft: Draft, show: str, page: int, run_blocking: RunBlocking
) -> DryRun:  # fmt: skip
    """One page of those items that `show` names (one of SHOWS); a page that is not there is the last one."""
    report = service.report_of(db, draft)
    known = alike.rows(db, draft.office_id)
    lines: list[Line] = run_blocking(_lines, report, draft, known)
    chosen = [line for line in lines if _shows(line, show)]
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(page, 1), pages)
    shown = [
        replace(line, item=alike.by_hash(line.item, report.pictures))
        for line in chosen[(page - 1) * PAGE : page * PAGE]
    ]
    places = {rules.place_of(line.where) for line in lines}
    return DryRun(
        report.loaded.format, len(lines), report.loaded.skipped, report.broken, _groups(report, places),
        _wide(report, places), {name: sum(_shows(line, name) for line in lines) for name in SHOWS},
        sum(not line.left_out for line in lines), tuple(shown), page, pages,
        len(chosen),
    )  # fmt: skip


def doubles(db: Database, draft: Draft, run_blocking: RunBlocking) -> list[str]:
    """Keys of the items that ask what the bank asks already."""
    known = alike.rows(db, draft.office_id)
    lines: list[Line] = run_blocking(_lines, service.report_of(db, draft), draft, known)
    return [line.key for line in lines if _shows(line, "doubles")]


def _lines(report: Report, draft: Draft, known: Sequence[Any]) -> list[Line]:
    items = [located.item for located in report.items]
    keys, beside = rules.item_keys(items), rules.by_place(report.loaded.warnings)
    fates = Bank(known).fates(items, report.pictures)
    return [
        Line(number, key, located.where,
             rules.labelled(located.item, key, draft.choices),
             tuple(beside.get(rules.place_of(located.where), ())), fate, key in draft.choices.left_out)
        for number, (located, key, fate) in enumerate(zip(report.items, keys, fates, strict=True), 1)
    ]  # fmt: skip


def _shows(line: Line, show: str) -> bool:
    return {
        "doubles": line.fate.kind in (alike.DOUBLES, alike.SAME),
        "warned": bool(line.problems),
        "left_out": line.left_out,
        "unlabelled": not line.item.topic,
    }.get(show, True)


def _groups(report: Report, places: set[str]) -> tuple[Group, ...]:
    """Broken questions in the order of the file, with what else is to be said of them."""
    beside = rules.by_place(report.loaded.warnings)
    groups = []
    for said in report.groups:
        place = rules.place_of(said[0].where)
        also = () if place in places or place == FILE else tuple(beside.pop(place, ()))
        groups.append(Group(place, (*said, *also)))
    return tuple(groups[one] for one in rules.in_order([group.place for group in groups]))


def _wide(report: Report, places: set[str]) -> tuple[Problem, ...]:
    """Warnings that are about the whole file, or about what is no question at all."""
    broken = {rules.place_of(said[0].where) for said in report.groups}
    own = (places | broken) - {FILE}
    return tuple(one for one in report.loaded.warnings if rules.place_of(one.where) not in own)
