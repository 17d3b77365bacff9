"""A recruitment made like another: its words and its dates, moved by whole years; not what happened in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Office, Recruitment
from exam_server.recruitments import keeping, rules
from exam_server.recruitments.fields import Values
from exam_server.recruitments.sections import SECTIONS

PREFIXES = ("Kabupaten ", "Kota ")


@dataclass(frozen=True)
class Source:
    """A recruitment that may be copied, with its office."""

    recruitment: Recruitment
    office: Office


def sources(tx: Session, within: list[int] | None) -> list[Source]:
    """What is published, and the drafts of these offices (None: of all), newest first."""
    wanted = sa.select(Recruitment, Office).join(Office, Office.id == Recruitment.office_id)
    if within is not None:
        own = Recruitment.office_id.in_(within)
        wanted = wanted.where(sa.or_(Recruitment.published_at.is_not(None), own))
    return [Source(*row) for row in tx.execute(wanted.order_by(Recruitment.year.desc(), Office.name))]


def empty(office: Office, year: int, now: datetime) -> Recruitment:
    """A draft with nothing but a title to begin with."""
    title = {"id": f"Rekrutmen Calon Mitra Statistik Tahun {year} {office.name}"}
    texts: dict[str, Any] = {"intro": {"id": ""}, "closing": {"id": ""}, "steps": [], "rules": []}
    return _draft(office, year, title, now.astimezone(ZoneInfo(office.zone)).date(), [], texts)


def like(source: Recruitment, office: Office, year: int) -> Recruitment:
    """A draft with the words of another; its document is another one, so it has no number yet."""
    title = {language: text.replace(str(source.year), str(year)) for language, text in source.title.items()}
    day = rules.moved(source.document_date, year - source.year)
    place = source.place if source.office_id == office.id else ""
    return _draft(office, year, title, day, source.signatories, source.texts, place)


def _draft(
    office: Office, year: int, title: dict[str, Any], day: Any, signatories: list[Any], texts: dict[str, Any],
    place: str = "",
) -> Recruitment:  # fmt: skip
    place = place or _short(office.regency)
    return Recruitment(office_id=office.id, year=year, title=title, document_number="", document_date=day,
                       place=place, signatories=signatories, texts=texts, published_at=None)  # fmt: skip


def activity_names(year: int) -> dict[str, str]:
    """What both activities are called until the office says otherwise."""
    return {"registration": f"Rekrutmen Mitra BPS {year}-Pendaftaran",
            "selection": f"Rekrutmen Mitra {year}-seleksi"}  # fmt: skip


def fill(tx: Session, source: Source, made: Recruitment, zone: ZoneInfo) -> None:
    """Everything that stands in rows of its own; days move to the other year, whatever weekday they are."""
    years, there = made.year - source.recruitment.year, ZoneInfo(source.office.zone)
    for section in ("activities", "phases", "requirements", "channels", "questions"):
        values = keeping.values_of(tx, section, source.recruitment, there)
        keeping.keep(tx, section, made, _moved(values, source.recruitment.year, years), zone)


def _moved(values: Values, year: int, years: int) -> Values:
    """Names of activities speak of the new year; dates are in it."""
    values = dict(values)
    for name in ("registration_name", "selection_name"):
        if name in values:
            values[name] = values[name].replace(str(year), str(year + years))
    for stage in values.get("phases", []):
        for end in ("first", "last"):
            stage[end] = stage[end] and rules.moved(stage[end], years)
    return values


def other_offices(tx: Session, office_id: int) -> list[str]:
    """What other offices are called, in full and in short; not what the own office is called too."""
    regencies = {one.id: one.regency for one in tx.scalars(sa.select(Office))}
    own = {regencies[office_id], _short(regencies[office_id])}
    others = {
        name for key, regency in regencies.items() if key != office_id for name in (regency, _short(regency))
    }
    return sorted(others - own, key=len, reverse=True)


def _short(regency: str) -> str:
    for prefix in PREFIXES:
        regency = regency.removeprefix(prefix)
    return regency


def texts_of(everything: Mapping[str, Values]) -> dict[str, str]:
    """All texts of a recruitment by section, to be searched."""
    return {section.name: "\n".join(_texts(everything[section.name])) for section in SECTIONS}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []
