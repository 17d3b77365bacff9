"""Whether bytes are a QTI document, by its element names and before anything is parsed."""

import re

_QTI = re.compile(
    rb"<(?:[\w.-]{1,40}:)?(questestinterop|(?:qti-)?assessment-?(?:item|test|section|stimulus))[\s/>]",
    re.IGNORECASE,
)
# Items without the root element that QTI 1.2 asks for.
_PRESENTATION = re.compile(rb"<presentation[\s>]")
_INSIDE = re.compile(rb"<(?:response_|material)")
_BARE_ROOTS = (b"item", b"assessment", b"section", b"objectbank")
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,60})")
_HEAD = 64 * 1024
_OTHERS = (b"quiz", b"html", b"svg", b"rss", b"manifest")  # Moodle's root, and pages that show QTI as text


def is_qti(data: bytes) -> bool:
    """Tell whether the bytes are XML that holds QTI items, tests, or parts of them."""
    plain = _narrow(data)
    root = root_name(plain)
    if not root or root.lower() in _OTHERS:
        return False
    return _QTI.search(plain) is not None or (root in _BARE_ROOTS and _presents(plain))


def _presents(data: bytes) -> bool:
    presentation = _PRESENTATION.search(data)
    return presentation is not None and _INSIDE.search(data, presentation.end()) is not None


def is_structure(data: bytes) -> bool:
    """Tell whether a QTI document is a test or section that refers to items in other files."""
    root = re.sub(rb"qti|-", b"", root_name(_narrow(data))).lower()
    return root in (b"assessmenttest", b"assessmentsection")


def root_name(data: bytes) -> bytes:
    """Return the local name of the first element, b"" when these bytes do not begin as XML."""
    rest = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    while rest.startswith((b"<?", b"<!")):
        closing = b"-->" if rest.startswith(b"<!--") else b"?>" if rest.startswith(b"<?") else b">"
        if rest.startswith(b"<!DOCTYPE") and b"[" in rest.partition(b">")[0]:
            closing = b"]>" if b"]>" in rest else b">"
        rest = rest.partition(closing)[2].lstrip()
    found = _ROOT.match(rest)
    return found[1] if found else b""


def _narrow(data: bytes) -> bytes:
    """Return UTF-16 as the ASCII within it, which is enough to see element names."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data[2:].replace(b"\x00", b"")
    return data
