"""The texts of a Moodle question: their formats, their files, and the quoting that other programs overdo."""

import html
import re

from question_bank.formats.moodle_tree import Node
from question_bank.formats.texts import Keep, Texts
from question_bank.pictures import from_base64, unquoted
from question_bank.problems import Problem
from question_bank.text import escaped, line

BESIDE = "item-picture"  # the class of the paragraph in which the writer puts a picture beside the texts

_PLUGIN_FILE = re.compile(r".*@@PLUGINFILE@@/?", re.DOTALL)
_QUERY = re.compile(r"[?#].*", re.DOTALL)
_QUOTED_TWICE = re.compile(r"\s*&lt;(p|div|span|h[1-6]|table)\b.*&lt;/\1&gt;\s*", re.DOTALL | re.IGNORECASE)
_QUOTED_CDATA = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)
_NO_LINK = re.compile(r"</?nolink>", re.IGNORECASE)  # Moodle's own: it shows nothing
_BESIDE = re.compile(rf'<p class="{BESIDE}"><img src="([^"]*)" alt="([^"]*)"></p>\s*$')


class MoodleTexts:
    """The texts of one question as fragments; `problems` holds what got lost."""

    def __init__(self, question: Node, where: str, keep: Keep) -> None:
        self._question = question
        self._where = where
        self._keep = keep
        self._quoted_twice = False
        self._markdown = False
        self._all_files = _files_below(question)
        self._files: dict[str, str] = {}
        self._texts = Texts(where, keep, self._find)

    @property
    def problems(self) -> list[Problem]:
        """What got lost or needs a look."""
        markdown = [Problem(self._where, "markdown_kept")] if self._markdown else []
        return self._texts.problems + markdown

    def stem(self) -> tuple[str, str, str]:
        """Return the question text, and name and description of the picture beside it ("" for none)."""
        node = self._question.child("questiontext")
        raw = _raw(node) if node else ""
        self._quoted_twice = _QUOTED_TWICE.fullmatch(raw) is not None
        beside = _BESIDE.search(raw)
        if beside is None:
            return self._fragment(node, raw + self._old_image()), "", ""
        fragment = self._fragment(node, raw[: beside.start()])
        placed = self._texts.picture(html.unescape(beside[1]))
        return fragment, placed, line(html.unescape(beside[2])) if placed else ""

    def of(self, node: Node | None) -> str:
        """Return the text of an element such as <answer>, "" for none."""
        return self._fragment(node, _raw(node)) if node else ""

    def _fragment(self, node: Node | None, raw: str) -> str:
        self._files = _files_of(node) if node else {}
        if self._quoted_twice:
            raw = html.unescape(raw)
        raw = _NO_LINK.sub("", raw)
        text_format = node.get("format").lower() if node else ""
        if text_format == "html":
            return self._texts.html(raw)
        if text_format in {"plain_text", "plain"}:
            return self._texts.plain(raw)
        self._markdown = self._markdown or text_format == "markdown"
        return self._texts.with_line_ends(raw)

    def _old_image(self) -> str:
        """Moodle 1.9 names the picture of a question beside its text."""
        name = self._question.value("image")
        data = self._question.value("image_base64")
        if not name or not data:
            return ""
        self._all_files[name.rpartition("/")[2]] = data
        return f'<p><img src="{escaped(name)}"></p>'

    def _find(self, address: str) -> bytes | None:
        name = unquoted(
            _QUERY.sub("", _PLUGIN_FILE.sub("", unquoted(address) if "%40" in address else address))
        )
        name = name.lstrip("/")
        for files in (self._files, self._all_files):
            for known in (name, name.rpartition("/")[2]):
                if known in files:
                    return from_base64(files[known])
        return None


def _raw(node: Node) -> str:
    inside = node.child("text")
    raw = (inside or node).text if inside or not any(isinstance(part, Node) for part in node.parts) else ""
    quoted = _QUOTED_CDATA.fullmatch(raw)
    return quoted[1] if quoted else raw


def _files_of(node: Node) -> dict[str, str]:
    """Return the base64 text of the files beside a text, by path and name."""
    found = {}
    for file in node.children("file"):
        if file.get("encoding").lower() in {"", "base64"}:
            path = file.get("path").strip("/")
            found[f"{path}/{file.get('name')}" if path else file.get("name")] = file.text
    return found


def _files_below(question: Node) -> dict[str, str]:
    parts = [part for part in question.parts if not isinstance(part, str)]
    inside = [child for part in parts for child in part.parts if not isinstance(child, str)]
    found: dict[str, str] = {}
    for node in (*parts, *inside):
        found.update(_files_of(node))
    return found
