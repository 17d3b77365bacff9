"""What candidates are told when an announced date changes, on the public page and by mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from exam_server import instants
from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, link
from exam_server.recruitments.rules import Window

CHANGED = N_("Jadwal berubah.")
ONE_CHANGE = N_("{stage}: semula {old}, menjadi {new}.")
BECAUSE = N_("Alasan: {reason}")
UNDATED = N_("mengikuti sesi pilihan calon")
SPAN = N_("{first} sampai {last}")

SUBJECT = N_("Perubahan jadwal {office}")
BODY = N_("""{name} yang terhormat,

{office} mengubah jadwal rekrutmen yang Anda ikuti.

{notice}

Pengumuman lengkap:
{announcement}

Status pendaftaran Anda:
{status}
""")


def notice(language: str, changes: Sequence[tuple[Window, Window]], reason: str, zone: ZoneInfo) -> str:
    """Which stages change, from when to when, and why, in one language."""
    lines = [
        say(ONE_CHANGE, language).format(
            stage=was.title.get(language) or was.title.get("id", ""),
            old=_span(was, zone, language), new=_span(becomes, zone, language),
        )
        for was, becomes in changes
    ]  # fmt: skip
    return " ".join([say(CHANGED, language), *lines, say(BECAUSE, language).format(reason=reason)])


def schedule_changed(language: str, *, name: str, office: str, slug: str, notice: str) -> Letter:
    """To everybody with an application in the recruitment."""
    told = {"name": name, "office": office, "notice": notice, "announcement": link(f"/offices/{slug}"),
            "status": link("/status")}  # fmt: skip
    return Letter(say(SUBJECT, language).format(office=office), say(BODY, language).format(**told))


def _span(window: Window, zone: ZoneInfo, language: str) -> str:
    opens_at: datetime | None = window.opens_at
    if opens_at is None or window.closes_at is None:
        return say(UNDATED, language)
    first = instants.day(opens_at, zone, language)
    last = instants.day(window.closes_at - timedelta(microseconds=1), zone, language)
    return first if first == last else say(SPAN, language).format(first=first, last=last)
