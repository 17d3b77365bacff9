"""Items as a QTI 3.0 content package: one file an item, a manifest, pictures; the same bytes every time."""

import zipfile
from collections.abc import Iterable, Mapping
from html import escape
from io import BytesIO

from question_bank.formats.loaded import NO_PICTURES
from question_bank.formats.qti.markup import PICTURE_CLASS
from question_bank.formats.qti.reader import OWN_TOOL
from question_bank.formats.qti.xhtml import xhtml
from question_bank.items import Difficulty, Item, pictures_of
from question_bank.validate import LETTERS

_EPOCH = (1980, 1, 1, 0, 0, 0)
_ITEM_SPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_PACKAGE_SPACE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_LOM_SPACE = "http://ltsc.ieee.org/xsd/LOM"
_MATCH_CORRECT = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PICTURES = "../pictures/"
_DIFFICULTIES: dict[Difficulty, str] = {"easy": "easy", "medium": "medium", "hard": "difficult"}


def dump(items: Iterable[Item], pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """Return the items as a package with those `pictures` (name to bytes) that they use."""
    kept, held = list(items), pictures
    used = sorted({name for item in kept for name in pictures_of(item) if name in held})
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        _put(package, "imsmanifest.xml", _manifest(kept, held).encode())
        for number, item in enumerate(kept, start=1):
            _put(package, _path(number), _item(number, item).encode())
        for name in used:
            _put(package, f"pictures/{name}", held[name])
    return out.getvalue()


def _put(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.create_system = 3
    member.external_attr = 0o100644 << 16
    package.writestr(member, data, zipfile.ZIP_DEFLATED, 6)


def _name(number: int) -> str:
    return f"item-{number:05}"


def _path(number: int) -> str:
    return f"items/{_name(number)}.xml"


def _item(number: int, item: Item) -> str:
    choices = "".join(
        f'<qti-simple-choice identifier="{letter}">{xhtml(option, _PICTURES)}</qti-simple-choice>\n'
        for letter, option in zip(LETTERS, item.options, strict=False)
    )
    return (
        f'{_HEADER}<qti-assessment-item xmlns="{_ITEM_SPACE}" identifier="{_name(number)}" '
        f'title="{escape(item.code or _name(number))}" label="{escape(item.code)}" tool-name="{OWN_TOOL}" '
        f'adaptive="false" time-dependent="false">\n'
        f"{_declarations(item)}<qti-item-body>\n<div>{xhtml(item.stem, _PICTURES)}</div>\n{_picture(item)}"
        f'<qti-choice-interaction response-identifier="RESPONSE" max-choices="1" '
        f'shuffle="{"true" if item.shuffle else "false"}">\n{choices}</qti-choice-interaction>\n'
        f'</qti-item-body>\n<qti-response-processing template="{_MATCH_CORRECT}"/>\n'
        f"{_explanation(item)}</qti-assessment-item>\n"
    )


def _declarations(item: Item) -> str:
    feedback = (
        '<qti-outcome-declaration identifier="FEEDBACK" cardinality="single" base-type="identifier">'
        "<qti-default-value><qti-value>explanation</qti-value></qti-default-value>"
        "</qti-outcome-declaration>\n"
    )
    return (
        '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
        f"<qti-correct-response><qti-value>{LETTERS[item.key]}</qti-value></qti-correct-response>"
        "</qti-response-declaration>\n"
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>\n'
        f"{feedback if item.explanation else ''}"
    )


def _picture(item: Item) -> str:
    if not item.picture:
        return ""
    address = escape(_PICTURES + item.picture.replace(" ", "%20"))
    return f'<div><img class="{PICTURE_CLASS}" src="{address}" alt="{escape(item.picture_alt)}"/></div>\n'


def _explanation(item: Item) -> str:
    if not item.explanation:
        return ""
    return (
        '<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="explanation" show-hide="show">'
        f"<qti-content-body><div>{xhtml(item.explanation, _PICTURES)}</div></qti-content-body>"
        "</qti-modal-feedback>\n"
    )


def _manifest(items: Iterable[Item], held: Mapping[str, bytes]) -> str:
    resources = "".join(_resource(number, item, held) for number, item in enumerate(items, start=1))
    return (
        f'{_HEADER}<manifest xmlns="{_PACKAGE_SPACE}" identifier="bank">\n'
        "<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata>\n"
        f"<organizations/>\n<resources>\n{resources}</resources>\n</manifest>\n"
    )


def _resource(number: int, item: Item, held: Mapping[str, bytes]) -> str:
    names = [name for name in dict.fromkeys(pictures_of(item)) if name in held]
    files = [_path(number), *(f"pictures/{name.replace(' ', '%20')}" for name in names)]
    listed = "".join(f'<file href="{escape(path)}"/>' for path in files)
    return (
        f'<resource identifier="{_name(number)}" type="imsqti_item_xmlv3p0" href="{_path(number)}">'
        f"{_about(item)}{listed}</resource>\n"
    )


def _about(item: Item) -> str:
    difficulty = topic = ""
    if item.difficulty:
        word = _DIFFICULTIES[item.difficulty]
        level = f"<difficulty><source>LOMv1.0</source><value>{word}</value></difficulty>"
        difficulty = f"<educational>{level}</educational>"
    if item.topic:
        entry = f"<entry><string>{escape(item.topic)}</string></entry>"
        topic = f"<classification><taxonPath><taxon>{entry}</taxon></taxonPath></classification>"
    lom = f'<lom xmlns="{_LOM_SPACE}">{difficulty}{topic}</lom>' if difficulty or topic else ""
    return f"<metadata>{lom}</metadata>" if lom else ""
