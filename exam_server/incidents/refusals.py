"""Every way in which a note of an incident can be refused."""

from __future__ import annotations

from exam_server.errors import N_, Refusal


class KindUnknown(Refusal):
    code = "incident_kind_unknown"
    status = 422
    field = "kind"
    sentence = N_("Pilih jenis kejadian dari daftar.")


class NoteEmpty(Refusal):
    code = "incident_empty"
    status = 422
    field = "text"
    sentence = N_("Tulis apa yang terjadi. Catatan ini masuk berita acara.")


class NoteTooLong(Refusal):
    code = "incident_too_long"
    status = 422
    field = "text"
    sentence = N_("Tulis lebih singkat, paling banyak {most} huruf.")
