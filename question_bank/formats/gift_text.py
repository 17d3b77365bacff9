"""The lexical side of GIFT: escapes, and texts with their format prefix."""

import re

from question_bank.text import clean, escaped, with_breaks

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_SPECIAL = re.compile(r"[~=#{}:\\\n]")
_PREFIX = re.compile(r"\s*\[(html|plain|markdown|moodle)\]", re.IGNORECASE)
_COVERED = "\x01\x01"


def masked(text: str) -> str:
    """Return a text of the same length in which escape pairs are covered, so that what shows is structure."""
    return _ESCAPE.sub(_COVERED, text)


def unescape(text: str) -> str:
    """Return the text with its escapes resolved; a backslash before another character stays."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escape(text: str) -> str:
    """Return the text so that `unescape` gives it back and nothing in it is structure."""
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)


def split_prefix(text: str, default: str) -> tuple[str, str]:
    """Return the format named by a prefix such as [html], or the default, and the text behind it."""
    found = _PREFIX.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (default, text)


def fragment(text: str, default: str) -> str:
    """Return a still escaped GIFT text as a sanitised fragment."""
    format_name, body = split_prefix(text, default)
    raw = unescape(body.strip())
    if format_name == "html":
        return clean(raw)
    return clean(with_breaks(escaped(raw) if format_name == "plain" else raw))
