"""How an instant is written for people: with weekday and zone, so that nobody has to guess either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
ELSEWHERE = ZoneInfo("Asia/Jakarta")
"""In which instants are written to who belongs to no single office; its name is written beside the hour."""

AT = {"id": "pukul", "en": "at"}


def day(value: date | datetime, zone: ZoneInfo | None, language: str) -> str:
    """Sabtu, 4 November 2026"""
    local = value.astimezone(zone) if isinstance(value, datetime) and zone else value
    return format_date(local, "EEEE, d MMMM y", locale=language)


def hour(value: datetime, zone: ZoneInfo, language: str) -> str:
    """08.00 WIB"""
    return format_datetime(value.astimezone(zone), "HH.mm", locale=language) + " " + zone_name(zone)


def second(value: datetime, zone: ZoneInfo, language: str) -> str:
    """08.12.05 WIB"""
    return format_datetime(value.astimezone(zone), "HH.mm.ss", locale=language) + " " + zone_name(zone)


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Sabtu, 4 November 2026 pukul 08.00 WIB"""
    return f"{day(value, zone, language)} {AT[language]} {hour(value, zone, language)}"


@dataclass(frozen=True)
class Moment:
    """An instant in a refusal, which is spelled only where it is known in which language it is read."""

    at: datetime
    zone: ZoneInfo

    def spoken(self, language: str) -> str:
        """As `moment` writes it."""
        return moment(self.at, self.zone, language)


def zone_name(zone: ZoneInfo) -> str:
    """What people of that zone call it; elsewhere its name of the IANA list."""
    return ZONE_NAMES.get(zone.key, zone.key)
