"""What an official-to-be is told by mail: the invitation."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, link

WORDS = {
    "screener": N_("petugas seleksi administrasi"),
    "proctor": N_("pengawas"),
    "admin": N_("admin kantor"),
    "superadmin": N_("superadmin"),
}
EVERYWHERE = N_("semua kantor")
SYSTEM = N_("Pengelola layanan")

INVITED = N_("Undangan sebagai {role}")
INVITATION = N_("""{name} yang terhormat,

{inviter} mengundang Anda sebagai {role} untuk {office} pada Seleksi Mitra Statistik.

Buka tautan ini untuk melihat dan menerima undangan:
{join}

Tautan berlaku sampai {until} dan hanya dapat dipakai satu kali. Jika Anda tidak mengenal undangan ini,
abaikan surel ini; tidak ada yang berubah.
""")


def invitation(
    language: str, *, name: str, inviter: str | None, role: str, office: str | None, path: str,
    until: datetime, zone: ZoneInfo,
) -> Letter:  # fmt: skip
    """To an official-to-be; `path` opens the invitation until `until`."""
    words = {
        "name": name, "inviter": inviter or say(SYSTEM, language), "role": say(WORDS[role], language),
        "office": office or say(EVERYWHERE, language), "join": link(path),
        "until": instants.moment(until, zone, language),
    }  # fmt: skip
    return _letter(INVITED, INVITATION, language, words)


def _letter(subject: str, body: str, language: str, words: dict[str, str]) -> Letter:
    return Letter(say(subject, language).format(**words), say(body, language).format(**words))
