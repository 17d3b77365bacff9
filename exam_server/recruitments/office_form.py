"""The data of an office as its form asks them, each judged by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from exam_server.accounts.rules import EmailUnusable, usable_email
from exam_server.errors import N_
from exam_server.recruitments import rules
from exam_server.recruitments.fields import Field, Form, Problems, Values, tidy
from exam_server.recruitments.refusals import (
    CodeUnreadable,
    DeskRefusal,
    KecamatanTwice,
    SlugReserved,
    SlugUnreadable,
)

ZONES = (("Asia/Jakarta", "WIB (Asia/Jakarta)"), ("Asia/Makassar", "WITA (Asia/Makassar)"),
         ("Asia/Jayapura", "WIT (Asia/Jayapura)"))  # fmt: skip
RESERVED = ("offices", "sittings", "new")
"""Words that stand in addresses where a short name could."""


class EmailUnreadable(DeskRefusal):
    code = "email_unreadable"
    sentence = EmailUnusable.sentence


def _check(values: Values, problems: Problems) -> None:
    for name, judge in JUDGES.items():
        if name not in problems and values[name] is not None and (values[name] or name in MADE_ANYWAY):
            try:
                judge(values)
            except DeskRefusal as problem:
                problems[name] = problem


def _code(values: Values) -> None:
    if not re.fullmatch(r"[0-9]{4}", values["code"]):
        raise CodeUnreadable("code")


def _slug(values: Values) -> None:
    """Made from the name when it is left empty."""
    slug = values["slug"] or rules.slug_of(values["name"] or "")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise SlugUnreadable("slug")
    if slug in RESERVED:
        raise SlugReserved("slug")
    values["slug"] = slug


def _email(values: Values) -> None:
    try:
        values["email"] = usable_email(values["email"])
    except EmailUnusable as problem:
        raise EmailUnreadable("email") from problem


def _kecamatan(values: Values) -> None:
    """One name per line; the value becomes a list."""
    names = [name for line in values["kecamatan"].split("\n") if (name := tidy(line))]
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise KecamatanTwice("kecamatan", kecamatan=name)
        seen.add(name.casefold())
    values["kecamatan"] = names


JUDGES: dict[str, Callable[[Values], None]] = {
    "code": _code, "slug": _slug, "email": _email, "kecamatan": _kecamatan,
}  # fmt: skip

MADE_ANYWAY = ("slug", "kecamatan")
"""What becomes something of its own also when it is left empty."""

FORM = Form(
    (
        Field("name", N_("Nama kantor"), needed=True, most=120, hint=N_("Misalnya BPS Kabupaten Jepara.")),
        Field(
            "code",
            N_("Kode kantor"),
            needed=True,
            most=10,
            hint=N_("Empat angka, misalnya 3320."),
            narrow=True,
        ),
        Field(
            "slug",
            N_("Nama pendek untuk alamat halaman"),
            most=40,
            hint=N_("Boleh kosong: dibuat dari nama kantor. Tetap setelah pengumuman pertama terbit."),
        ),
        Field(
            "regency", N_("Kabupaten atau kota"), needed=True, most=80, hint=N_("Misalnya Kabupaten Jepara.")
        ),
        Field("province", N_("Provinsi"), needed=True, most=80),
        Field("zone", N_("Zona waktu"), "choice", needed=True, choices=ZONES),
        Field("address", N_("Alamat kantor"), most=300),
        Field("phone", N_("Telepon kantor"), most=40),
        Field("email", N_("Surel kantor"), most=200),
        Field("kecamatan", N_("Kecamatan, satu nama per baris"), "text", most=6000),
    ),
    check=_check,
)


def kecamatan_lines(text: str) -> str:
    """The names of a table with one column, its heading left out, one per line."""
    lines = [line.strip().strip(";,").strip().strip('"') for line in text.split("\n")]
    return "\n".join(line for line in lines if line and line.casefold() != "kecamatan")
