"""Links that open one door once: signed, bound to a purpose, and dated by the caller's own clock.

`itsdangerous` signs; the instant travels inside, because a signature's own timestamp would be a second clock.
Single use comes from `bound_to`: a fingerprint of what using the link changes (a password hash, an empty
column), so a used link no longer fits.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from exam_server.clock import to_ms
from exam_server.errors import N_, Refusal


class LinkUnknown(Refusal):
    code = "link_unknown"
    status = 404
    sentence = N_("Tautan ini tidak dikenali atau tidak lengkap. Salin seluruh tautan dari surel Anda, "
                  "atau minta tautan baru.")  # fmt: skip


class LinkExpired(Refusal):
    code = "link_expired"
    status = 410
    sentence = N_("Masa berlaku tautan ini sudah habis atau tautan ini sudah dipakai. "
                  "Tidak ada yang berubah; minta tautan baru.")  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """What a link says: about whom or what (`subject`, an id), tied to which fingerprint, and a word more."""

    subject: int
    bound_to: str
    word: str


def sign(secret: str, purpose: str, subject: int, bound_to: str, until: datetime, word: str = "") -> str:
    """A token for a link; `bound_to` is told as a fingerprint only, `word` can be read by its owner."""
    said = [subject, fingerprint(bound_to), to_ms(until), word]
    return str(URLSafeSerializer(secret, salt=purpose).dumps(said))


def read(secret: str, purpose: str, token: str, now: datetime) -> Claim:
    """What the token says; raises LinkUnknown (forged, damaged, of another purpose) and LinkExpired."""
    try:
        subject, bound_to, until, word = URLSafeSerializer(secret, salt=purpose).loads(token)
    except (BadData, ValueError, TypeError) as problem:
        raise LinkUnknown from problem
    if to_ms(now) >= until:
        raise LinkExpired
    return Claim(subject, bound_to, word)


def fits(claim: Claim, bound_to: str) -> bool:
    """True while what the link was tied to is as it was."""
    return claim.bound_to == fingerprint(bound_to)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
