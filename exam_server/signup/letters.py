"""Letters about an account that is being made or whose password was forgotten.

They greet nobody by name: whoever signs up may type any name and any address, and words of strangers do not
belong into a letter of this service.
"""

from __future__ import annotations

from datetime import timedelta

from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, link

ACTIVATE_SUBJECT = N_("Aktifkan akun Seleksi Mitra Statistik")
ACTIVATE_BODY = N_("""Seseorang mendaftarkan akun Seleksi Mitra Statistik dengan alamat surel ini.

Bila itu Anda, buka tautan berikut lalu tekan tombol Aktifkan akun:
{address}

Tautan berlaku {hours} jam dan hanya untuk pendaftaran yang terakhir. Bila bukan Anda,
abaikan surel ini: tanpa aktivasi akun tidak dapat dipakai.
""")

KNOWN_SUBJECT = N_("Alamat surel Anda sudah mempunyai akun")
KNOWN_BODY = N_("""Seseorang mencoba mendaftarkan akun baru Seleksi Mitra Statistik dengan alamat surel ini,
padahal alamat ini sudah mempunyai akun. Akun Anda tidak berubah.

Masuk dengan akun Anda:
{login}

Lupa kata sandi? Tentukan yang baru:
{forgotten}

Bila bukan Anda yang mencoba, tidak ada yang perlu dilakukan.
""")

RESET_SUBJECT = N_("Tentukan kata sandi baru")
RESET_BODY = N_("""Seseorang meminta kata sandi baru untuk akun Seleksi Mitra Statistik dengan alamat surel
ini.

Bila itu Anda, buka tautan berikut dan ketik kata sandi baru:
{address}

Tautan berlaku {hours} jam dan hanya dapat dipakai satu kali. Bila bukan Anda, abaikan surel
ini: kata sandi Anda tidak berubah.
""")

CHANGED_SUBJECT = N_("Kata sandi akun Anda sudah diganti")
CHANGED_BODY = N_("""Kata sandi akun Seleksi Mitra Statistik Anda baru saja diganti melalui tautan yang
dikirim ke alamat surel ini. Semua perangkat yang sedang masuk sudah dikeluarkan.

Masuk dengan kata sandi baru:
{login}

Bila bukan Anda yang menggantinya, segera tentukan kata sandi baru dan hubungi kantor:
{forgotten}
""")


def activation(language: str, path: str, life: timedelta) -> Letter:
    """With the link that activates the account."""
    return _letter(language, ACTIVATE_SUBJECT, ACTIVATE_BODY, address=link(path), hours=_hours(life))


def already_known(language: str) -> Letter:
    """To the owner of an account that somebody wanted to sign up again."""
    return _letter(language, KNOWN_SUBJECT, KNOWN_BODY)


def reset(language: str, path: str, life: timedelta) -> Letter:
    """With the link under which a new password may be typed."""
    return _letter(language, RESET_SUBJECT, RESET_BODY, address=link(path), hours=_hours(life))


def password_replaced(language: str) -> Letter:
    """To the owner, after the password was set by such a link."""
    return _letter(language, CHANGED_SUBJECT, CHANGED_BODY)


def _letter(language: str, subject: str, body: str, **words: object) -> Letter:
    doors = {"login": link("/login"), "forgotten": link("/password/forgotten")}
    return Letter(say(subject, language), say(body, language).format(**doors | words))


def _hours(life: timedelta) -> int:
    return int(life.total_seconds()) // 3600
