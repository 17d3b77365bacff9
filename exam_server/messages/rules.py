"""What a message may be: plain text of one to LONGEST letters; pure."""

from __future__ import annotations

import unicodedata

from exam_server.unseen import without_turning

LONGEST = 500
"""Letters: a phone of 360 px shows them without hiding the question for long."""


def tidy(text: str) -> str:
    """Without blanks at its ends and signs that turn what is read, and with one kind of line break."""
    return without_turning(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def is_plain(text: str) -> bool:
    """True for what every page can show and every database can hold: no control marks, no half letters."""
    return all(letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs") for letter in text)
