"""What a form brings: one file of items, and pictures that lie beside it."""

from __future__ import annotations

from pathlib import PurePath

from flask import request
from werkzeug.datastructures import FileStorage

from exam_server.bank.pictures import MOST_BYTES as LARGEST_PICTURE
from exam_server.documents import files
from exam_server.extensions import house
from exam_server.imports import reading
from exam_server.imports.refusals import FileTooLarge, NoFile
from exam_server.imports.report import Report
from exam_server.imports.service import File
from exam_server.imports.web import told

MOST_BYTES = 30 * 1024**2
"""Of the file and the pictures beside it together."""

AROUND_THE_FILE = 50_000
"""Bytes of a form besides its files."""

MOST_PICTURES = 200
LONGEST_NAME = 120


def receive(former: Report | None = None) -> File:
    """The file of this request, read; pictures that lay beside the `former` one need not come again.

    Raises NoFile, FileTooLarge, StorageFull, FileUnreadable, and what `limited.load` does.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile
    files.check_room(house().settings.data_dir)
    name, data = _name(sent), sent.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FileTooLarge(limit=MOST_BYTES // 1024**2)
    kept = {one: picture[2] for one, picture in former.pictures.items()} if former else {}
    report = reading.read(name, data, kept | _beside(), house().run_blocking, told)
    return File(name, data, report)


def _beside() -> dict[str, bytes]:
    """Pictures by their names; one that is too large is told by its size when an item asks for it."""
    sent = request.files.getlist("pictures")[:MOST_PICTURES]
    return {_name(one): one.stream.read(LARGEST_PICTURE + 1) for one in sent if one.filename}


def _name(sent: FileStorage) -> str:
    """Without folders, on one line, and short enough for a table."""
    name = " ".join(PurePath((sent.filename or "").replace("\\", "/")).name.split())
    return name[-LONGEST_NAME:] or "?"
