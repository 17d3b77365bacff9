"""Items to Moodle XML, pictures inside as files."""

import base64
import html
import re
from collections.abc import Iterable, Iterator, Mapping

from question_bank.formats.labels import tag_of
from question_bank.formats.loaded import NO_PICTURES
from question_bank.formats.moodle_texts import BESIDE
from question_bank.formulas import shielded
from question_bank.items import Item, images, plain
from question_bank.problems import excerpt

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
_SOURCE = re.compile(r'<img src="([^"]*)"')
_LEADING_ANGLE = re.compile(r"^\s*&lt;")
_NAME_LENGTH = 60


def dump(items: Iterable[Item], pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """Return the items as Moodle XML in UTF-8; `load` reads all of it back, pictures under other names."""
    topic, parts = "", [_HEAD]
    for item in items:
        if item.topic != topic:
            topic = item.topic
            parts.append(_category(topic))
        parts += _question(item, pictures)
    return "".join([*parts, "</quiz>\n"]).encode()


def _category(topic: str) -> str:
    name = topic.replace("/", "//")
    path = "$course$/top" + (f"/ {name}" if name.startswith("/") else f"/{name}" if name else "")
    return f'<question type="category">\n  <category><text>{_quoted(path)}</text></category>\n</question>\n'


def _question(item: Item, pictures: Mapping[str, bytes]) -> Iterator[str]:
    yield '<question type="multichoice">\n'
    name = item.code or excerpt(plain(item.stem), _NAME_LENGTH) or "soal"
    yield f"  <name><text>{_quoted(name)}</text></name>\n"
    yield _text("questiontext", _with_beside(item), pictures)
    yield _text("generalfeedback", item.explanation, pictures)
    yield "  <defaultgrade>1</defaultgrade>\n  <penalty>0</penalty>\n  <hidden>0</hidden>\n"
    yield f"  <idnumber>{_quoted(item.code)}</idnumber>\n  <single>true</single>\n"
    yield f"  <shuffleanswers>{str(item.shuffle).lower()}</shuffleanswers>\n"
    yield "  <answernumbering>ABCD</answernumbering>\n"
    for index, option in enumerate(item.options):
        fraction = 100 if index == item.key else 0
        yield _text("answer", option, pictures, f' fraction="{fraction}"')
    if item.difficulty:
        yield f"  <tags><tag><text>{tag_of(item.difficulty)}</text></tag></tags>\n"
    yield "</question>\n"


def _with_beside(item: Item) -> str:
    if not item.picture:
        return item.stem
    source, alt = html.escape(item.picture), html.escape(item.picture_alt)
    return f'{item.stem}<p class="{BESIDE}"><img src="{source}" alt="{alt}"></p>'


def _text(element: str, fragment: str, pictures: Mapping[str, bytes], attributes: str = "") -> str:
    names = dict.fromkeys(html.unescape(name) for name in images(fragment))
    files = "".join(_file(name, pictures[name]) for name in names if name in pictures)
    shown = _SOURCE.sub(
        lambda found: f'<img src="@@PLUGINFILE@@/{_in_address(found[1])}"', shielded(fragment)
    )
    # "&lt;p&gt;" at the beginning would be taken for markup that was quoted twice.
    shown = _LEADING_ANGLE.sub("&#60;", shown)
    return f'  <{element}{attributes} format="html"><text>{_cdata(shown)}</text>{files}</{element}>\n'


def _in_address(name: str) -> str:
    for sign, code in (("%", "%25"), (" ", "%20"), ("?", "%3F"), ("#", "%23")):
        name = name.replace(sign, code)
    return name


def _file(name: str, data: bytes) -> str:
    content = base64.b64encode(data).decode("ascii")
    return f'<file name="{html.escape(name)}" path="/" encoding="base64">{content}</file>'


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>" if text else ""


def _quoted(text: str) -> str:
    return html.escape(text, quote=False)
