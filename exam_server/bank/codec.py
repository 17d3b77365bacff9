"""How item content lies in the database: one pair of functions, so that encryption can come in one place.

The first byte names the way it was sealed; old rows stay readable when a further way is added.
"""

from __future__ import annotations

PLAIN = b"\x00"


class UnknownSeal(Exception):
    """Content that was sealed in a way this version does not know: an older program, or a damaged row."""


def seal(content: bytes) -> bytes:
    return PLAIN + content


def unseal(sealed: bytes) -> bytes:
    """What was sealed; raises UnknownSeal."""
    if sealed[:1] != PLAIN:
        raise UnknownSeal(sealed[:1].hex())
    return sealed[1:]
