"""Canaries: a word planted where candidates must never look, and the search for it in every disguise."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from question_bank.items import Item
from tests.worlds import OPTIONS, TOPIC

HIDDEN = "kenari-terlarang-5f0d9c"
"""Planted in keys' explanations, codes, names and metadata of pictures: nobody outside may ever see it."""

VISIBLE = "kenari-kelihatan-3b77aa"
"""Planted in stems: the control that the same search finds what is really sent."""

FIELDS_OF_A_KEY = (
    b'"accepted"',
    b'"explanation"',
    b'"key"',
    b'"correct"',
    b'"answer"',
    b'"score"',
    b'"item_id"',
)


@dataclass
class Recorder:
    """Everything that was sent to one person: (where, bytes)."""

    seen: list[tuple[str, bytes]] = field(default_factory=list)

    def __call__(self, where: str, data: bytes) -> None:
        self.seen.append((where, data))

    def hits(self, needles: Iterable[bytes]) -> list[str]:
        """Where one of `needles` was sent."""
        wanted = list(needles)
        return sorted({where for where, data in self.seen for one in wanted if one in data})

    @property
    def places(self) -> set[str]:
        return {where for where, _ in self.seen}


def disguises(word: str) -> list[bytes]:
    """The word as it is, quoted, reversed, in hexadecimal, in UTF-16, and inside base64 at each alignment."""
    plain = word.encode()
    forms = [plain, plain.upper(), plain[::-1], quote(word, safe="").encode(), plain.hex().encode(),
             word.encode("utf-16-le")]  # fmt: skip
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain + b"\0" * (-(before + len(plain)) % 3))
        forms.append(whole[4 if before else 0 : -4])
    return forms


def picture(name: str) -> bytes:
    """A PNG whose metadata carries the hidden word, as an author's program may have left it there."""
    notes = PngInfo()
    notes.add_text("Comment", f"{HIDDEN}-kunci-{name}")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (len(name) * 5 % 255, 90, 120)).save(out, "PNG", pnginfo=notes)
    return out.getvalue()


def bank(count: int) -> tuple[list[Item], dict[str, bytes]]:
    """`count` items with canaries wherever a key or what belongs to authors is kept; half have a picture."""
    items, pictures = [], {}
    for number in range(count):
        name = f"{HIDDEN}-{number}.png" if number % 2 else ""
        if name:
            pictures[name] = picture(name)
        items.append(Item(
            stem=f"<p>Soal {number}: {VISIBLE}</p>", key=number % OPTIONS, code=f"{HIDDEN}-kode-{number}",
            options=tuple(f"<p>jawaban {number}{letter}</p>" for letter in "abcd"), topic=TOPIC,
            explanation=f"<p>{HIDDEN} karena {number}</p>", picture=name, picture_alt="Grafik batang",
        ))  # fmt: skip
    return items, pictures
