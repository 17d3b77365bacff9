"""The materials of QTI 1.2 as HTML: plain and HTML texts, breaks, pictures by address or as bytes."""

import re
from collections.abc import Collection, Iterator

from question_bank.formats.qti.markup import escaped, image, markup
from question_bank.formats.qti.tree import Node

_TEXTS = frozenset({"mattext", "matemtext", "mat_formattedtext"})
_MEDIA = frozenset({"mataudio", "matvideo", "matapplet", "matapplication"})
_HTML_SIGN = re.compile(
    r"</(?:p|div|span|b|i|u|em|strong|sub|sup|table|tr|td|ul|ol|li|font|center|h[1-6]|a|pre|code)\s*>"
    r"|<(?:br|hr|p|img)\b[^<>]*>|&(?:[a-z]{2,8}|#\d{1,6});",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"\s*<(p|div)\b[^<>]*>.*</(?:p|div)>\s*", re.IGNORECASE | re.DOTALL)


def html_of(nodes: Collection[Node], without: Collection[str] = ()) -> str:
    """Return all materials in these elements as HTML, each in a box of its own; `without` are left out."""
    materials = [found for node in nodes for found in _materials(node, without)]
    boxes = [box for box in (_material(material) for material in materials) if box]
    return boxes[0] if len(boxes) == 1 else "".join(f"<div>{box}</div>" for box in boxes)


def _materials(top: Node, without: Collection[str]) -> Iterator[Node]:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if node.name in {"material", "material_ref"}:
            yield node
        elif node.name not in without:
            waiting.extend(reversed(list(node)))


def _material(material: Node) -> str:
    return "".join(_part(node) for node in material.walk()) or _loose(material)


def _loose(material: Node) -> str:
    """Some writers put the text into the material itself."""
    return "" if list(material) else _text(material)


def _part(node: Node) -> str:
    if node.name in _TEXTS:
        return _text(node)
    if node.name == "matbreak":
        return "<br>"
    if node.name == "matimage":
        return _image(node)
    return "<object></object>" if node.name in _MEDIA else ""


def _text(node: Node) -> str:
    if list(node):  # markup that is not escaped, as XHTML inside the material
        return markup(node.parts)
    text = "".join(part for part in node.parts if isinstance(part, str))
    kind = (node.get("texttype") or node.get("type")).casefold()
    if kind in {"text/plain", "plain", "plain_text"}:
        is_html = _WRAPPED.fullmatch(text) is not None
    elif kind:
        is_html = "html" in kind or _HTML_SIGN.search(text) is not None
    else:
        is_html = _HTML_SIGN.search(text) is not None
    return text if is_html else escaped(text)


def _image(node: Node) -> str:
    alt = node.get("label") or node.get("alt")
    address = node.get("uri") or node.get("entityref")
    if address:
        return image(address, alt)
    packed = node.text
    return image(f"data:{node.get('imagtype')[:40]};base64,{packed}", alt) if packed else ""
