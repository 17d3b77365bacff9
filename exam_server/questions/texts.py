"""A kept text as an editor types it, and back: line ends and signs as people write them, markup where it is.

A picture inside a text is called by a short name made of its content, so that the name never changes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from exam_server.bank import wording
from question_bank.formulas import set_formulas
from question_bank.items import images
from question_bank.text import clean, with_breaks

_PICTURE_NAME = "gambar-"
_NAME_LENGTH = 12
_MEDIA = re.compile(r"<(?:img|image|svg|math|video|audio|iframe|object|embed)\b", re.IGNORECASE)


def name_of(sha256: str) -> str:
    """What a picture is called in texts that are being written."""
    return _PICTURE_NAME + sha256[:_NAME_LENGTH]


def typed(kept: str) -> str:
    """The friendliest writing that `read` turns back into exactly this text."""
    source = wording.shown_at(kept, name_of)
    friendly = html.unescape(source.replace("<br>", "\n"))
    return friendly if read(friendly, images(source)) == source else source


def read(text: str, names: Collection[str]) -> str:
    """Harmless markup only, simple formulas set as in files; line ends and pictures with these names stay."""
    set_out, _ = set_formulas(with_breaks(text.replace("\r\n", "\n").strip()))
    return clean(set_out, frozenset(names))


def loses_media(text: str, names: Collection[str]) -> bool:
    """True when something was meant to be shown that `read` cannot keep."""
    return len(_MEDIA.findall(text)) > len(images(read(text, names)))
