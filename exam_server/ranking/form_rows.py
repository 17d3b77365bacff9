"""Criteria and quotas as forms show and send them; what was typed comes back as it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exam_server.ranking.checking import HIGHEST_MOST, MOST_RESERVES, spoken
from exam_server.ranking.contents import MARK, PREFERENCE
from exam_server.ranking.refusals import (
    LabelMissing,
    MostUnreadable,
    NoPlaces,
    ReservesUnreadable,
    WeightUnreadable,
)
from exam_server.ranking.rules import TEST, Component, Criteria, Quota

MARKS = 4
"""So many marks besides the test fit on the form."""

TIES = 4
"""So many tie-breaks fit on the form."""

MOST_QUOTAS = 600
LONGEST_LABEL_TYPED = 200
DECIMAL = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?", re.ASCII)
Form = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One row of the form; `name` is the end of its fields' names."""

    name: str
    key: str
    label: str = ""
    weight: str = ""
    most: str = ""
    basis: str = ""
    position: int = 0


@dataclass(frozen=True)
class Typed:
    """The whole form of criteria."""

    parts: tuple[Part, ...]
    gates: tuple[int, ...]
    ties: tuple[str, ...]


def shown(criteria: Criteria | None, preferences: Sequence[Any], suggest: Mapping[int, str]) -> Typed:
    """What was recorded; before that, the announced preferences with a suggested basis and no weight."""
    known = {one.key: one for one in criteria.components} if criteria else {}

    def weight(key: str) -> str:
        return spoken(known[key].weight) if key in known else ""

    parts = [Part("test", TEST, weight=weight(TEST))]
    for one in preferences:
        key = f"{PREFERENCE}{one.position}"
        basis = known[key].basis if key in known else suggest.get(one.position, "")
        parts.append(Part(f"p{one.position}", key, weight=weight(key), basis=basis, position=one.position))
    marks = [one for one in known.values() if one.key.startswith(MARK)]
    for index in range(max(MARKS, len(marks))):
        if index < len(marks):
            mark = marks[index]
            parts.append(Part(f"m{index}", mark.key, mark.label, spoken(mark.weight), str(mark.most)))
        else:
            parts.append(Part(f"m{index}", MARK))
    ties = criteria.ties if criteria else ()
    return Typed(tuple(parts), criteria.gates if criteria else (), ties)


def typed(form: Form, gates: Sequence[str], ties: Sequence[str], base: Typed) -> Typed:
    """The rows of `base` with what this form says."""
    parts = tuple(
        Part(one.name, one.key, form.get(f"label-{one.name}", one.label)[:LONGEST_LABEL_TYPED],
             form.get(f"weight-{one.name}", "").strip(), form.get(f"most-{one.name}", one.most).strip(),
             form.get(f"basis-{one.name}", one.basis), one.position)
        for one in base.parts
    )  # fmt: skip
    said = tuple(int(one) for one in gates if one.isdecimal() and len(one) < 10)
    return Typed(parts, said, tuple(one for one in ties if one))


def criteria_of(given: Typed) -> Criteria:
    """Raises WeightUnreadable, LabelMissing, MostUnreadable; the rest is checked where it is recorded."""
    parts = []
    for one in given.parts:
        is_mark = one.key.startswith(MARK)
        if not one.weight and not (is_mark and one.label.strip()):
            continue
        label = " ".join(one.label.split())
        if is_mark and not slug(label):
            raise LabelMissing(most=60)
        key = f"{MARK}{slug(label)}" if is_mark else one.key
        most = _whole(one.most, MostUnreadable(label=label, most=HIGHEST_MOST)) if is_mark else 1
        parts.append(Component(key, weight_of(one.weight), most, label, one.basis if one.position else ""))
    return Criteria(tuple(parts), given.gates, given.ties)


def weight_of(text: str) -> Fraction:
    """Raises WeightUnreadable."""
    if not DECIMAL.fullmatch(text):
        raise WeightUnreadable(typed=text[:20])
    return Fraction(text.replace(",", "."))


def slug(label: str) -> str:
    """The name of a mark inside: letters and digits of its label."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40]


@dataclass(frozen=True)
class QuotaRow:
    """`where` is a kecamatan, kecamatan|desa, or empty for everybody."""

    where: str
    places: str


def quota_rows(quotas: Sequence[Quota]) -> list[QuotaRow]:
    found = [QuotaRow("|".join(filter(None, (one.kecamatan, one.desa))), str(one.places)) for one in quotas]
    return found or [QuotaRow("", "")]


def typed_rows(where: Sequence[str], places: Sequence[str]) -> list[QuotaRow]:
    """Rows without a number of places are left out."""
    rows = [QuotaRow(one[:200], count.strip()) for one, count in zip(where, places, strict=False)]
    return [one for one in rows[:MOST_QUOTAS] if one.places]


def quotas_of(rows: Sequence[QuotaRow]) -> tuple[Quota, ...]:
    """Raises NoPlaces."""
    found = []
    for one in rows:
        kecamatan, _, desa = one.where.partition("|")
        found.append(Quota(_whole(one.places, NoPlaces()), kecamatan, desa))
    return tuple(found)


def reserves_of(text: str) -> int:
    """Raises ReservesUnreadable."""
    return _whole(text.strip(), ReservesUnreadable(most=MOST_RESERVES))


def _whole(text: str, problem: Exception) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise problem
    return int(text)
