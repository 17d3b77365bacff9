"""The stages of the schedule: first and last day, local to the office, or none."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Field, Form, Group, Problems, Values, both
from exam_server.recruitments.refusals import EndsBeforeItBegins, HalfDated, NeedsDates, StageTwice

KINDS = (
    ("announcement", N_("Pengumuman pendaftaran")),
    ("registration", N_("Pendaftaran")),
    ("screening", N_("Seleksi administrasi")),
    ("test", N_("Tes kompetensi")),
    ("final", N_("Seleksi akhir")),
    ("result", N_("Pengumuman hasil")),
)
DATED = ("registration", "screening")
"""A stage without dates is always open, which these must not be."""

STAGE = (
    Field("kind", N_("Jenis tahap"), "choice", needed=True, choices=KINDS),
    *both("title", N_("Nama tahap pada pengumuman")),
    Field("first", N_("Hari pertama"), "day", hint=N_("Misalnya 1-11-2026; kosong bila mengikuti sesi."),
          narrow=True),
    Field("last", N_("Hari terakhir"), "day", hint=N_("Sampai pukul 24.00 hari itu."), narrow=True),
    *both("note", N_("Keterangan"), "text", needed=False, most=1000),
)  # fmt: skip


def _check(values: Values, problems: Problems) -> None:
    kinds = [row["kind"] for row in values["phases"]]
    for number, row in enumerate(values["phases"], 1):
        at = f"phases-{number}-"
        if row["kind"] in kinds[: number - 1]:
            problems.setdefault(at + "kind", StageTwice(at + "kind"))
        if at + "first" not in problems and at + "last" not in problems:
            _check_days(row, at, problems)


def _check_days(row: Values, at: str, problems: Problems) -> None:
    first, last = row["first"], row["last"]
    if (first is None) is not (last is None):
        missing = at + ("first" if first is None else "last")
        problems[missing] = HalfDated(missing)
    elif first is None and row["kind"] in DATED:
        problems[at + "first"] = NeedsDates(at + "first")
    elif first is not None and last < first:
        problems[at + "last"] = EndsBeforeItBegins(at + "last")


FORM = Form(groups=(Group("phases", N_("Tahap"), N_("Tahap {number}"), STAGE),), check=_check)
