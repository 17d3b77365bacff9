"""Several options in one cell: "A. satu B. dua", one per line, or between separators."""

import json
import re

from question_bank.formats.own_letters import without_letters
from question_bank.validate import LETTERS

_TEXT_NAMES = ("text", "teks", "option", "answer", "label", "content", "value", "isi", "jawaban")
_LETTERED = re.compile(r"(?:(?<=\n)|(?<=<br>)|(?<=<br/>)|(?<=\s)|^)[ \t]*(\*?)\(?([A-Ja-j])[.)][ \t]*(?=\S)")
_LIST = re.compile(r"\s*\[.*\]\s*", re.DOTALL)
_OBJECT = re.compile(r"\s*\{\s*[\"']")
_QUOTED = re.compile(r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*,?\s*""", re.DOTALL)
_SLASHED = re.compile(r"\\(.)", re.DOTALL)
_BREAKS = re.compile(r"\n|<br ?/?>", re.IGNORECASE)
_LONE_BAR = re.compile(r"(?<!\|)\|(?!\|)")
_SEPARATORS = (_BREAKS, re.compile(r"\|"), re.compile(r";"))
MAX_LISTED = 12
_LONGEST = 60_000  # characters; a question with all its options stays far below
_MOST_MARKS = 300  # looked at from the end, so that a text of nothing but marks takes no longer


def lettered(text: str) -> tuple[str, list[str]]:
    """Return what stands before the options and the options, [] when no run A, B ... is there.

    The last run that begins with A wins, so that "a." inside the text before it does no harm. A mark before a
    letter stays with its option as a leading asterisk.
    """
    if len(text) > _LONGEST:
        return text, []
    found = list(_LETTERED.finditer(text))[-_MOST_MARKS:]
    for start in reversed(range(len(found))):
        if found[start][2] in "Aa":
            run = _run(found, start)
            if len(run) > 1:
                ends = [*(mark.start() for mark in run[1:]), len(text)]
                options = [mark[1] + _trimmed(text[mark.end() : end])
                           for mark, end in zip(run, ends, strict=True)]  # fmt: skip
                return text[: run[0].start()].rstrip(), options
    return text, []


def listed(text: str, fewest: int = 2) -> list[str]:
    """Return the options that a cell lists, at least `fewest`; [] when it lists none.

    A gap between separators stays in its place, so that keys still name what they named.
    """
    options = lettered(text)[1] or _from_program(text)
    text = text if _LONE_BAR.search(text) else text.replace("||", "|")
    for separator in _SEPARATORS:
        if options:
            break
        parts = [part.strip() for part in separator.split(text)]
        options = _without_ends(parts, separator) if sum(map(bool, parts)) > 1 else []
    options = without_letters(options, any_sign=True) or _between_commas(text)
    return options if fewest <= len(options) <= MAX_LISTED else []


def _without_ends(parts: list[str], separator: re.Pattern[str]) -> list[str]:
    """Leave out what is blank behind the last separator or around all of them; blank lines say nothing."""
    if separator is _BREAKS:
        return [part for part in parts if part]
    framed = not (parts[0] or parts[-1])
    while not parts[-1]:
        parts = parts[:-1]
    return parts[1:] if framed else parts


def _between_commas(text: str) -> list[str]:
    """Commas separate only when all of them are written alike, so that none seems to be part of an option.

    Those of an object of a program, whose names would tell what the keys mean, do not.
    """
    parts = [] if _OBJECT.match(text) else text.split(",")
    alike = len({part[:1] == " " for part in parts[1:]}) == 1
    return [part.strip() for part in parts] if alike and all(part.strip() for part in parts) else []


def _run(found: list[re.Match[str]], start: int) -> list[re.Match[str]]:
    """The marks A, B, C ... in order from there on, in one case, with others between passed over."""
    run = [found[start]]
    for mark in found[start + 1 :]:
        if mark[2] == chr(ord(run[-1][2]) + 1):
            run.append(mark)
    return run


def _trimmed(text: str) -> str:
    text = text.strip()
    while text.endswith(("<br>", "<br/>")):
        text = text[: text.rindex("<")].rstrip()
    return text.rstrip(";").rstrip()


def _from_program(text: str) -> list[str]:
    """A list as programs print it: of JSON, or with single quotes, or without commas."""
    if len(text) > 20_000 or text.strip()[:1] not in ("[", "{"):
        return []
    found = _from_json(text)
    if found or not _LIST.fullmatch(text):
        return found
    inner = text.strip()[1:-1].strip()
    found, position = [], 0
    while position < len(inner):
        quoted = _QUOTED.match(inner, position)
        if quoted is None:
            return []
        found.append(_SLASHED.sub(r"\1", quoted[1] if quoted[1] is not None else quoted[2]).strip())
        position = quoted.end()
    return found


def _from_json(text: str) -> list[str]:
    """The texts of a JSON list, of its objects, or of one object with a text for each letter from A on."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(value, dict):
        names = [name.upper() for name in value]
        in_order = names in (list(LETTERS[: len(names)]), [str(index + 1) for index in range(len(names))])
        value = list(value.values()) if in_order else []
    texts = [_text_of(one) for one in value] if isinstance(value, list) else []
    return texts if all(texts) else []


def _text_of(one: object) -> str:
    if isinstance(one, dict):
        one = next((one[name] for name in _TEXT_NAMES if name in one), "")
    return str(one).strip() if isinstance(one, str | int | float) and not isinstance(one, bool) else ""
