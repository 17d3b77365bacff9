"""Signs of a typed text that nobody sees, and that can turn what others read: left out, one rule for all."""

from __future__ import annotations

import unicodedata

UNSEEN = ("Cc", "Cf", "Co", "Cs")
"""Kinds of signs that nobody sees: controls, formats, private ones, halves of pairs."""

TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Those of them that turn the direction of writing, so that a sentence reads as another one."""


def without_unseen(raw: str) -> str:
    """Blanks and line breaks stay."""
    return "".join(sign for sign in raw if sign.isspace() or unicodedata.category(sign) not in UNSEEN)


def without_turning(raw: str) -> str:
    """All else stays as it was typed: a joiner makes one picture of two."""
    return raw.translate(TURNING)
