"""The bytes of a Moodle XML file as text, whatever encoding they state or have."""

import codecs
import re

from question_bank.formats.loaded import FILE, Unreadable
from question_bank.problems import Problem

MAX_BYTES = 50 * 1024 * 1024  # pictures stand inside, a third larger than they are

_STATED = re.compile(rb"""\s*<\?xml[^>]{0,80}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,20})["']""")
_KNOWN = re.compile(
    r"utf-?8|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d{1,2}|(?:windows-?|cp)125\d|cp(?:437|850|852)|koi8-[ru]|"
    r"gb2312|gbk|gb18030|big5|shift_jis|euc-(?:jp|kr)",
    re.IGNORECASE,
)
_ROOT = re.compile(
    r"(?>\s+|<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*)?>)*+<([A-Za-z][\w:.-]*)(?=[\s>/])",
    re.DOTALL | re.IGNORECASE,
)
_DECLARED = re.compile(r"\s*(?:<\?[^>]*\?>\s*)?<!DOCTYPE\s+quiz\b", re.IGNORECASE)
_EMPTY_DOCTYPE = re.compile(
    r"""(?P<before>\s*(?:<\?[^>]*\?>\s*)?)<!DOCTYPE\s+\w+(?:\s+(?:SYSTEM|PUBLIC)(?:\s*(?:"[^"<>]*"|'[^'<>]*')){1,2})?\s*>"""
)
_TYPED = re.compile(r"<question\s[^<>]*\btype\s*=")  # what no other format has, whatever its root is called
_PAGES = frozenset({"html", "svg", "rss"})
_HEAD = 64 * 1024


def is_moodle(data: bytes) -> bool:
    """Tell whether the root element is <quiz>, or holds questions as <quiz> does; never raises."""
    text, _ = _text(data[:_HEAD])
    root = _ROOT.match(text)
    name = root[1].lower() if root else ""
    if name == "quiz" or _DECLARED.match(text):
        return True
    return name not in _PAGES | {""} and _TYPED.search(text) is not None and "<questiontext" in text


def source(data: bytes) -> tuple[str, list[Problem]]:
    """Return the text with \\n line ends and the warnings; raises Unreadable (empty, too large, no text)."""
    if len(data) > MAX_BYTES:
        raise Unreadable(Problem(FILE, "file_too_large", {"limit": MAX_BYTES // 1024 // 1024}))
    text, guessed = _text(data)
    if "\x00" in text:
        raise Unreadable(Problem(FILE, "file_not_text"))
    text = _without_doctype(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise Unreadable(Problem(FILE, "file_empty"))
    # Lines are counted from the beginning of the file, although XML must not begin with blanks.
    lead = len(text) - len(text.lstrip())
    padded = text.lstrip() if "\n" not in text[:lead] else _after_declaration(text)
    warnings = [Problem(FILE, "encoding_guessed", {"encoding": "Windows-1252"})] if guessed else []
    return _below_root(padded), warnings


def _without_doctype(text: str) -> str:
    """Return the text without a DOCTYPE that only names a file, which nobody reads, and defines nothing."""
    found = _EMPTY_DOCTYPE.match(text)
    if found is None:
        return text
    lines = text.count("\n", found.end("before"), found.end())
    return found["before"] + "\n" * lines + text[found.end() :]


def _after_declaration(text: str) -> str:
    return re.sub(r"^(\s*)<\?xml[^>]*\?>", r"\1", text, count=1)


def _below_root(text: str) -> str:
    """Return the text with the root element that a part of a file, pasted by hand, lacks."""
    first = _ROOT.match(text)
    if first is None or first[1].lower() != "question":
        return text
    at = first.start(1) - 1
    return f"{text[:at]}<quiz>{text[at:]}</quiz>"


def _text(data: bytes) -> tuple[str, bool]:
    """Return the text, and whether its encoding was guessed."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), False
    if data[:4] in (b"<\x00?\x00", b"\x00<\x00?"):
        return data.decode("utf-16-le" if data[:1] == b"<" else "utf-16-be", "replace"), False
    stated = _STATED.match(data[:200].removeprefix(codecs.BOM_UTF8))
    name = stated[1].decode("ascii") if stated else "utf-8"
    for encoding in dict.fromkeys([name if _KNOWN.fullmatch(name) else "utf-8", "utf-8"]):
        try:
            return data.removeprefix(codecs.BOM_UTF8).decode(encoding), False
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace"), True
