"""The three files of a fictive person, each in one of the three kinds of file that people send."""

from __future__ import annotations

import hashlib
from pathlib import Path

from exam_server.demo.lives import Life
from exam_server.demo.papers_of_people import draw

NAMES = {"ktp": "ktp.jpg", "photo": "foto.png", "ijazah": "ijazah.pdf"}


def make_papers(life: Life, regency: str, folder: Path, *kinds: str) -> dict[str, Path]:
    """KTP as JPEG, photo as PNG, ijazah as PDF of one page, or only those kinds: {kind: path}."""
    folder.mkdir(parents=True)
    found = {kind: folder / NAMES[kind] for kind in kinds or NAMES}
    for kind, path in found.items():
        draw(kind, life, regency).save(path)
    return found


def scan_both_sides(life: Life, regency: str, path: Path) -> Path:
    """The ijazah once more, as PDF of two pages."""
    front = draw("ijazah", life, regency)
    front.save(path, save_all=True, append_images=[front.rotate(180)])
    return path


def fingerprint(path: Path) -> str:
    """What a receipt says of that file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
