"""The two announcements into tables: an office, its recruitment, both activities, everything it announced."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from exam_server.models import (
    Activity,
    Channel,
    Office,
    OfficeDetail,
    Phase,
    Question,
    Recruitment,
    Requirement,
)

FOLDER = Path(__file__).parent / "announcements"
BLUEPRINT = [
    {"count": 5, "topic": "statistika-dasar", "difficulty": None},
    {"count": 5, "topic": "konsep-survei", "difficulty": None},
    {"count": 4, "topic": "peta-tabel", "difficulty": None},
    {"count": 5, "topic": "numerik", "difficulty": None},
    {"count": 4, "topic": "bahasa-indonesia", "difficulty": None},
    {"count": 4, "topic": "wawancara-etika", "difficulty": None},
    {"count": 3, "topic": "tablet", "difficulty": None},
]
BELONGINGS: tuple[tuple[str, Any], ...] = (
    ("requirements", Requirement), ("channels", Channel), ("questions", Question),
)  # fmt: skip


@dataclass(frozen=True)
class Announced:
    """What the rest of the demo needs of an announcement that is now in the tables."""

    office_id: int
    slug: str
    name: str
    zone: ZoneInfo
    registration_id: int
    selection_id: int
    announced_on: date


def read_all() -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def bring_in(tx: Session, said: dict[str, Any], announced_on: date) -> Announced:
    """The announcement as it was published, moved by whole days so that it came out on `announced_on`."""
    office = Office(**{name: said["office"][name] for name in
                       ("code", "slug", "name", "regency", "province", "zone", "kecamatan")})  # fmt: skip
    tx.add(office)
    tx.flush()
    tx.add(OfficeDetail(office_id=office.id, **said["detail"]))
    zone = ZoneInfo(office.zone)
    moved = announced_on - date.fromisoformat(said["recruitment"]["document_date"])
    recruitment = _recruitment(tx, office.id, said, moved, zone)
    for position, phase in enumerate(said["phases"], 1):
        tx.add(_phase(recruitment.id, position, phase, moved, zone))
    for name, table in BELONGINGS:
        for position, row in enumerate(said[name], 1):
            tx.add(table(recruitment_id=recruitment.id, position=position, **row))
    registration, selection = (
        _activity(tx, recruitment, kind, said["activities"][kind]["name"])
        for kind in ("registration", "selection")
    )
    return Announced(office.id, office.slug, office.name, zone, registration.id, selection.id, announced_on)


def _recruitment(
    tx: Session, office_id: int, said: dict[str, Any], moved: timedelta, zone: ZoneInfo
) -> Recruitment:
    facts = said["recruitment"]
    document_date = date.fromisoformat(facts["document_date"]) + moved
    recruitment = Recruitment(
        office_id=office_id, year=facts["year"], title=facts["title"],
        document_number=facts["document_number"],
        document_date=document_date, place=facts["place"], signatories=said["signatories"],
        texts={"intro": facts["intro"], "closing": facts["closing"],
               "steps": said["steps"], "rules": said["rules"]},
        published_at=datetime.combine(document_date, time(8), zone),
    )  # fmt: skip
    tx.add(recruitment)
    tx.flush()
    return recruitment


def _phase(
    recruitment_id: int, position: int, said: dict[str, Any], moved: timedelta, zone: ZoneInfo
) -> Phase:
    def midnight(day: str | None, later: int) -> datetime | None:
        return (
            datetime.combine(date.fromisoformat(day) + moved + timedelta(days=later), time(), zone)
            if day
            else None
        )

    return Phase(
        recruitment_id=recruitment_id, position=position, kind=said["kind"], title=said["title"],
        note=said["note"], opens_at=midnight(said["opens_on"], 0), closes_at=midnight(said["closes_on"], 1),
    )  # fmt: skip


def _activity(tx: Session, recruitment: Recruitment, kind: str, name: str) -> Activity:
    activity = Activity(
        recruitment_id=recruitment.id, office_id=recruitment.office_id, year=recruitment.year, kind=kind,
        name=name, blueprint=BLUEPRINT if kind == "selection" else [],
    )  # fmt: skip
    tx.add(activity)
    tx.flush()
    return activity
