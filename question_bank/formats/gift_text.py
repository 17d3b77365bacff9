"""The lexical side of GIFT: escapes, texts with their format prefix, and what is never structure."""

import re

from question_bank.formats.texts import Texts

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_SPECIAL = re.compile(r"[~=#{}:\\\n]")
_PREFIX = re.compile(r"\s*\[(html|plain|plaintext|markdown|moodle|moodle_auto_format)\]", re.IGNORECASE)
_COVERED = "\x01\x01"

# People forget to escape inside these, where nobody can mean structure: tags with quoted attributes,
# characters by number, formulas on one line that hold no answer.
_CLOSED = re.compile(
    r"""
      <[a-z][a-z0-9]*(?:\s+[\w:-]+\s*=\s*(?:"[^"\n]*"|'[^'\n]*'))+\s*/?>
    | </?[a-z][a-z0-9]*\s+/?>
    | &\#x?[0-9a-f]{1,6};
    | \\\((?:[^\\\n~]|\\[^()\n])*+\\\)
    | \$\$(?:[^$\n~])++\$\$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAY_BE_CLOSED = re.compile(r"<[a-zA-Z][a-zA-Z0-9]*\s|&#|\\\(|\$\$")
_ANSWERS_INSIDE = re.compile(r"\{\s*[=~]")


def masked(text: str) -> str:
    """Return a text of the same length in which only structure shows, escape pairs and the like covered."""
    if "\\" in text:
        text = _ESCAPE.sub(_COVERED, text)
    return _CLOSED.sub(_cover, text) if _MAY_BE_CLOSED.search(text) else text


def _cover(found: re.Match[str]) -> str:
    return found[0] if _ANSWERS_INSIDE.search(found[0]) else "\x01" * len(found[0])


def unescape(text: str) -> str:
    """Return the text with its escapes resolved; a backslash before another character stays."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escape(text: str) -> str:
    """Return the text so that `unescape` gives it back and nothing in it is structure."""
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)


def split_prefix(text: str, default: str) -> tuple[str, str]:
    """Return the format named by a prefix such as [html], or the default, and the text behind it."""
    found = _PREFIX.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (default, text)


def fragment(text: str, default: str, texts: Texts) -> str:
    """Return a still escaped GIFT text as a sanitised fragment."""
    format_name, body = split_prefix(text, default)
    raw = unescape(body.strip())
    if format_name == "html":
        return texts.html(raw)
    return texts.plain(raw) if format_name.startswith("plain") else texts.with_line_ends(raw)
