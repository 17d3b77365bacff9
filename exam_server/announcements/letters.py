"""What people are told when a result comes out: that it is there, never what it is."""

from __future__ import annotations

from exam_server.errors import N_
from exam_server.language import LANGUAGES, say
from exam_server.mail import Letter, Reader, link

SUBJECT = N_("Hasil seleksi {office} sudah diumumkan")
AGAIN_SUBJECT = N_("Pengumuman hasil seleksi {office} diperbarui")
BODY = N_("""{name} yang terhormat,

Hasil seleksi akhir {office} sudah diumumkan. Hasil Anda sendiri dapat dibaca setelah masuk:
{own}

Pengumuman lengkap:
{public}

Surat ini tidak memuat hasilnya.
""")
AGAIN = N_("""{name} yang terhormat,

Pengumuman hasil seleksi akhir {office} diperbarui. Apa yang berubah tertulis pada pengumumannya:
{public}

Hasil Anda sendiri dapat dibaca setelah masuk:
{own}

Surat ini tidak memuat hasilnya.
""")
NOTICE = N_("Hasil seleksi akhir sudah diumumkan. Daftar lengkap ada pada halaman hasil seleksi kantor ini.")
NOTICE_AGAIN = N_("Pengumuman hasil seleksi akhir diperbarui (pengumuman ke-{number}). Perubahannya "
                  "tertulis pada halaman hasil seleksi kantor ini.")  # fmt: skip


def out(person: Reader, office: str, slug: str, number: int) -> Letter:
    """To everybody on the list."""
    told = {"name": person.name, "office": office, "own": link("/result"),
            "public": link(f"/offices/{slug}/result")}  # fmt: skip
    subject, body = (SUBJECT, BODY) if number == 1 else (AGAIN_SUBJECT, AGAIN)
    return Letter(say(subject, person.language).format(**told), say(body, person.language).format(**told))


def notice(number: int) -> dict[str, str]:
    """To everybody, on the office's own page, in both languages."""
    said = NOTICE if number == 1 else NOTICE_AGAIN
    return {language: say(said, language).format(number=number) for language in LANGUAGES}
