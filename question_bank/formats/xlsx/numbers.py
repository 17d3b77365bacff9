"""A number in a cell as a spreadsheet shows it: 2 and not 2.0, 25% and not 0.25, a date as a date."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from question_bank.formats.xlsx.dates import is_date, shown_date

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0",
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<science>E[+-]0+)|(?P<digits>[#0?](?:[#0?,.]*[#0?])?)|(?P<percent>%)|(?P<slash>/)|(?P<other>.)",
    re.DOTALL,
)
_GENERAL_WIDTH = 11
_LONGEST = 40


def shown(raw: str, code: str, from_1904: bool = False) -> tuple[str, bool]:
    """Return a stored number as its format shows it, and whether it is a date; anything else as it is."""
    try:
        value = Decimal(raw)
    except ArithmeticError:
        return raw, False
    if not value.is_finite() or not -400 < value.adjusted() < 400:
        return raw[:_LONGEST], False
    if is_date(code) and 0 <= value < 3_000_000:
        return shown_date(value, code, from_1904), True
    section, value = _section(code, value)
    tokens = _tokens(section)
    if not any(kind in ("digits", "science") for kind, _ in tokens):
        return general(value), False
    return _formatted(value, tokens), False


def general(value: Decimal) -> str:
    """Return a number without a format of its own, rounded to what a cell has room for."""
    if value == value.to_integral_value():
        return str(int(value)) if value.adjusted() < 20 else f"{float(value):.5E}"
    if value.adjusted() < -9:
        return f"{float(value):.5E}".replace(".00000", "")
    digits = max(_GENERAL_WIDTH - 2 - max(value.adjusted(), 0), 0)
    text = f"{_rounded(value, digits):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _section(code: str, value: Decimal) -> tuple[str, Decimal]:
    """The part of a format for positive, negative or zero numbers, and the number it shows."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code) if len(code) < 300 else ["0"]
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


@lru_cache(maxsize=512)
def _tokens(section: str) -> tuple[tuple[str, str], ...]:
    if section.strip().casefold() in ("", "general", "@", "standard", "umum"):
        return ()
    found = []
    for token in _TOKEN.finditer(section):
        kind = token.lastgroup or "blank"
        found.append((kind, token[kind] if token.lastgroup else " " if token[0].startswith("_") else ""))
    return tuple(found)


def _formatted(value: Decimal, tokens: tuple[tuple[str, str], ...]) -> str:
    kinds = [kind for kind, _ in tokens]
    if "slash" in kinds and kinds.count("digits") > 1:
        return _fraction(value, max(len(text) for kind, text in tokens if kind == "digits"))
    if "percent" in kinds:
        value *= 100
    parts, done = [], False
    for kind, text in tokens:
        if kind == "percent":
            parts.append("%")
        elif kind == "digits" and not done:
            parts.append(_science(value, text) if "science" in kinds else _digits(abs(value), text))
            done = True
        elif kind in ("quoted", "escaped", "currency", "other", "blank", "slash"):
            parts.append(text)
    sign = "-" if value < 0 and "science" not in kinds else ""
    return sign + "".join(parts).strip()


def _digits(value: Decimal, pattern: str) -> str:
    whole, _, decimals = pattern.partition(".")
    thousands = "," in whole
    text = f"{_rounded(value, len(decimals)):{',' if thousands else ''}f}"
    needed = len(decimals.rstrip("#?"))
    while "." in text and len(text) - text.index(".") - 1 > needed and text.endswith("0"):
        text = text[:-1]
    return text.rstrip(".").zfill(
        len(whole.replace("#", "").replace("?", "").replace(",", "")) if not thousands else 0
    )


def _science(value: Decimal, pattern: str) -> str:
    return f"{float(value):.{len(pattern.partition('.')[2])}E}"


def _fraction(value: Decimal, places: int) -> str:
    nearest = Fraction(value).limit_denominator(10 ** min(places, 3) - 1)
    whole, rest = divmod(abs(nearest), 1)
    sign = "-" if nearest < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole} {rest}" if whole else f"{sign}{rest}"


def _rounded(value: Decimal, places: int) -> Decimal:
    if value.adjusted() > 20:
        return value
    return value.quantize(Decimal(1).scaleb(-min(places, 15)), rounding=ROUND_HALF_UP)
