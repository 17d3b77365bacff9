"""A draft that may be published, and what the desk's routes want to be sent."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Channel, Guide, Office, OfficeDetail, Recruitment, Requirement
from tests.documents import corpus
from tests.factories import START, Scene, add, make_activity, make_phase, make_recruitment

SAID = {"id": "Kata", "en": "Word"}
CHANNELS = {"channels-1-kind": "web", "channels-1-label": "Situs", "channels-1-url": "https://situs.example"}


def add_draft(db: Database, office: Office, year: int) -> Recruitment:
    """Complete and not published."""
    with db.write() as tx:
        if tx.get(OfficeDetail, office.id) is None:
            tx.add(OfficeDetail(office_id=office.id, address="Jalan", phone="1", email="a@kantor.example"))
        draft = make_recruitment(office.id, year=year, published_at=None, document_date=date(year - 1, 10, 1))
        draft.signatories = [{"title": SAID, "name": "Nama"}]
        draft.texts = {"intro": SAID, "closing": SAID, "steps": [SAID], "rules": []}
        tx.add(draft)
        tx.flush()
        for position, kind in enumerate(("registration", "screening", "test", "final", "result"), 1):
            tx.add(make_phase(draft.id, kind, position))
        tx.add_all([make_activity(draft, "registration", blueprint=[]), make_activity(draft, "selection")])
        tx.add(Requirement(recruitment_id=draft.id, position=1, kind="must", text=SAID, proof="ktp"))
        tx.add(Channel(recruitment_id=draft.id, position=1, kind="web", label="x", url=None))
    return draft


def add_guide(db: Database, recruitment: Recruitment) -> Guide:
    return add(db, Guide(recruitment_id=recruitment.id, title=SAID, filename="panduan.pdf", sha256="0" * 64,
                         content=corpus.pdf(1), added_at=START))  # fmt: skip


def next_year(db: Database, office: Office) -> int:
    """A year that the office has not used."""
    with db.read() as tx:
        wanted = sa.select(sa.func.max(Recruitment.year)).where(Recruitment.office_id == office.id)
        return (tx.scalar(wanted) or 2026) + 1


def bodies(db: Database, scene: Scene) -> dict[str, dict[str, Any]]:
    """By route: a form that fits."""
    office, year = scene.office, next_year(db, scene.office)
    with db.read() as tx:
        number = tx.scalar(sa.select(sa.func.count(Office.id))) or 0
    data = {
        "regency": "Kabupaten X",
        "province": "Y",
        "zone": "Asia/Jakarta",
        "address": "Jalan",
        "phone": "1",
        "email": "x@kantor.example",
        "kecamatan": "Bangsri\nKeling",
    }
    at, reason = "/desk/<slug>/<int:year>", {"reason": "Perbaikan kata"}
    return {
        "POST /desk/offices/new": data | {"name": f"BPS Baru {number}", "code": f"{number:04d}", "slug": ""},
        "POST /desk/<slug>/office": data | {"name": office.name, "code": office.code, "slug": office.slug},
        "POST /desk/<slug>/desa": {"file": (io.BytesIO(b"kecamatan,desa\nBangsri,Banjaran\n"), "desa.csv")},
        "POST /desk/<slug>/recruitments/new": {"year": str(year), "source": str(scene.recruitment.id)},
        f"POST {at}/notice": {"notice_id": "Kantor tutup."},
        f"POST {at}/guides": {"title_id": "Panduan", "file": (io.BytesIO(corpus.pdf(1)), "p.pdf")} | reason,
        f"POST {at}/<section>": CHANNELS | reason,
    }  # fmt: skip
