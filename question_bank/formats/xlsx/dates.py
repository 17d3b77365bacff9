"""A date or time as a spreadsheet shows it, from the number of days that it stores."""

import re
from decimal import Decimal
from functools import lru_cache

_MONTHS = ("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember").split()  # noqa: SIM905
_DAYS = "Minggu Senin Selasa Rabu Kamis Jumat Sabtu".split()  # noqa: SIM905
_UNSPOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_FRACTIONS = re.compile(r"\.0+")
_DATE_LETTER = re.compile(r"[dmyhs]", re.IGNORECASE)
_NUMBER_SIGN = re.compile(r"[#0?]|general|standard|umum", re.IGNORECASE)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]|(?P<half>AM/PM|A/P)'
    r"|(?P<part>y+|m+|d+|h+|s+)(?:\.0+)?|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_LEAP_GAP = 60  # spreadsheets count a 29 February 1900 that never was


@lru_cache(maxsize=512)
def is_date(code: str) -> bool:
    """Tell whether a format shows dates or times."""
    spoken = _FRACTIONS.sub("", _UNSPOKEN.sub("", code.partition(";")[0]))
    return _DATE_LETTER.search(spoken) is not None and _NUMBER_SIGN.search(spoken) is None


def shown_date(value: Decimal, code: str, from_1904: bool) -> str:
    """Return the date or time of a day number, months and days in Indonesian."""
    total = int((value * 86_400).to_integral_value())
    day, seconds = divmod(total, 86_400)
    date = _civil(day + 1_462 if from_1904 else day)
    tokens = [(token.lastgroup or "", token[token.lastgroup] if token.lastgroup else "")
              for token in _TOKEN.finditer(code.partition(";")[0])]  # fmt: skip
    halves = any(kind == "half" for kind, _ in tokens)
    out = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "part":
            out.append(_part(text.lower(), date, seconds, halves, _is_minutes(tokens, index)))
        elif kind == "elapsed":
            out.append(str(total // {"h": 3_600, "m": 60, "s": 1}[text[0].lower()]))
        elif kind == "half":
            out.append("PM" if seconds >= 43_200 else "AM")
        else:
            out.append("" if text == "@" else text)
    return "".join(out).strip(" ;")


def _part(text: str, date: tuple[int, int, int, int], seconds: int, halves: bool, minutes: bool) -> str:
    year, month, day, weekday = date
    hour = seconds // 3_600
    if text[0] == "y":
        return f"{year % 100:02}" if len(text) < 3 else f"{year:04}"
    if text[0] == "m" and not minutes:
        return (
            f"{month:0{len(text)}}" if len(text) < 3 else _MONTHS[month - 1][: 3 if len(text) == 3 else None]
        )
    if text[0] == "d":
        return f"{day:0{len(text)}}" if len(text) < 3 else _DAYS[weekday][: 3 if len(text) == 3 else None]
    number = {"m": seconds // 60 % 60, "s": seconds % 60, "h": (hour - 1) % 12 + 1 if halves else hour}[
        text[0]
    ]
    return f"{number:0{min(len(text), 2)}}"


def _is_minutes(tokens: list[tuple[str, str]], index: int) -> bool:
    """An m is minutes right after hours or right before seconds."""
    parts = [
        (place, text[0].lower()) for place, (kind, text) in enumerate(tokens) if kind in ("part", "elapsed")
    ]
    here = next(number for number, (place, _) in enumerate(parts) if place == index)
    before = parts[here - 1][1] if here else ""
    after = parts[here + 1][1] if here + 1 < len(parts) else ""
    return before == "h" or after == "s"


def _civil(day: int) -> tuple[int, int, int, int]:
    """Year, month, day and weekday (0 is Sunday) of a day number."""
    days = day + (1 if 0 < day < _LEAP_GAP else 0) - 25_569  # days since 1970-01-01
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1, (days + 4) % 7
