"""The files of an upload, as they lie on disk."""

from __future__ import annotations

from pathlib import Path

from exam_server.documents.files import ORIGINAL, place
from exam_server.models import Document
from tests.factories import make_picture

PDF = b"%PDF-1.4 ijazah"


def write_files(data_dir: Path, row: Document) -> None:
    """Every page and the thumbnail; of a PDF also the file as it was sent."""
    folder = place(data_dir, row.stored_name)
    folder.mkdir(parents=True)
    for name in [*(f"page-{page}.jpg" for page in range(1, row.pages + 1)), "thumb.jpg"]:
        (folder / name).write_bytes(make_picture(kind="JPEG"))
    if row.media_type == "application/pdf":
        (folder / ORIGINAL).write_bytes(PDF)
