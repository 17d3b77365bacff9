"""What an accepted application says of an announced preference, by the fact that was recorded as its basis.

The announcement words a preference; which fact meets it is a decision, so it stands in the criteria.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from exam_server.errors import N_
from exam_server.profile.rules import from_json
from exam_server.registration.rules import Where, consistency

STATEMENT, BY_HAND = "statement", "hand"
MEETS = {
    "education": ("education", "ok"), "domicile": ("domicile", "ok"), "age": ("age", "ok"),
    "devices": ("devices", "ok"), "vehicles": ("vehicles", "ok"), "experience": ("experience", "ok"),
}  # fmt: skip
"""Basis -> the finding of an application that meets it."""

BASES = {
    STATEMENT: N_("Pernyataan yang dikonfirmasi saat mendaftar"),
    "education": N_("Pendidikan SMA atau sederajat ke atas"),
    "domicile": N_("Domisili di wilayah kantor"),
    "age": N_("Usia 18 sampai 50 tahun saat mendaftar"),
    "devices": N_("Mempunyai komputer, tablet, atau ponsel pintar"),
    "vehicles": N_("Mempunyai kendaraan bermotor"),
    "experience": N_("Pernah ikut sensus atau survei BPS"),
    BY_HAND: N_("Dinilai petugas satu per satu"),
}  # fmt: skip

HINTS = (
    ("domicile", ("domisili",)), ("age", ("usia",)), ("vehicles", ("kendaraan",)),
    ("devices", ("komputer", "gawai", "ponsel", "tablet")), ("experience", ("sensus", "survei")),
    ("education", ("sma", "pendidikan", "ijazah")),
)  # fmt: skip


def suggested(proof: str, text: str) -> str:
    """A basis for the form, which an official confirms."""
    if proof == STATEMENT:
        return STATEMENT
    said = text.lower()
    return next((basis for basis, words in HINTS if any(word in said for word in words)), BY_HAND)


def met(data: dict[str, Any], wanted: dict[int, str], where: Where, zone: ZoneInfo, on_day: date) -> set[int]:
    """The positions among `wanted` (position -> basis) that this application meets, as of that day."""
    statements: Collection[int] = data.get("statements", [])
    needed = {basis for basis in wanted.values() if basis in MEETS}
    found = (
        {(one.code, one.tone) for one in consistency(from_json(data), zone, on_day, where)}
        if needed
        else set()
    )
    return {
        position for position, basis in wanted.items()
        if (basis == STATEMENT and position in statements) or MEETS.get(basis) in found
    }  # fmt: skip
