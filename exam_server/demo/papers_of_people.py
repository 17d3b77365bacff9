"""KTP, photo and ijazah of fictive people: drawn here, with CONTOH across them, resembling nobody's.

They are our own pictures and not a stranger's, so they go to their place without the limited child.
"""

from __future__ import annotations

import io
import secrets
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from exam_server.db import Database
from exam_server.demo.lives import Life
from exam_server.documents import files, pictures
from exam_server.documents.service import keep
from exam_server.models import Document
from exam_server.profile.words import CODES, written

KINDS = ("ktp", "photo", "ijazah")
INK, FAINT = "#1d2b36", "#b7372f"
SKINS, CLOTHES = ("#c99a6b", "#b98555", "#d8ac7f"), ("#2f5d8a", "#7a3b52", "#3f6b4f", "#5b4b8a")
REGENCY = "Kabupaten "


def store(db: Database, data_dir: Path, account_id: int, life: Life, regency: str, now: datetime) -> None:
    """The three files of one person, each with its row, uploaded at `now`."""
    for kind in KINDS:
        drawn = draw(kind, life, regency)
        sent = io.BytesIO()
        drawn.save(sent, "JPEG", quality=80)
        sent.seek(0)
        arrived = files.take_in(data_dir, sent)
        pictures.keep_picture(arrived.original, arrived.folder)
        files.publish(data_dir, arrived, keep_original=False)
        keep(db, account_id, kind, arrived.name, now, sha256=arrived.sha256, size=arrived.size,
             media_type="image/jpeg", pages=1)  # fmt: skip
        files.settled(data_dir, arrived.name)


def rows_only(db: Database, account_id: int, now: datetime) -> None:
    """Three rows whose files are not there: for crowds of whom nobody looks at a picture."""
    with db.write() as tx:
        for kind in KINDS:
            tx.add(Document(account_id=account_id, kind=kind, sha256=secrets.token_hex(32), size=1,
                            media_type="image/jpeg", pages=1, stored_name=secrets.token_hex(16),
                            uploaded_at=now))  # fmt: skip


def draw(kind: str, life: Life, regency: str) -> Image.Image:
    """One file of one person."""
    picture = {"ktp": _ktp, "photo": _photo, "ijazah": _ijazah}[kind](life, regency)
    _mark(picture)
    return picture


def _ktp(life: Life, regency: str) -> Image.Image:
    picture = Image.new("RGB", (860, 540), "#cfe3ef")
    pen = ImageDraw.Draw(picture)
    pen.text((430, 34), f"KARTU CONTOH - {regency.upper()}", INK, _font(26), anchor="mm")
    rows = (("NIK", life.nik), ("Nama", life.name.upper()),
            ("Tempat/Tgl Lahir", f"{life.birth_place.upper()}, {life.birth_date:%d-%m-%Y}"),
            ("Jenis Kelamin", CODES["sex"][life.sex].upper()), ("Alamat", life.address.upper()),
            ("Kel/Desa", life.desa.upper()), ("Kecamatan", life.kecamatan.upper()),
            ("Pekerjaan", CODES["occupation"][life.occupation].upper()))  # fmt: skip
    for line, (label, value) in enumerate(rows):
        pen.text((30, 84 + 52 * line), label, INK, _font(22))
        pen.text((230, 84 + 52 * line), f": {value}", INK, _font(22))
    picture.paste(_portrait(life).resize((150, 200)), (690, 300))
    return picture


def _photo(life: Life, regency: str) -> Image.Image:
    return _portrait(life).resize((450, 600))


def _portrait(life: Life) -> Image.Image:
    """A head and shoulders of three plain shapes: no face."""
    picture = Image.new("RGB", (225, 300), "#b63a3a" if life.birth_date.year % 2 else "#2f5fae")
    pen, number = ImageDraw.Draw(picture), int(life.nik[-4:])
    pen.ellipse((15, 205, 210, 400), CLOTHES[number % len(CLOTHES)])
    pen.ellipse((62, 60, 163, 195), SKINS[number % len(SKINS)])
    pen.pieslice((55, 48, 170, 190), 180, 360, "#2a2320")
    return picture


def _ijazah(life: Life, regency: str) -> Image.Image:
    picture = Image.new("RGB", (1000, 700), "#fbf6e6")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 980, 680), outline="#8a6d2f", width=6)
    for height, size, text in (
        (110, 54, "IJAZAH"), (190, 26, CODES["education"][life.education].upper()),
        (270, 26, "diberikan kepada"), (330, 40, life.name.upper()),
        (400, 26, f"lahir di {life.birth_place}, {written(life.birth_date)}"),
        (460, 26, f"jurusan {life.major or '-'}"),
        (560, 22, f"{regency.removeprefix(REGENCY)}, sekolah contoh"),
    ):  # fmt: skip
        pen.text((500, height), text, INK, _font(size), anchor="mm")
    return picture


def _mark(picture: Image.Image) -> None:
    """CONTOH from corner to corner, so that nobody takes it for a real paper."""
    width, height = picture.size
    across = Image.new("L", (width, height), 0)
    ImageDraw.Draw(across).text((width // 2, height // 2), "CONTOH", 110, _font(width // 5), anchor="mm")
    picture.paste(FAINT, (0, 0), across.rotate(25))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
