"""The result files of everybody in one archive, a part at a time; a manifest names each with its hash.

Each part is written by a process of its own, so that others have their turn in between, and memory holds one
batch however many candidates there are.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

from exam_server.apart import Report
from exam_server.archives import dossiers, readable, rows
from exam_server.archives.workbook import summed
from exam_server.db import Database

PART = 1000
"""Candidates of one process; far below what it may take."""

BATCH = 100
README = """Setiap peserta mempunyai dua berkas: JSON (lengkap) dan HTML (untuk dibaca).
manifest.csv memuat nama, ukuran, dan SHA-256 setiap berkas, serta nomor peserta.
Nilai sha256 di dalam setiap JSON adalah SHA-256 isi lainnya sebagai JSON kanonik
(kunci berurutan, tanpa spasi, UTF-8).
"""


def everybody(db: Database, activity_id: int) -> list[int]:
    """Attempts that get a file."""
    with db.read() as tx:
        return rows.sat(tx, activity_id)


def add(db: Database, asked: dict[str, Any], report: Report) -> int:
    """{path, attempts}: these candidates' files are in the archive afterwards; how many."""
    path, attempts = Path(asked["path"]), asked["attempts"]
    manifest = path.with_name("manifest.part")
    opened = zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1)
    with opened as archive, manifest.open("a") as named:
        for first in range(0, len(attempts), BATCH):
            with db.read() as tx:
                batch = dossiers.dossiers(tx, attempts[first : first + BATCH])
            for one in batch:
                named.write(_both(archive, one))
            report(min(first + BATCH, len(attempts)), len(attempts))
    return len(attempts)


def close(db: Database, asked: dict[str, Any], report: Report) -> dict[str, Any]:
    """{path}: the manifest is in the archive afterwards; its size and hash."""
    path = Path(asked["path"])
    named = path.with_name("manifest.part")
    lines = named.read_text() if named.exists() else ""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("manifest.csv"), "berkas;ukuran;sha256;nomor\r\n" + lines)
        archive.writestr(_entry("BACA.txt"), README)
    named.unlink(missing_ok=True)
    return summed(path)


def _both(archive: zipfile.ZipFile, dossier: dossiers.Dossier) -> str:
    """Lines of the manifest; the attempt's own name keeps two candidates apart whatever their numbers."""
    said = ""
    name = f"{dossier['number']}-{dossier['attempt']['id']}"
    for kind, data in (("json", dossiers.written(dossier)), ("html", readable.page(dossier))):
        archive.writestr(_entry(f"peserta/{name}.{kind}"), data)
        digest = hashlib.sha256(data).hexdigest()
        said += f"peserta/{name}.{kind};{len(data)};{digest};{dossier['number']}\r\n"
    return said


def _entry(name: str) -> zipfile.ZipInfo:
    """The same bytes for the same content."""
    found = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def own(db: Database, attempt_id: int, kind: str) -> bytes:
    """One candidate's file, `json` or `html`."""
    with db.read() as tx:
        (found,) = dossiers.dossiers(tx, [attempt_id])
    return dossiers.written(found) if kind == "json" else readable.page(found)
