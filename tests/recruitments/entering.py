"""An announcement as somebody types it into the desk's forms, and what its public page then says."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tests.client import Client

FOLDER = Path(__file__).resolve().parents[2] / "exam_server" / "demo" / "announcements"
SECTIONS = (
    "document",
    "signatories",
    "activities",
    "phases",
    "requirements",
    "texts",
    "channels",
    "questions",
)


def announced(slug: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((FOLDER / f"{slug}.json").read_text("utf-8"))
    return said


def office_form(said: dict[str, Any]) -> dict[str, str]:
    office = said["office"]
    return {
        **{name: office[name] for name in ("name", "code", "regency", "province", "zone")},
        "slug": "", "kecamatan": "\r\n".join(office["kecamatan"]), **said["detail"],
    }  # fmt: skip


def day(iso: str | None) -> str:
    """As an Indonesian announcement writes it: 1-11-2023."""
    if iso is None:
        return ""
    read = date.fromisoformat(iso)
    return f"{read.day}-{read.month}-{read.year}"


def both(name: str, text: dict[str, str]) -> dict[str, str]:
    return {f"{name}_id": text["id"], f"{name}_en": text.get("en", "")}


def rows(group: str, listed: list[dict[str, str]]) -> dict[str, str]:
    return {
        f"{group}-{number}-{name}": text for number, row in enumerate(listed, 1) for name, text in row.items()
    }


def sections(said: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Every section's form by its name."""
    facts = said["recruitment"]
    return {
        "document": {
            "number": facts["document_number"],
            "date": day(facts["document_date"]),
            "place": facts["place"],
            **both("title", facts["title"]),
        },
        "signatories": rows(
            "signatories",
            [both("title", one["title"]) | {"name": one["name"]} for one in said["signatories"]],
        ),
        "activities": {
            "registration_name": said["activities"]["registration"]["name"],
            "selection_name": said["activities"]["selection"]["name"],
            "own_score": "after_announcement",
            **rows("strata", [{"count": "4", "topic": "umum", "difficulty": ""}]),
        },
        "phases": rows(
            "phases",
            [
                {
                    "kind": one["kind"],
                    **both("title", one["title"]),
                    "first": day(one["opens_on"]),
                    "last": day(one["closes_on"]),
                    **both("note", one["note"]),
                }
                for one in said["phases"]
            ],
        ),
        "requirements": rows(
            "requirements",
            [
                {"kind": one["kind"], "proof": one["proof"], **both("text", one["text"])}
                for one in said["requirements"]
            ],
        ),
        "texts": {
            **both("intro", facts["intro"]),
            **both("closing", facts["closing"]),
            **rows("steps", [both("text", one) for one in said["steps"]]),
            **rows("rules", [both("text", one) for one in said["rules"]]),
        },
        "channels": rows(
            "channels",
            [
                {"kind": one["kind"], "label": one["label"], "url": one["url"] or ""}
                for one in said["channels"]
            ],
        ),
        "questions": rows(
            "questions",
            [both("question", one["question"]) | both("answer", one["answer"]) for one in said["questions"]],
        ),
    }


def enter_office(client: Client, said: dict[str, Any]) -> None:
    must(
        client.submit("/desk/offices/new", **office_form(said)),
        f"/desk/{said['office']['slug']}/office?saved=1",
    )


def enter(client: Client, said: dict[str, Any], *names: str) -> None:
    """Every section (or those named) typed and saved."""
    at = f"/desk/{said['office']['slug']}/{said['recruitment']['year']}"
    forms = sections(said)
    for name in names or SECTIONS:
        must(client.submit(f"{at}/{name}", **forms[name]), at + f"?saved={name}&letters=0")


def must(answer: TestResponse, location: str) -> None:
    """The act was done, and the browser is led on."""
    assert (answer.status_code, answer.headers.get("Location")) == (303, location), problems(answer)


def problems(answer: TestResponse) -> list[str]:
    """The sentences beside fields of a page."""
    import re

    page = answer.get_data(as_text=True)
    return re.findall(r'id="([\w-]+-problem)".*?<span>(.*?)</span>', page, re.DOTALL)


def kept(db: Any, slug: str, year: int) -> dict[str, Any]:
    """What the tables hold of a recruitment, in the shape of the announcement's file."""
    import sqlalchemy as sa

    from exam_server.models import (
        Activity,
        Channel,
        Office,
        OfficeDetail,
        Phase,
        Question,
        Recruitment,
        Requirement,
    )  # fmt: skip
    from exam_server.offices.service import card_of

    with db.read() as tx:
        office = tx.scalars(sa.select(Office).where(Office.slug == slug)).one()
        one = tx.scalars(sa.select(Recruitment).where(Recruitment.office_id == office.id,
                                                      Recruitment.year == year)).one()  # fmt: skip
        zone = card_of(office).zone

        def of(table: Any) -> list[Any]:
            return list(
                tx.scalars(sa.select(table).where(table.recruitment_id == one.id).order_by(table.position))
            )

        def on(instant: Any, back: timedelta) -> str | None:
            return (instant - back).astimezone(zone).date().isoformat() if instant else None

        detail = tx.get(OfficeDetail, office.id)
        found = {name: getattr(detail, name, None) for name in ("address", "phone", "email")}
        names = {it.kind: {"name": it.name} for it in
                 tx.scalars(sa.select(Activity).where(Activity.recruitment_id == one.id))}  # fmt: skip
        return {
            "office": {name: getattr(office, name) for name in
                       ("code", "slug", "name", "regency", "province", "zone", "kecamatan")},
            "detail": found,
            "recruitment": {"year": one.year, "title": one.title, "document_number": one.document_number,
                            "document_date": one.document_date.isoformat(), "place": one.place,
                            "intro": one.texts["intro"], "closing": one.texts["closing"]},
            "signatories": one.signatories, "activities": names,
            "phases": [{"kind": it.kind, "title": it.title, "opens_on": on(it.opens_at, timedelta(0)),
                        "closes_on": on(it.closes_at, timedelta(microseconds=1)), "note": it.note}
                       for it in of(Phase)],
            "requirements": [{"kind": it.kind, "text": it.text, "proof": it.proof} for it in of(Requirement)],
            "steps": one.texts["steps"], "rules": one.texts["rules"],
            "channels": [{"kind": it.kind, "label": it.label, "url": it.url} for it in of(Channel)],
            "questions": [{"question": it.question, "answer": it.answer} for it in of(Question)],
        }  # fmt: skip
