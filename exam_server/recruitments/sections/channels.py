"""Where the office is reached and read."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Field, Form, Group

KINDS = (
    ("web", N_("Situs web")),
    ("facebook", N_("Facebook")),
    ("instagram", N_("Instagram")),
    ("portal", N_("Portal")),
    ("guide", N_("Panduan")),
    ("qna", N_("Tanya jawab")),
)
CHANNEL = (
    Field("kind", N_("Jenis"), "choice", needed=True, choices=KINDS),
    Field("label", N_("Tulisan"), needed=True, most=120, hint=N_("Misalnya @bpsjepara.")),
    Field("url", N_("Alamat halaman (boleh kosong)"), "url", most=500),
)
FORM = Form(groups=(Group("channels", N_("Saluran"), N_("Saluran {number}"), CHANNEL),))
