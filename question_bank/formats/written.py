"""How items are laid out as a table: one row each, under headings that every reader of ours knows."""

import base64
from collections.abc import Iterator, Sequence

from question_bank.formulas import shielded
from question_bank.items import Item
from question_bank.pictures import kind_of
from question_bank.validate import LETTERS

_DIFFICULTY_WORDS = {None: "", "easy": "mudah", "medium": "sedang", "hard": "sulit"}
_USUAL_OPTIONS = 5
_MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
}


def written_rows(items: Sequence[Item]) -> tuple[list[str], Iterator[list[str]]]:
    """Return the headings and the rows of a table with these items."""
    letters = LETTERS[: max([_USUAL_OPTIONS, *(len(item.options) for item in items)])].lower()
    names = [
        "kode",
        "topik",
        "kesulitan",
        "soal",
        *letters,
        "kunci",
        "gambar",
        "keterangan_gambar",
        "pembahasan",
    ]
    if all(item.shuffle for item in items):
        return names, (_row(item, len(letters)) for item in items)
    marked = ([*_row(item, len(letters)), "ya" if item.shuffle else "tidak"] for item in items)
    return [*names, "acak"], marked


def data_url(data: bytes) -> str:
    """Return an address that carries the picture itself."""
    kind = _MEDIA_TYPES.get(kind_of(data), "application/octet-stream")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _row(item: Item, option_columns: int) -> list[str]:
    padding = [""] * (option_columns - len(item.options))
    options = [shielded(option) for option in item.options]
    return [
        item.code, item.topic, _DIFFICULTY_WORDS[item.difficulty], shielded(item.stem), *options, *padding,
        LETTERS[item.key], item.picture, item.picture_alt, shielded(item.explanation),
    ]  # fmt: skip
