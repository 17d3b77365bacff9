"""A code as people copy it down, and how much of a name a stranger may read."""

from __future__ import annotations

import unicodedata

LONGEST = 500
"""Characters: nobody types a longer code, nor an address that ends in one."""

MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""Digits that no code contains, and the letters for which they are taken."""

HIDDEN = "•••"


def letters(typed: str) -> str:
    """The letters and digits that a code or the address of its page means; empty when there are none."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).strip().rstrip("/")
    last = plain.rpartition("/")[2].upper()
    return "".join(one for one in last if one.isalnum()).translate(MISREAD)


def masked(name: str) -> str:
    """The first letter of each part of a name; how long a part is stays hidden too."""
    return " ".join(part[0] + HIDDEN for part in name.split()) or HIDDEN
