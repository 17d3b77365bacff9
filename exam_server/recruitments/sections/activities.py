"""The two activities by name, the plan of the draw, and when candidates see their own score."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Field, Form, Group, Problems, Values
from exam_server.recruitments.refusals import UnknownChoice

OWN_SCORE = (
    ("after_announcement", N_("Setelah hasil diumumkan")),
    ("at_once", N_("Segera setelah tes ditutup")),
    ("never", N_("Tidak ditampilkan")),
)
DIFFICULTIES = (
    ("", N_("Semua tingkat")),
    ("easy", N_("Mudah")),
    ("medium", N_("Sedang")),
    ("hard", N_("Sulit")),
)
LONGEST_PAPER = 200
STRATUM = (
    Field("count", N_("Banyak soal"), "number", needed=True, most=4, narrow=True),
    Field("topic", N_("Topik (kosong: semua topik)"), most=80),
    Field("difficulty", N_("Tingkat"), "choice", choices=DIFFICULTIES),
)


def _check(values: Values, problems: Problems) -> None:
    """A paper has at most 200 items: more cannot be shown on the strip of numbers."""
    total = sum(row["count"] or 0 for row in values["strata"])
    if total > LONGEST_PAPER:
        problems.setdefault("strata-1-count", PaperTooLong("strata-1-count", most=LONGEST_PAPER, count=total))


class PaperTooLong(UnknownChoice):
    code = "paper_too_long"
    sentence = N_("Satu tes paling banyak {most} soal; susunan ini {count} soal.")


FORM = Form(
    (
        Field("registration_name", N_("Nama kegiatan pendaftaran"), needed=True, most=120,
              hint=N_("Misalnya Rekrutmen Mitra BPS 2027-Pendaftaran.")),
        Field("selection_name", N_("Nama kegiatan seleksi"), needed=True, most=120,
              hint=N_("Misalnya Rekrutmen Mitra 2027-seleksi.")),
        Field("own_score", N_("Kapan peserta melihat nilainya sendiri"), "choice", needed=True,
              choices=OWN_SCORE),
    ),
    (Group("strata", N_("Susunan soal tes"), N_("Bagian {number}"), STRATUM,
           N_("Setiap peserta mendapat soal acak menurut susunan ini. Topik ditulis seperti pada "
              "bank soal."),),),
    _check,
)  # fmt: skip
