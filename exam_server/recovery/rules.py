"""What may be asked for, what a plea must say, and when a request may not be granted yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from exam_server.accounts.rules import LONGEST_NAME, EmailUnusable, normal_email, usable_email
from exam_server.errors import N_

KINDS = ("nik", "email", "second_factor", "erasure")
OF_CANDIDATES = ("nik", "erasure")
"""Asked for by a signed-in candidate; the other kinds by whoever cannot sign in."""

LINK_LIFE = timedelta(hours=24)
LONGEST_TEXT = 1000

NAMELESS = N_("Tulis nama lengkap seperti pada KTP.")
NIK_WRONG = N_("NIK terdiri atas 16 angka, tanpa huruf. Periksa lagi pada KTP.")
OFFICE_MISSING = N_("Pilih kantor yang akan memeriksa permintaan ini.")
TEXT_MISSING = N_("Ceritakan singkat apa yang terjadi, agar petugas dapat memeriksanya.")
TOO_LONG = N_("Isian ini terlalu panjang. Ringkaslah sedikit.")
ANSWER_MISSING = N_("Tulis alasan keputusan ini. Alasan dikirim kepada pemohon dan disimpan.")
ANSWER_HAS_NIK = N_("Jangan menulis NIK di sini: alasan disimpan lebih lama daripada data pemohon.")


@dataclass(frozen=True)
class Plea:
    """A request as it was typed; `nik` and `email` are empty where the kind does not need them."""

    kind: str
    name: str
    nik: str
    email: str
    office: str
    explanation: str


def tidy(plea: Plea) -> Plea:
    """Without what was copied along: blanks around words, and blanks, dots and dashes inside the NIK."""
    return replace(
        plea, name=" ".join(plea.name.split()), nik=re.sub(r"[\s.\-]", "", plea.nik),
        email=normal_email(plea.email), explanation=plea.explanation.strip(),
    )  # fmt: skip


def needs(kind: str) -> tuple[str, ...]:
    """The fields of a tidy plea of this kind, in the order of the form."""
    own = {"nik": ("nik",), "email": ("nik", "email"), "second_factor": ("email",), "erasure": ()}[kind]
    return ("name", *own, "office", "explanation")


def mistakes(plea: Plea, offices: Iterable[str]) -> dict[str, str]:
    """A sentence per field that is wrong; `offices` are the names an office may go by."""
    found = {
        "name": "" if plea.name else NAMELESS,
        "nik": "" if re.fullmatch(r"[0-9]{16}", plea.nik) else NIK_WRONG,
        "email": _email_mistake(plea.email),
        "office": "" if plea.office in set(offices) else OFFICE_MISSING,
        "explanation": "" if plea.explanation or plea.kind == "erasure" else TEXT_MISSING,
    }
    if len(plea.name) > LONGEST_NAME:
        found["name"] = TOO_LONG
    if len(plea.explanation) > LONGEST_TEXT:
        found["explanation"] = TOO_LONG
    return {field: found[field] for field in needs(plea.kind) if found[field]}


def _email_mistake(email: str) -> str:
    try:
        usable_email(email)
    except EmailUnusable as problem:
        return problem.sentence
    return ""


def answer_mistake(answer: str) -> str:
    """What is wrong with an official's reason; empty when nothing is."""
    if not answer.strip():
        return ANSWER_MISSING
    if re.search(r"[0-9]{16}", re.sub(r"[\s.\-]", "", answer)):
        return ANSWER_HAS_NIK
    return TOO_LONG if len(answer) > LONGEST_TEXT else ""


def masked(email: str) -> str:
    """Enough of an address for its owner to know it again: ra***@surel.example."""
    local, _, host = email.partition("@")
    return f"{local[:2] if len(local) > 2 else local[:1]}***@{host}"


def has_ended(result_opens_at: Iterable[datetime | None], now: datetime) -> bool:
    """A recruitment is over once its result stage has opened; without a dated one it still runs."""
    return any(opens_at is not None and opens_at <= now for opens_at in result_opens_at)


def may_reset(roles: Iterable[tuple[str, int | None]], office_id: int | None, superadmin: bool) -> bool:
    """Whose second factor an admin of `office_id` may remove: an official's there who is no admin."""
    held = set(roles)
    if superadmin:
        return bool(held)
    high = any(role in ("superadmin", "admin") for role, _ in held)
    return not high and any(place == office_id for _, place in held)
