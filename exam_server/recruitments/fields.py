"""What a form of the desk asks: fields and repeated rows, and how what was typed becomes values.

A row's field is named <group>-<number>-<field>. Everything typed comes back as typed; each fault stands
by the name of its field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from exam_server.errors import N_
from exam_server.recruitments.refusals import (
    AddressUnreadable,
    DayUnreadable,
    DeskRefusal,
    FieldEmpty,
    NoSuchDay,
    NumberUnreadable,
    TooLong,
    TooManyRows,
    UnknownChoice,
)

Typed = Mapping[str, str]
Values = dict[str, Any]
"""By field; a group is a list of such, one per row."""

Problems = dict[str, DeskRefusal]
Kind = Literal["line", "text", "choice", "day", "number", "url"]

MOST_ROWS = 60
LARGEST_NUMBER = 500
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days beyond are slips; at the ends of the calendar there are days that no other zone can tell."""

ENGLISH = N_("Inggris (boleh kosong)")
INDONESIAN = N_("Indonesia")


@dataclass(frozen=True)
class Field:
    """One thing that is asked for; `most` is in characters."""

    name: str
    label: str
    kind: Kind = "line"
    needed: bool = False
    most: int = 200
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    narrow: bool = False

    @property
    def language(self) -> str:
        """`id` or `en` for one half of a bilingual text, else empty."""
        return self.name.rpartition("_")[2] if self.name.endswith(("_id", "_en")) else ""


@dataclass(frozen=True)
class Group:
    """Rows of the same fields, in an order that is kept; `one` names a row by its {number}."""

    name: str
    label: str
    one: str
    fields: tuple[Field, ...]
    hint: str = ""


Check = Callable[[Values, Problems], None]


@dataclass(frozen=True)
class Form:
    """A page of the desk; `check` compares fields that were readable each for itself."""

    fields: tuple[Field, ...] = ()
    groups: tuple[Group, ...] = ()
    check: Check = lambda values, problems: None


def both(
    name: str, label: str, kind: Kind = "line", needed: bool = True, most: int = 300
) -> tuple[Field, Field]:
    """A text in Indonesian, and the same in English, which may be left empty."""
    indonesian = Field(f"{name}_id", label, kind, needed, most)
    return indonesian, replace(indonesian, name=f"{name}_en", needed=False)


def words(values: Values, name: str) -> dict[str, str]:
    """The two halves of a bilingual text as they are kept: no empty English."""
    said = {"id": values[f"{name}_id"]}
    return said | ({"en": values[f"{name}_en"]} if values[f"{name}_en"] else {})


def halves(name: str, said: Mapping[str, Any]) -> Values:
    """The opposite of `words`."""
    return {f"{name}_id": said.get("id", ""), f"{name}_en": said.get("en", "")}


def rows_of(group: Group, typed: Typed) -> list[dict[str, str]]:
    """The rows of a group as typed, in the order of their numbers; other names are not read."""
    pattern = re.compile(rf"{re.escape(group.name)}-([0-9]{{1,3}})-\w+")
    numbers = sorted({int(found[1]) for name in typed if (found := pattern.fullmatch(name))})
    return [
        {field.name: typed.get(f"{group.name}-{number}-{field.name}", "") for field in group.fields}
        for number in numbers
    ]


def flat(form: Form, fixed: Typed, rows: Mapping[str, list[dict[str, str]]]) -> dict[str, str]:
    """Fields and rows by the names that the page gives them; rows are numbered from 1."""
    typed = {field.name: fixed.get(field.name, "") for field in form.fields}
    for group in form.groups:
        for number, row in enumerate(rows[group.name], 1):
            typed |= {f"{group.name}-{number}-{name}": text for name, text in row.items()}
    return typed


def read(form: Form, typed: Typed) -> tuple[Values, Problems, dict[str, str]]:
    """(values, problems, what was typed with empty rows left out and the others numbered anew)."""
    rows = {
        group.name: [row for row in rows_of(group, typed) if not _is_blank(group, row)]
        for group in form.groups
    }
    kept = flat(form, typed, rows)
    problems: Problems = {}
    values: Values = {field.name: _take(field, field.name, kept, problems) for field in form.fields}
    for group in form.groups:
        count = len(rows[group.name])
        if count > MOST_ROWS:
            problems[group.name] = TooManyRows(group.name, most=MOST_ROWS)
        values[group.name] = [
            {
                one.name: _take(one, f"{group.name}-{number}-{one.name}", kept, problems)
                for one in group.fields
            }
            for number in range(1, count + 1)
        ]
    form.check(values, problems)
    return values, problems, kept


def written(form: Form, values: Values) -> dict[str, str]:
    """Values as a person would have typed them."""
    rows = {
        group.name: [{name: _spelt(value) for name, value in row.items()} for row in values[group.name]]
        for group in form.groups
    }
    return flat(form, {field.name: _spelt(values[field.name]) for field in form.fields}, rows)


def _spelt(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day}-{value.month}-{value.year}"
    return "" if value is None else str(value)


def _is_blank(group: Group, row: dict[str, str]) -> bool:
    """Nothing but choices, which always have a value."""
    return not any(row[field.name].strip() for field in group.fields if field.kind != "choice")


def _take(field: Field, name: str, typed: Typed, problems: Problems) -> Any:
    """The value of one field; None, with its problem kept, when it cannot be read."""
    raw = tidy(typed[name], field.kind == "text")
    try:
        if not raw:
            if field.needed:
                raise FieldEmpty(name)
            return None if field.kind in ("day", "number", "url") else ""
        if len(raw) > field.most:
            raise TooLong(name, most=field.most, count=len(raw))
        return READERS[field.kind](field, name, raw)
    except DeskRefusal as problem:
        problems[name] = problem
        return None


def tidy(raw: str, keep_lines: bool = False) -> str:
    """Without blanks around and doubled inside, and without signs that nobody sees."""
    lines = raw.replace("\r\n", "\n").split("\n") if keep_lines else [raw]
    clean = [" ".join("".join(map(_visible, line)).split()) for line in lines]
    return "\n".join(clean).strip()


def _visible(sign: str) -> str:
    if sign.isspace():
        return " "
    return "" if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") else sign


DAY_FORMS = (
    re.compile(r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})", re.ASCII),
)


def _day(field: Field, name: str, raw: str) -> date:
    found = next((match for form in DAY_FORMS if (match := form.fullmatch(raw))), None)
    if found is None:
        raise DayUnreadable(name)
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError as problem:
        raise NoSuchDay(name, typed=raw) from problem
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoSuchDay(name, typed=raw)
    return day


def _number(field: Field, name: str, raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", raw) or not 1 <= int(raw) <= LARGEST_NUMBER:
        raise NumberUnreadable(name, least=1, most=LARGEST_NUMBER)
    return int(raw)


def _choice(field: Field, name: str, raw: str) -> str:
    if raw not in dict(field.choices):
        raise UnknownChoice(name)
    return raw


def _url(field: Field, name: str, raw: str) -> str:
    """http and https only: a link of another kind on a public page could be a program."""
    if not re.fullmatch(r"https?://[^\s/?#]+\.[^\s]+", raw, re.IGNORECASE):
        raise AddressUnreadable(name)
    return raw


READERS: dict[str, Callable[[Field, str, str], Any]] = {
    "line": lambda field, name, raw: raw,
    "text": lambda field, name, raw: raw,
    "choice": _choice,
    "day": _day,
    "number": _number,
    "url": _url,
}
