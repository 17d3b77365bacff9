"""The one gate for text from outside: what comes out may be put into a page as it is."""

import html
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet

import nh3

_ALLOWED = "p br b strong i em u sub sup table thead tbody tr th td caption ul ol li span code pre blockquote"
# Names that are never text. They go to nh3 in any shape, also malformed, which removes them.
_ACTIVE = (
    "script style iframe img image svg math object embed applet form input textarea button select option "
    "link meta base video audio source track template noscript noembed noframes title xmp plaintext "
    "frame frameset marquee details dialog body html head bgsound isindex"
)
_BOXES = (
    "div h1 h2 h3 h4 h5 h6 section article aside header footer main nav center address figure figcaption "
    "fieldset dl dt dd hr"
)
_OTHERS = (
    "a abbr acronym big cite col colgroup del dfn font ins kbd label legend mark q s samp small strike "
    "tfoot tt var wbr"
)


def _any_of(names: str) -> str:
    return "|".join(sorted(names.split(), key=len, reverse=True))


# A "<" opens markup only before an active name, or as a well-formed tag of a known name. "a<b" is text:
# an HTML parser alone would swallow the rest of the sentence.
_ANGLE = re.compile(
    rf"""<(?:
      (?P<comment>!--)
    | (?P<active>/?(?:{_any_of(_ACTIVE)})(?=[\s/>"'<]|$))
    | (?P<tag>/?(?:(?P<box>{_any_of(_BOXES)})|{_any_of(_ALLOWED)}|{_any_of(_OTHERS)})
        (?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>)
    )?""",
    re.VERBOSE | re.IGNORECASE,
)
_SIMPLE = re.compile(r"[^<>&\x00-\x1f\x7f-\xa0\ud800-\udfff\ufeff\ufffe\uffff]*")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BREAK = re.compile(r"(?<![ \t])[ \t]*\n[ \t\n]*")  # a run of blanks is looked at once, not from each of them
_BLOCK = re.compile(r"<(?:p|br|div|table|tr|td|ul|ol|li|pre|blockquote|h[1-6])\b", re.IGNORECASE)
_MEDIA = re.compile(r"<(?:img|image|svg|math|video|audio|iframe|object|embed)\b", re.IGNORECASE)
_IMG = re.compile(r"<img\b", re.IGNORECASE)
_CLEAN_IMG = re.compile(r"<img(?: [^<>]*)?>")  # as the cleaner writes it: no angle inside an attribute
_SRC, _ALT = re.compile(r' src="([^"]+)"'), re.compile(r' alt="([^"]*)"')
_ALT_LENGTH = 1_000
_PICTURE_SCHEMES = {"http", "https", "data", "file", "ftp", "cid", "blob"}  # `place` judges them
_SPAN = re.compile(r"[1-9][0-9]?")
_EDGE = "\x01"  # stands for the edge of a box; controls were removed before, so nobody else wrote it
_EDGES = re.compile(rf"(?<!\s)\s*{_EDGE}[\s{_EDGE}]*")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "scope":
        return value if value in {"row", "col", "rowgroup", "colgroup"} else None
    return value if _SPAN.fullmatch(value) else None


_CELLS = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
_CLEANER = nh3.Cleaner(
    tags=set(_ALLOWED.split()),
    attributes=_CELLS,
    attribute_filter=_attribute,
    clean_content_tags={"script", "style"},
    link_rel=None,
)
Place = Callable[[str], str | None]
"""From the address of a picture, as the file has it, to its name; None when it is not to be had."""


def clean(fragment: str, pictures: AbstractSet[str] = frozenset()) -> str:
    """Return the fragment with harmless markup only, and of its pictures those whose `src` is in `pictures`.

    What is not markup stays as visible text. Cleaning twice changes nothing. Lone surrogates become U+FFFD,
    control characters disappear. A picture reads `<img src="NAME" alt="...">`.
    """
    return clean_and_place(fragment, lambda name: name if name in pictures else None)


def clean_and_place(fragment: str, place: Place) -> str:
    """Return the fragment as `clean` does, each picture under the name that `place` gives its address."""
    if _SIMPLE.fullmatch(fragment):
        return fragment.strip()
    text = _safe_characters(fragment)
    placed: set[str] = set()
    cleaner = _CLEANER if _IMG.search(text) is None else _cleaner_with(_remembering(place, placed))
    for _ in range(4):
        before, text = text, _cleaned_once(text, cleaner)
        if text == before:
            break
        if placed:
            cleaner = _cleaner_with(lambda name: name if name in placed else None)
    return text


def line(text: str) -> str:
    """Return plain text on one line: no control characters, blanks collapsed (not HTML, not escaped)."""
    return " ".join(_safe_characters(text).split())


def with_breaks(text: str) -> str:
    """Return the text with its line ends as <br>, unless it already arranges itself with block markup."""
    if "\n" not in text or _BLOCK.search(text):
        return text
    return "<br>".join(part.strip() for part in text.strip().split("\n"))


def escaped(text: str) -> str:
    """Return plain text as a fragment that shows exactly this text."""
    return html.escape(text, quote=False)


def drops_media(fragment: str) -> bool:
    """Tell whether the fragment holds a picture, formula or medium that `clean` removes."""
    return "<" in fragment and _MEDIA.search(fragment) is not None


def _safe_characters(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _LONE_SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))


def _remembering(place: Place, placed: set[str]) -> Place:
    def remember(address: str) -> str | None:
        name = place(address)
        if name:
            placed.add(name)
        return name or None

    return remember


def _cleaner_with(place: Place) -> nh3.Cleaner:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag != "img":
            return _attribute(tag, name, value)
        return place(value) if name == "src" else line(value)[:_ALT_LENGTH].rstrip()

    return nh3.Cleaner(
        tags={*_ALLOWED.split(), "img"},
        attributes={**_CELLS, "img": {"src", "alt"}},
        attribute_filter=attribute,
        clean_content_tags={"script", "style"},
        url_schemes=_PICTURE_SCHEMES,
        link_rel=None,
    )


def _one_way_to_write(image: re.Match[str]) -> str:
    source, alt = _SRC.search(image[0]), _ALT.search(image[0])
    return f'<img src="{source[1]}" alt="{alt[1] if alt else ""}">' if source else ""


def _cleaned_once(text: str, cleaner: nh3.Cleaner) -> str:
    text = cleaner.clean(_edges_to_breaks(_text_angles_escaped(text)))
    if cleaner is not _CLEANER:
        text = _CLEAN_IMG.sub(_one_way_to_write, text)
    if "<pre>" not in text:  # elsewhere a line end shows as a blank
        text = _BREAK.sub(" ", text)
    return text.strip()


def _text_angles_escaped(text: str) -> str:
    last_comment_end = text.rfind("-->")

    def decide(found: re.Match[str]) -> str:
        if found["box"]:
            return _EDGE
        if found["comment"]:
            return found[0] if found.start() < last_comment_end else "&lt;" + found[0][1:]
        return found[0] if found["active"] or found["tag"] else "&lt;"

    return _ANGLE.sub(decide, text)


def _edges_to_breaks(text: str) -> str:
    if _EDGE not in text:
        return text
    return _EDGES.sub("<br>", text.strip(_EDGE + " \n\t"))
