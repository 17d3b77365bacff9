"""QTI files for tests: those in the folder beside this module, and small ones made to measure."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "qti_files"
PNG = (FOLDER / "test_package_22/items/q2/gambar satu.png").read_bytes()


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def stored(name: str) -> bytes:
    """A file of the folder, or a folder of it as a package."""
    place = FOLDER / name
    if place.is_file():
        return place.read_bytes()
    files = sorted(path for path in place.rglob("*") if path.is_file())
    return zipped({path.relative_to(place).as_posix(): path.read_bytes() for path in files})


def choice_item(
    stem: str = "Satu?", key: str = "A", options: str = "", head: str = "", tail: str = ""
) -> str:
    """An assessmentItem of QTI 2.1 with one choice."""
    options = options or (
        '<simpleChoice identifier="A">x</simpleChoice><simpleChoice identifier="B">y</simpleChoice>'
    )
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="satu" title="Satu">'
        '<responseDeclaration identifier="R" cardinality="single" baseType="identifier">'
        f"<correctResponse><value>{key}</value></correctResponse>{head}</responseDeclaration>"
        f'<itemBody><p>{stem}</p><choiceInteraction responseIdentifier="R" maxChoices="1">{options}'
        f"</choiceInteraction></itemBody>{tail}</assessmentItem>"
    )


def old_item(number: int = 1, stem: str = "Satu?", conditions: str = "", cardinality: str = "Single") -> str:
    """An item of QTI 1.2 with the options a, b and c."""
    conditions = conditions or condition("<varequal respident='r'>b</varequal>", "100")
    labels = "".join(
        f"<response_label ident='{name}'><material><mattext>{name * 2}</mattext></material></response_label>"
        for name in "abc"
    )
    return (
        f"<item ident='i{number}'><presentation><material><mattext texttype='text/html'>{stem}</mattext>"
        "</material>"
        f"<response_lid ident='r' rcardinality='{cardinality}'><render_choice>{labels}</render_choice>"
        f"</response_lid></presentation><resprocessing><outcomes><decvar varname='SCORE' maxvalue='100'/>"
        f"</outcomes>{conditions}</resprocessing></item>"
    )


def condition(variables: str, points: str, action: str = "Set", go_on: str = "No") -> str:
    """A response condition that changes SCORE."""
    return (
        f"<respcondition continue='{go_on}'><conditionvar>{variables}</conditionvar>"
        f"<setvar varname='SCORE' action='{action}'>{points}</setvar></respcondition>"
    )


def old_file(*items: str) -> bytes:
    """A QTI 1.2 document."""
    return f"<questestinterop>{''.join(items)}</questestinterop>".encode()
