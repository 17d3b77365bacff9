"""The trail as a table for a spreadsheet: UTF-8 with its mark, and no cell that calculates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import say
from exam_server.trail import words
from exam_server.trail.rules import safe
from exam_server.trail.service import Row

MARK = "\ufeff"
HEADINGS = (
    N_("Nomor"), N_("Waktu (UTC)"), N_("Waktu setempat"), N_("Tindakan"), N_("Uraian"), N_("Pelaku"),
    N_("Tentang"), N_("Kantor"), N_("Objek"), N_("Nomor objek"), N_("Rincian"),
)  # fmt: skip


def table(rows: Iterator[Row], zone: ZoneInfo, language: str) -> Iterator[bytes]:
    """The file, a line at a time, so that the whole trail never stands in memory."""
    yield MARK.encode() + _line([say(heading, language) for heading in HEADINGS])
    for row in rows:
        yield _line([
            str(row.id), row.at.isoformat(timespec="milliseconds"),
            instants.moment(row.at, zone, language), row.act, told(row, language), row.actor or "",
            row.person or "", row.office or "", row.object_kind, str(row.object_id), detail(row),
        ])  # fmt: skip


def told(row: Row, language: str) -> str:
    """The row as one sentence."""
    return words.sentence(
        row.act, row.detail, language, actor=row.actor, person=row.person, office=row.office,
        thing=words.object_word(row.object_kind, row.object_id, language),
    )  # fmt: skip


def detail(row: Row) -> str:
    """What the row keeps besides, as it stands; empty for nothing."""
    return json.dumps(row.detail, ensure_ascii=False, sort_keys=True) if row.detail else ""


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) for cell in cells])
    return out.getvalue().encode()
