"""What hands write for XML, made XML: bare signs, HTML's names and lone tags, values without quotes."""

import re
from collections.abc import Iterator
from html.entities import html5

VOID = frozenset({"br", "hr", "img"})  # HTML's elements that have no end

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BARE_AMPERSAND = re.compile(r"&(?!\#[0-9]{1,7};|\#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_BARE_ANGLE = re.compile(r"<(?![A-Za-z/!?])")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|&\#(?:[0-8]|1[124-9]|2[0-9]|3[01]);"
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_VOID = re.compile(rf"<({'|'.join(sorted(VOID))})\b([^<>]*)>", re.IGNORECASE)
_VOID_END = re.compile(rf"</(?:{'|'.join(sorted(VOID))})\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_VALUE = re.compile(r"""("[^"]*"|'[^']*')|(\s[A-Za-z][\w:-]*\s*=\s*)([^\s"'<>]+?)(?=[\s>]|/>)""")


def mended(text: str) -> str:
    """Return the text with these faults mended outside CDATA; XML without them stays as it is."""
    return "".join(_parts(_CONTROL.sub("", text)))


def _parts(text: str) -> Iterator[str]:
    at = 0
    while (start := text.find(_CDATA, at)) >= 0:
        yield _tags(_references(text[at:start]))
        end = text.find(_CDATA_END, start)
        at = len(text) if end < 0 else end + len(_CDATA_END)
        yield text[start:at]
    yield _tags(_references(text[at:]))


def _references(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", _NAMED.sub(_numbered, text))


def _numbered(found: re.Match[str]) -> str:
    if found[1] in _OF_XML:
        return found[0]
    characters = html5.get(found[1] + ";")
    return "".join(f"&#{ord(one)};" for one in characters) if characters else f"&amp;{found[0][1:]}"


def _tags(text: str) -> str:
    closed = _VOID.sub(_closed, _VOID_END.sub("", _BARE_ANGLE.sub("&lt;", text)))
    return _TAG.sub(lambda tag: _VALUE.sub(_quoted, tag[0]), closed)


def _closed(tag: re.Match[str]) -> str:
    return f"<{tag[1]}{tag[2].rstrip().removesuffix('/')}/>"


def _quoted(found: re.Match[str]) -> str:
    return found[1] or f'{found[2]}"{found[3]}"'
