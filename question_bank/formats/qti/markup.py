"""The content model of QTI 2 and 3 as HTML: what a candidate reads before answering, nothing else."""

import html
import re
from collections.abc import Iterable

from question_bank.formats.qti.tree import Node, Quoted

_SHOWN = (
    "p div h1 h2 h3 h4 h5 h6 ul ol li table caption thead tbody tr th td pre blockquote address section "
    "article figure figcaption dl dt dd hr br b strong i em u sub sup span code"
)
_TAGS = frozenset(_SHOWN.split())
_EMPTY = frozenset({"br", "hr"})
_KEPT_ATTRIBUTES = ("colspan", "rowspan", "scope")
# Shown after answering, for other people than the candidate, or not text at all.
_NOT_READ = (
    "feedbackInline feedbackBlock templateInline templateBlock stylesheet style script infoControl "
    "catalogInfo companionMaterialsInfo include endAttemptInteraction teacherInstructions choiceRationales"
)
_UNSEEN = frozenset(_NOT_READ.split())
_MEDIA = frozenset({"audio", "video", "iframe", "svg", "embed", "mediaInteraction", "object"})
# What it's learning and others put into CDATA; a bare tag there may be what the question is about.
_QUOTED_HTML = re.compile(
    r"\s*<(p|div|table|ul|ol|h[1-6])\b[^<>]*>.*</(?:p|div|table|ul|ol|h[1-6])>\s*", re.DOTALL | re.IGNORECASE
)
PICTURE_CLASS = "item-picture"  # how our own packages mark the picture that stands beside the texts


def markup(parts: Iterable["Node | str"]) -> str:
    """Return texts and elements as one HTML string, not yet sanitised."""
    return "".join(_text(part) if isinstance(part, str) else _element(part) for part in parts)


def _text(part: str) -> str:
    return str(part) if isinstance(part, Quoted) and _QUOTED_HTML.fullmatch(part) else escaped(part)


def image(address: str, alt: str) -> str:
    """Return a picture as HTML."""
    return f'<img src="{html.escape(address)}" alt="{html.escape(alt)}">'


def escaped(text: str) -> str:
    """Return characters as HTML that shows them."""
    return html.escape(text, quote=False)


def _element(node: Node) -> str:
    name = node.name
    if name in _UNSEEN or (name == "rubricBlock" and not _for_candidates(node)):
        return ""
    if name == "img":
        return "" if PICTURE_CLASS in node.get("class").split() else image(node.get("src"), node.get("alt"))
    if name == "math":
        return _source(node)
    if name in _MEDIA:
        return _medium(node)
    if name.endswith("Interaction"):
        prompt = node.child("prompt")
        return f"<div>{markup(prompt.parts)}</div>" if prompt else ""
    return _tagged(node)


def _tagged(node: Node) -> str:
    inside = "" if node.name in _EMPTY else _quoted_html(node) or markup(node.parts)
    if node.name in _EMPTY:
        return f"<{node.name}>"
    if node.name in _TAGS:
        attributes = "".join(
            f' {key}="{html.escape(node.get(key))}"' for key in _KEPT_ATTRIBUTES if node.get(key)
        )
        return f"<{node.name}{attributes}>{inside}</{node.name}>"
    return f"<div>{inside}</div>" if node.name == "rubricBlock" else inside


def _quoted_html(node: Node) -> str:
    """Return the text of <div class="html">, in which Canvas quotes what it found in older files."""
    quoted = node.name == "div" and node.get("class") == "html" and not list(node)
    return "".join(map(str, node.parts)) if quoted else ""


def _medium(node: Node) -> str:
    address = node.get("data") or node.get("src")
    if node.name in {"object", "embed"} and node.get("type").casefold().startswith("image/"):
        return image(address, node.get("alt") or node.get("label") or " ".join(node.text.split()))
    return "<object></object>"  # the gate removes it, and the item's texts tell that something was there


def _for_candidates(rubric: Node) -> bool:
    views = rubric.get("view").split()
    return not views or "candidate" in views


def _source(node: Node) -> str:
    attributes = "".join(f' {key}="{html.escape(value)}"' for key, value in node.attributes.items())
    inside = "".join(escaped(part) if isinstance(part, str) else _source(part) for part in node.parts)
    return f"<{node.name}{attributes}>{inside}</{node.name}>"
