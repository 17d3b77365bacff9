"""The numbered document that announces the recruitment."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Field, Form, both

FORM = Form(
    (
        Field("number", N_("Nomor pengumuman"), needed=True, most=100),
        Field(
            "date", N_("Tanggal pengumuman"), "day", needed=True, hint=N_("Misalnya 31-10-2026."), narrow=True
        ),
        Field("place", N_("Tempat penetapan"), needed=True, most=100, hint=N_("Misalnya Jepara.")),
        *both("title", N_("Judul pengumuman")),
    )
)
