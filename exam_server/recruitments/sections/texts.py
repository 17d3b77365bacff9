"""The sentences of the announcement: opening, steps, rules, closing."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Form, Group, both

FORM = Form(
    (
        *both("intro", N_("Pembuka"), "text", most=4000),
        *both("closing", N_("Penutup"), "text", needed=False, most=4000),
    ),
    (
        Group(
            "steps",
            N_("Tata cara mendaftar"),
            N_("Langkah {number}"),
            both("text", N_("Langkah"), "text", most=1000),
        ),
        Group(
            "rules",
            N_("Ketentuan"),
            N_("Ketentuan {number}"),
            both("text", N_("Ketentuan"), "text", most=1000),
        ),
    ),
)
