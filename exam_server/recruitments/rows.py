"""Adding, removing and moving rows of a form without scripts: each is a button that sends the whole page."""

from __future__ import annotations

import re
from typing import NamedTuple

from exam_server.recruitments.fields import Form, Group, Typed, flat, rows_of


class Turned(NamedTuple):
    """The page as it stands after the act, and the field where a person goes on."""

    typed: dict[str, str]
    focus: str


def with_a_row(form: Form, typed: Typed) -> dict[str, str]:
    """The same, where a group without rows shows an empty one to begin with."""
    rows = {group.name: rows_of(group, typed) or [_empty(group)] for group in form.groups}
    return flat(form, typed, rows)


def turn(form: Form, typed: Typed, act: str) -> Turned | None:
    """`add-<group>`, `remove-<group>-<number>`, `up-...`, `down-...`; None for any other act."""
    verb, _, place = act.partition("-")
    found = re.fullmatch(r"([a-z]+)(?:-([0-9]{1,3}))?", place)
    group = next((one for one in form.groups if found and one.name == found[1]), None)
    if found is None or group is None or (verb == "add") is not (found[2] is None):
        return None
    rows = {one.name: rows_of(one, typed) for one in form.groups}
    at = _apply(rows[group.name], group, verb, int(found[2] or 0))
    if at is None:
        return None
    return Turned(with_a_row(form, flat(form, typed, rows)), f"{group.name}-{at}-{group.fields[0].name}")


def _apply(rows: list[dict[str, str]], group: Group, verb: str, number: int) -> int | None:
    """Changes the list; the number of the row to go on with."""
    if verb == "add":
        rows.append(_empty(group))
        return len(rows)
    if not 1 <= number <= len(rows):
        return None
    if verb == "remove":
        del rows[number - 1]
        return max(1, min(number, len(rows)))
    other = {"up": number - 1, "down": number + 1}.get(verb)
    if other is None:
        return None
    if 1 <= other <= len(rows):
        rows[number - 1], rows[other - 1] = rows[other - 1], rows[number - 1]
        return other
    return number


def _empty(group: Group) -> dict[str, str]:
    return {field.name: field.choices[0][0] if field.choices else "" for field in group.fields}
