"""Letters about changes of an account, to its owner: at the former address too where it matters."""

from __future__ import annotations

from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, Reader, link

GREETING = N_("{name} yang terhormat,")
WARNING = N_("""Bila bukan Anda, segera tentukan kata sandi baru dan hubungi kantor:
{forgotten}
{help}
""")

PASSWORD = (
    N_("Kata sandi akun Anda sudah diganti"),
    N_("Kata sandi Anda baru saja diganti di halaman Akun saya. Perangkat lain yang sedang masuk sudah\n"
       "dikeluarkan."),
)  # fmt: skip
EMAIL_ASKED = (
    N_("Permintaan ganti alamat surel"),
    N_("Seseorang yang mengetahui kata sandi Anda meminta agar alamat surel akun diganti menjadi {email}.\n"
       "Alamat Anda belum berubah; itu terjadi setelah tautan pada surel ke alamat baru dibuka."),
)  # fmt: skip
EMAIL_CHANGED = (
    N_("Alamat surel akun Anda sudah diganti"),
    N_("Alamat surel akun Anda sekarang {email}. Surat berikutnya dikirim ke alamat itu."),
)
FACTOR_SET = (
    N_("Langkah masuk kedua sudah dipasang"),
    N_("Mulai sekarang masuk dengan akun ini juga memerlukan kode dari aplikasi autentikasi Anda."),
)
FACTOR_REMOVED = (
    N_("Langkah masuk kedua sudah dilepas"),
    N_("Masuk dengan akun ini tidak lagi memerlukan kode dari aplikasi autentikasi."),
)

CONFIRM_SUBJECT = N_("Konfirmasi alamat surel baru")
CONFIRM_BODY = N_("""Seseorang meminta agar alamat ini menjadi alamat surel akun
Seleksi Mitra Statistik miliknya.

Bila itu Anda, buka tautan berikut di perangkat tempat Anda masuk, lalu tekan tombolnya:
{address}

Tautan berlaku 24 jam. Bila bukan Anda, abaikan surel ini.
""")

TAKEN_SUBJECT = N_("Alamat surel Anda sudah mempunyai akun")
TAKEN_BODY = N_("""Seseorang ingin memakai alamat ini untuk akun Seleksi Mitra Statistik yang lain,
padahal alamat ini sudah mempunyai akun sendiri. Tidak ada yang berubah.

Bila itu Anda, masuk dengan akun yang sudah ada:
{login}
""")


def told(reader: Reader, about: tuple[str, str], **words: str) -> Letter:
    """Something changed, or is asked to change, and what to do when it was not the reader's own wish."""
    doors = {"forgotten": link("/password/forgotten"), "help": link("/help")}
    parts = [say(part, reader.language) for part in (GREETING, about[1], WARNING)]
    known = doors | {"name": reader.name} | words
    return Letter(say(about[0], reader.language), "\n\n".join(part.format(**known) for part in parts))


def confirm_email(language: str, path: str) -> Letter:
    """To the new address, with the link that makes it the account's."""
    return Letter(say(CONFIRM_SUBJECT, language), say(CONFIRM_BODY, language).format(address=link(path)))


def email_taken(language: str) -> Letter:
    """To the owner of the address that somebody else wanted to take."""
    return Letter(say(TAKEN_SUBJECT, language), say(TAKEN_BODY, language).format(login=link("/login")))
