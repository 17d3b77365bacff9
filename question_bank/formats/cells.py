"""Cells that a spreadsheet would run as a formula: written with a leading apostrophe, read without it."""

import re

_FORMULA = re.compile(r"'*[=+\-@]")
_SIGNED_NUMBER = re.compile(r"[+-][0-9][0-9.,]*")


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula; signed numbers stay as they are."""
    return "'" + text if _FORMULA.match(text) and not _SIGNED_NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given (blanks at both ends do not count)."""
    text = text.strip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
