"""Who signed the announcement, in the order of signing."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Field, Form, Group, both

SIGNATORY = (
    *both("title", N_("Jabatan")),
    Field(
        "name", N_("Nama dengan gelar"), needed=True, most=120, hint=N_("Seperti tercetak pada pengumuman.")
    ),
)
FORM = Form(groups=(Group("signatories", N_("Penanda tangan"), N_("Penanda tangan {number}"), SIGNATORY),))
