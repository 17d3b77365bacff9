"""What is asked of candidates, and what proves it; the order gives the numbers of the announcement."""

from exam_server.errors import N_
from exam_server.recruitments.fields import Field, Form, Group, both

KINDS = (("must", N_("Wajib")), ("preference", N_("Diutamakan")))
PROOFS = (
    ("statement", N_("Pernyataan saat mendaftar")),
    ("ktp", N_("KTP")),
    ("ijazah", N_("Ijazah")),
    ("profile", N_("Data diri")),
)
REQUIREMENT = (
    Field("kind", N_("Sifat"), "choice", needed=True, choices=KINDS),
    Field("proof", N_("Dasar pemeriksaan"), "choice", needed=True, choices=PROOFS),
    *both("text", N_("Bunyi persyaratan"), "text", most=1000),
)
FORM = Form(groups=(Group("requirements", N_("Persyaratan"), N_("Persyaratan {number}"), REQUIREMENT),))
