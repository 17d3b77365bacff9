"""Whether the files of an upload are on disk as its row says: every page a picture, a PDF byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from exam_server.documents.files import ORIGINAL, place

JPEG = b"\xff\xd8\xff"


def damaged(data_dir: Path, stored_name: str, pages: int, original_sha256: str | None) -> list[str]:
    """Names of files that are missing or not what they were; `original_sha256` only where it is kept."""
    folder = place(data_dir, stored_name)
    pictures = [*(f"page-{number}.jpg" for number in range(1, pages + 1)), "thumb.jpg"]
    bad = [name for name in pictures if not _is_picture(folder / name)]
    if original_sha256 and _sha256(folder / ORIGINAL) != original_sha256:
        bad.append(ORIGINAL)
    return bad


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(JPEG)) == JPEG
    except OSError:
        return False


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
