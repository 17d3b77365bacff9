"""Tags that a person typed as text, not as markup: "Apa fungsi <script>?", or an option that reads "<br>"."""

import html
import re
from collections import Counter

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>\s[^<>]*)?/?>")
_SHOWN = re.compile(r"\b(?:src|data|href)\s*=", re.IGNORECASE)
_MUST_CLOSE = frozenset(
    [
        "a",
        "b",
        "big",
        "button",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "ol",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "select",
        "small",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "sup",
        "table",
        "textarea",
        "title",
        "tt",
        "u",
        "ul",
        "var",
        "html",
        "head",
        "body",
        "div",
        "iframe",
        "object",
        "video",
        "audio",
        "canvas",
        "svg",
        "section",
        "article",
        "nav",
        "header",
        "footer",
        "main",
    ]
)
_NEVER_MARKUP = frozenset(["input", "meta", "link", "base"])  # without a page around them they say nothing


def shown(text: str) -> str:
    """Return HTML typed by hand in which tags that can only be meant as text are escaped.

    These are a tag that is the whole text, one that lacks its other half, and a picture without an address.
    """
    if "<" not in text:
        return text
    halves = Counter((found["name"].lower(), found["end"]) for found in _TAG.finditer(text))
    alone = _TAG.fullmatch(text.strip()) is not None

    def decide(found: re.Match[str]) -> str:
        meant = _is_text(found, halves) or (alone and not _SHOWN.search(found[0]))
        return html.escape(found[0], quote=False) if meant else found[0]

    return _TAG.sub(decide, text)


def _is_text(tag: re.Match[str], halves: Counter[tuple[str, str]]) -> bool:
    name = tag["name"].lower()
    if name == "img":
        return not _SHOWN.search(tag[0])
    other = "" if tag["end"] else "/"
    return name in _NEVER_MARKUP or (name in _MUST_CLOSE and not halves[name, other])
