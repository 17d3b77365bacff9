"""Files as an office has them, and an admin who brings them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from werkzeug.test import TestResponse

from exam_server.bank import service as bank
from exam_server.bank.batches import Source
from exam_server.bank.pictures import read_picture
from exam_server.db import Database
from exam_server.imports import service
from exam_server.imports.report import Report
from question_bank.formats import load
from tests.client import Client
from tests.factories import START, Scene, add_official, make_item, make_picture, numbers

HEADING = ("No", "Soal", "A", "B", "C", "D", "Kunci", "Topik", "Kesulitan")
GOOD = (
    ("Ibu kota Kabupaten Jepara adalah ...", "Jepara", "Kudus", "Pati", "Demak", "A", "umum", "mudah"),
    ("Hasil 12 dibagi 4 adalah ...", "2", "3", "4", "6", "B", "hitung", "mudah"),
    ("Petugas datang saat responden tidak ada. Ia ...", "pulang", "kembali lain waktu", "mengisi sendiri",
     "menolak", "B", "", ""),
)  # fmt: skip
BROKEN = (
    (GOOD[0][0], "Jepara", "Kudus", "Pati", "Demak", "", "umum", "mudah"),
    ("Hasil 12 dibagi 4 adalah ...", "2", "3", "3", "6", "B", "hitung", "mudah"),
    ("", "pulang", "kembali lain waktu", "mengisi sendiri", "menolak", "B", "", ""),
    ("Satu jam ada berapa menit?", "30", "45", "60", "90", "C", "hitung", "mudah"),
)
"""A key is missing (G2), two options are the same (E3), a stem is missing (B4), and one item is good."""

MENDED = (*GOOD, BROKEN[3])
WRONG_AT = ("Soal!G2", "Soal!E3", "Soal!B4")


def workbook(rows: Sequence[Sequence[str]], picture_at: str = "", sheet: str = "Soal") -> bytes:
    """An XLSX file with Indonesian headings; a picture lies upon the cell `picture_at`."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(HEADING)
    for number, row in enumerate(rows, 1):
        page.append([number, *row])
    if picture_at:
        page.add_image(Image(io.BytesIO(make_picture())), picture_at)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows: Sequence[str], heading: str = "soal,a,b,c,d,kunci,topik,kesulitan") -> bytes:
    return "\n".join([heading, *(",".join(row) for row in rows)]).encode()


def sent(data: bytes, name: str = "soal.xlsx") -> dict[str, Any]:
    return {"file": (io.BytesIO(data), name)}


class Admin:
    """An admin of the scene's office before the pages of imports."""

    def __init__(self, app: Any, db: Database, scene: Scene) -> None:
        self.db, self.scene = db, scene
        self.account = add_official(db, "admin", scene.office)
        self.client = Client(app).sign_in(self.account.id)

    def upload(self, data: bytes, name: str = "soal.xlsx", **form: Any) -> str:
        """The address of the draft."""
        answer = self.client.post("/bank/imports", **sent(data, name), **form)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return str(answer.get_json()["page"])

    def refused(self, data: bytes, name: str = "soal.xlsx") -> tuple[int, str]:
        answer = self.client.post("/bank/imports", **sent(data, name))
        return answer.status_code, answer.get_json()["code"]

    def page(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def seen(self, address: str) -> str:
        return self.page(address).split('name="seen" value="')[1].split('"')[0]

    def choose(self, address: str, **form: Any) -> TestResponse:
        return self.client.post(f"{address}/choices", **form)

    def bring_in(self, address: str, seen: str | None = None) -> TestResponse:
        return self.client.post(f"{address}/import", seen=self.seen(address) if seen is None else seen)


ONE_ITEM = csv(("Lihat peta. Di mana?", "a", "b", "c", "d", "A", "peta.png", "Peta"),
               heading="soal,a,b,c,d,kunci,gambar,keterangan_gambar")  # fmt: skip


def add_import_draft(db: Database, office_id: int, actor_id: int) -> str:
    """The public id of a file with one item and its picture, which waits to be imported."""
    loaded = load("soal.csv", ONE_ITEM)
    report = Report(loaded, {"peta.png": read_picture("peta.png", make_picture())})
    return service.keep(db, office_id, service.File("soal.csv", ONE_ITEM, report), actor_id, START)


def add_import_batch(db: Database, office_id: int, actor_id: int) -> str:
    """The public id of an import of one item that nobody was drawn."""
    number = next(numbers)
    source = Source("soal.csv", "csv", "b" * 64, f"impor-{number}")
    bank.import_items(db, office_id, [make_item(number, code=f"I{number}", topic="impor")], {}, START,
                      actor_id, source=source, reviewed=False)  # fmt: skip
    return source.public_id


def is_waiting(db: Database, public_id: str) -> bool:
    with db.read() as tx:
        return bool(service.drafts(tx, None, START, public_id))


def seen_of(db: Database, public_id: str) -> str:
    with db.read() as tx:
        return service.drafts(tx, None, START, public_id)[0].seen


def imports_bodies(seen: str) -> dict[str, dict[str, Any]]:
    """What the routes of imports want to be sent; `seen` is of the draft that is imported."""
    return {
        "POST /bank/imports": {"office": "jepara", **sent(csv(GOOD[0]), "soal.csv")},
        "POST /bank/imports/<public_id>/file": sent(csv(GOOD[0]), "soal.csv"),
        "POST /bank/imports/<public_id>/choices": {"act": "label", "scope": "all", "topic": "umum"},
        "POST /bank/imports/<public_id>/import": {"seen": seen},
    }
