"""From a file on disk to items in the bank: a dry run that shows everything, then all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from exam_server.bank import limited, service
from exam_server.bank.batches import Source
from exam_server.bank.usable import PICTURE_PROBLEMS, Usable, weigh
from exam_server.db import Database
from exam_server.errors import N_, Refusal
from exam_server.language import say
from exam_server.language import sentence as refused
from question_bank.formats import Unreadable
from question_bank.items import Item, plain
from question_bank.problems import Problem, sentence

PICTURE_FOLDERS = (".", "pictures", "gambar")


class CannotRead(Exception):
    """A file that cannot be read as anything; its text is one sentence."""


@dataclass(frozen=True)
class Report:
    """What a file holds, and every problem as (where, sentence); each broken question is one error."""

    format: str
    items: tuple[Item, ...]
    pictures: dict[str, bytes]
    skipped: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    errors: tuple[tuple[str, str], ...]
    source: Source | None = None

    def to_json(self) -> dict[str, Any]:
        """As programs read it: stems and options as plain text, keys counted from 0."""

        def rows(problems: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
            return [{"where": where, "what": what} for where, what in problems]

        items = [
            {"stem": plain(item.stem), "options": [plain(option) for option in item.options], "key": item.key}
            for item in self.items
        ]
        return {"format": self.format, "items": items, "skipped": rows(self.skipped),
                "warnings": rows(self.warnings), "errors": rows(self.errors)}  # fmt: skip

    def to_text(self, language: str) -> str:
        """As people read it: how many items, then every problem on a line of its own."""
        read = say(N_("{format}: {count} soal terbaca"), language)
        lines = [read.format(format=self.format, count=len(self.items))]
        for title, problems in (
            (N_("Dilewati"), self.skipped),
            (N_("Perhatian"), self.warnings),
            (N_("Salah"), self.errors),
        ):
            lines += [f"{say(title, language)} · {where}: {what}" for where, what in problems]
        return "\n".join(lines)


def read(file: Path, language: str) -> Report:
    """The dry run of one file, pictures inside it and beside it included; raises CannotRead."""

    def told(problems: Sequence[Problem]) -> tuple[tuple[str, str], ...]:
        return tuple((one.where, sentence(one, lambda text: say(text, language))) for one in problems)

    try:
        loaded = limited.load(file.name, file)
    except OSError as problem:
        raise CannotRead(f"{file}: {problem.strerror}") from problem
    except Unreadable as problem:
        raise CannotRead(sentence(problem.problem, lambda text: say(text, language))) from problem
    except Refusal as problem:
        raise CannotRead(refused(problem, language)) from problem
    source = Source(file.name, loaded.format, hashlib.sha256(file.read_bytes()).hexdigest())
    named = [located.item for located in loaded.items]
    pictures = {**_pictures(file.parent, named, loaded.pictures), **loaded.pictures}
    usable = weigh(loaded, pictures)
    faults = ((one.where, refused(PICTURE_PROBLEMS[one.code](**one.values), language))
              for one in usable.faults)  # fmt: skip
    errors = [*told(loaded.damage), *(_as_one(told(said)) for said in loaded.broken),
              *(_as_one(tuple(said)) for said in _by_question(usable, faults))]  # fmt: skip
    items = tuple(located.item for located in usable.loaded.items)
    return Report(loaded.format, items, {name: pictures[name] for name in usable.pictures},
                  told(loaded.skipped), told(loaded.warnings), tuple(errors), source)  # fmt: skip


def _as_one(said: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """All that is wrong with one question as one error, so that errors count questions."""
    places = dict.fromkeys(where for where, _ in said)
    return ", ".join(places), " ".join(what for _, what in said)


def _by_question(
    usable: Usable, said: Iterable[tuple[str, str]]
) -> Iterable[list[tuple[str, str]]]:  # fmt: skip
    found: dict[int, list[tuple[str, str]]] = {}
    for fault, told in zip(usable.faults, said, strict=True):
        found.setdefault(fault.question, []).append(told)
    return found.values()


def _pictures(folder: Path, items: Sequence[Item], inside: Mapping[str, bytes]) -> dict[str, bytes]:
    """The named pictures that lie beside the file and not in it; a name never leads out of its folder."""
    found = {}
    for name in {item.picture for item in items if item.picture} - inside.keys():
        places = [folder / inner / name for inner in PICTURE_FOLDERS if Path(name).name == name]
        place = next((place for place in places if place.is_file()), None)
        if place:
            found[name] = place.read_bytes()
    return found


def bring_in(
    db: Database, office_id: int, report: Report, now: datetime,
    progress: service.Progress = lambda done, total: None, author_id: int | None = None,
) -> service.Imported:  # fmt: skip
    """Every item of a report without errors is in the bank afterwards, reviewed; raises BadPicture."""
    return service.import_items(db, office_id, report.items, report.pictures, now, author_id, progress,
                                report.source)  # fmt: skip
