"""Sanitised HTML as well-formed XHTML, with the pictures under the address they have in a package."""

from html import escape
from html.parser import HTMLParser

_EMPTY = {"br", "img"}


def xhtml(fragment: str, pictures: str) -> str:
    """Return a sanitised fragment as XML; `pictures` comes before the name of each picture."""
    if "<" not in fragment and "&" not in fragment:
        return escape(fragment, quote=False)
    writer = _Writer(pictures)
    writer.feed(fragment)
    writer.close()
    return "".join(writer.out)


class _Writer(HTMLParser):
    def __init__(self, pictures: str) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._pictures = pictures

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = [
            (name, self._pictures + (value or "") if (tag, name) == ("img", "src") else value or "")
            for name, value in attrs
        ]
        written = "".join(f' {name}="{escape(value)}"' for name, value in stated)
        self.out.append(f"<{tag}{written}{'/' if tag in _EMPTY else ''}>")

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(escape(data, quote=False))
