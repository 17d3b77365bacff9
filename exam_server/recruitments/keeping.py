"""A recruitment's sections as values of their forms, and back into the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Activity, Channel, Phase, Question, Recruitment, Requirement
from exam_server.recruitments.fields import Values, halves, words

DAY = timedelta(days=1)


def values_of(tx: Session, section: str, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    """What is kept of a section, as its form shows it."""
    return LOADERS[section](tx, recruitment, zone)


def keep(tx: Session, section: str, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    """The values of a section replace what was kept."""
    KEEPERS[section](tx, recruitment, values, zone)
    tx.flush()


def first_instant(day: date | None, zone: ZoneInfo) -> datetime | None:
    """Midnight at the beginning of a local day."""
    return datetime.combine(day, time(), zone) if day else None


def first_day(instant: datetime | None, zone: ZoneInfo) -> date | None:
    return instant.astimezone(zone).date() if instant else None


def last_day(closes_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The day of the last instant inside."""
    return first_day(closes_at - timedelta(microseconds=1), zone) if closes_at else None


def rows(tx: Session, table: type[Any], recruitment_id: int) -> list[Any]:
    """The rows of a table that belong to a recruitment, in their order."""
    found = sa.select(table).where(table.recruitment_id == recruitment_id).order_by(table.position)
    return list(tx.scalars(found))


def activity(tx: Session, recruitment_id: int, kind: str) -> Activity:
    """One of the two activities, which were made together with the recruitment."""
    wanted = sa.select(Activity).where(Activity.recruitment_id == recruitment_id, Activity.kind == kind)
    return tx.scalars(wanted).one()


def replace_rows(tx: Session, table: type[Any], recruitment_id: int, new: list[Values]) -> None:
    """Nothing refers to these rows, so they are written anew in their order."""
    tx.execute(sa.delete(table).where(table.recruitment_id == recruitment_id))
    tx.add_all(
        table(recruitment_id=recruitment_id, position=position, **row) for position, row in enumerate(new, 1)
    )


def _document(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    """A document without a number has no date yet either: the column only says when it was begun."""
    dated = recruitment.document_date if recruitment.document_number else None
    return {"number": recruitment.document_number, "date": dated, "place": recruitment.place,
            **halves("title", recruitment.title)}  # fmt: skip


def _keep_document(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    recruitment.document_number, recruitment.document_date = values["number"], values["date"]
    recruitment.place, recruitment.title = values["place"], words(values, "title")


def _signatories(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    return {"signatories": [{**halves("title", one["title"]), "name": one["name"]}
                            for one in recruitment.signatories]}  # fmt: skip


def _keep_signatories(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    recruitment.signatories = [
        {"title": words(row, "title"), "name": row["name"]} for row in values["signatories"]
    ]


def _activities(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    registration = activity(tx, recruitment.id, "registration")
    selection = activity(tx, recruitment.id, "selection")
    strata = [{"count": one["count"], "topic": one["topic"] or "", "difficulty": one["difficulty"] or ""}
              for one in selection.blueprint]  # fmt: skip
    return {"registration_name": registration.name, "selection_name": selection.name,
            "own_score": selection.own_score, "strata": strata}  # fmt: skip


def _keep_activities(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    activity(tx, recruitment.id, "registration").name = values["registration_name"]
    selection = activity(tx, recruitment.id, "selection")
    selection.name, selection.own_score = values["selection_name"], values["own_score"]
    selection.blueprint = [
        {"count": row["count"], "topic": row["topic"] or None, "difficulty": row["difficulty"] or None}
        for row in values["strata"]
    ]


def _phases(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    return {"phases": [
        {"kind": one.kind, **halves("title", one.title), "first": first_day(one.opens_at, zone),
         "last": last_day(one.closes_at, zone), **halves("note", one.note)}
        for one in rows(tx, Phase, recruitment.id)
    ]}  # fmt: skip


def _keep_phases(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    replace_rows(tx, Phase, recruitment.id, [
        {"kind": row["kind"], "title": words(row, "title"), "note": words(row, "note"),
         "opens_at": first_instant(row["first"], zone),
         "closes_at": first_instant(row["last"] + DAY if row["last"] else None, zone)}
        for row in values["phases"]
    ])  # fmt: skip


def _requirements(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    return {"requirements": [{"kind": one.kind, "proof": one.proof, **halves("text", one.text)}
                             for one in rows(tx, Requirement, recruitment.id)]}  # fmt: skip


def _keep_requirements(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    replace_rows(tx, Requirement, recruitment.id, [
        {"kind": row["kind"], "proof": row["proof"], "text": words(row, "text")}
        for row in values["requirements"]
    ])  # fmt: skip


def _texts(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    said = recruitment.texts
    listed = {name: [halves("text", one) for one in said.get(name, [])] for name in ("steps", "rules")}
    return {**halves("intro", said.get("intro", {})), **halves("closing", said.get("closing", {})), **listed}


def _keep_texts(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    listed = {name: [words(row, "text") for row in values[name]] for name in ("steps", "rules")}
    recruitment.texts = {"intro": words(values, "intro"), "closing": words(values, "closing"), **listed}


def _channels(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    return {"channels": [{"kind": one.kind, "label": one.label, "url": one.url}
                         for one in rows(tx, Channel, recruitment.id)]}  # fmt: skip


def _keep_channels(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    replace_rows(tx, Channel, recruitment.id, values["channels"])


def _questions(tx: Session, recruitment: Recruitment, zone: ZoneInfo) -> Values:
    return {"questions": [{**halves("question", one.question), **halves("answer", one.answer)}
                          for one in rows(tx, Question, recruitment.id)]}  # fmt: skip


def _keep_questions(tx: Session, recruitment: Recruitment, values: Values, zone: ZoneInfo) -> None:
    replace_rows(tx, Question, recruitment.id, [
        {"question": words(row, "question"), "answer": words(row, "answer")} for row in values["questions"]
    ])  # fmt: skip


LOADERS: dict[str, Callable[[Session, Recruitment, ZoneInfo], Values]] = {
    "document": _document, "signatories": _signatories, "activities": _activities, "phases": _phases,
    "requirements": _requirements, "texts": _texts, "channels": _channels, "questions": _questions,
}  # fmt: skip
KEEPERS: dict[str, Callable[[Session, Recruitment, Values, ZoneInfo], None]] = {
    "document": _keep_document, "signatories": _keep_signatories, "activities": _keep_activities,
    "phases": _keep_phases, "requirements": _keep_requirements, "texts": _keep_texts,
    "channels": _keep_channels, "questions": _keep_questions,
}  # fmt: skip
