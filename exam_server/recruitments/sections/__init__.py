"""The pages of a recruitment: what each asks, in the order in which an announcement is written."""

from __future__ import annotations

from dataclasses import dataclass

from exam_server.errors import N_
from exam_server.recruitments.fields import Form
from exam_server.recruitments.sections import (
    activities,
    channels,
    document,
    phases,
    questions,
    requirements,
    signatories,
    texts,
)


@dataclass(frozen=True)
class Section:
    """`name` is the end of its address."""

    name: str
    title: str
    hint: str
    form: Form


SECTIONS = (
    Section("document", N_("Dokumen"), N_("Nomor, tanggal, dan judul seperti tercetak pada pengumuman."),
            document.FORM),
    Section("signatories", N_("Penanda tangan"), N_("Satu orang atau lebih, menurut urutan pada "
                                                    "pengumuman."), signatories.FORM),
    Section("activities", N_("Kegiatan dan susunan soal"),
            N_("Nama kedua kegiatan, dan berapa soal dari topik apa yang didapat setiap peserta."),
            activities.FORM),
    Section("phases", N_("Jadwal tahapan"),
            N_("Tahap boleh berjalan bersamaan. Tahap tanpa tanggal mengikuti sesi yang dipilih calon."),
            phases.FORM),
    Section("requirements", N_("Persyaratan"),
            N_("Urutannya menjadi nomor pada pengumuman; tulis yang wajib dan yang diutamakan seperti "
               "tercetak."), requirements.FORM),
    Section("texts", N_("Pembuka, tata cara, dan ketentuan"), N_("Kalimat-kalimat pengumuman."), texts.FORM),
    Section("channels", N_("Saluran resmi"), N_("Tempat kantor dapat dihubungi dan dibaca pengumumannya."),
            channels.FORM),
    Section("questions", N_("Tanya jawab"), N_("Boleh kosong; dapat ditambah kapan saja."), questions.FORM),
)  # fmt: skip
BY_NAME = {section.name: section for section in SECTIONS}
