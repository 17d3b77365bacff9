"""What reading a file gave, packed as JSON to travel between two processes, and unpacked again."""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from question_bank.formats.loaded import Loaded, Located, Unreadable
from question_bank.items import Item
from question_bank.problems import SENTENCES, Problem


def packed(answer: Loaded | Unreadable) -> bytes:
    """Return the outcome of reading as JSON in ASCII."""
    if isinstance(answer, Unreadable):
        said: dict[str, Any] = {"unreadable": _problems([answer.problem])}
    else:
        said = {
            "format": answer.format,
            "items": [[located.where, asdict(located.item), located.picture_at] for located in answer.items],
            **{name: _problems(getattr(answer, name)) for name in ("skipped", "warnings", "errors")},
            "questions": list(answer.questions),
            "pictures": {name: base64.b64encode(data).decode() for name, data in answer.pictures.items()},
        }
    return json.dumps(said, separators=(",", ":")).encode()


def unpacked(parcel: bytes) -> Loaded:
    """Return what was packed; raises Unreadable when that was packed, ValueError for anything else."""
    try:
        said = json.loads(parcel)
        if "unreadable" in said:
            raise Unreadable(_read(said["unreadable"])[0])
        if len(said["questions"]) != len(said["errors"]):
            raise ValueError("no parcel")
        return Loaded(
            said["format"],
            tuple(Located(where, _item(item), *rest) for where, item, *rest in said["items"]),
            skipped=_read(said["skipped"]),
            warnings=_read(said["warnings"]),
            errors=_read(said["errors"]),
            pictures={name: base64.b64decode(data) for name, data in said["pictures"].items()},
            questions=tuple(map(int, said["questions"])),
        )
    except (KeyError, TypeError, IndexError, RecursionError) as problem:
        raise ValueError("no parcel") from problem


def _problems(problems: Sequence[Problem]) -> list[list[Any]]:
    return [[problem.where, problem.code, dict(problem.params)] for problem in problems]


def _read(problems: Sequence[Sequence[Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(where, code, params) for where, code, params in problems if code in SENTENCES)


def _item(said: dict[str, Any]) -> Item:
    return Item(**{**said, "options": tuple(said["options"])})
