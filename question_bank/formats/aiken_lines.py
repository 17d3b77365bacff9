"""What one line of an Aiken file is: an option, the answer, an explanation, or text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from question_bank.formats.aiken_words import ANSWER, EXPLANATION, QUESTION, REMARK, TOPIC

_POINT = r"[-\u2013\u2022\u25cf\u25cb\u25e6]"
_BULLET = re.compile(rf"{_POINT}\s+(?=\*{{0,2}}\(?[A-Za-z]\s?[.)])")
_OPTION = re.compile(r"(?P<mark>\*\s*)?\(?(?P<letter>[A-Za-z])\s?[.)](?:\s+|(?=[^\s.)])|$)(?P<text>.*)")
_BOLD_LETTER = re.compile(r"\*\*(\(?[A-Za-z][.)])\s?\*\*\s*")
_TOLD = re.compile(
    r"\s+(?:[\u2190\u2713\u2714\u2705]\ufe0f?\s*(?:\(?(?:jawaban\s+)?(?:benar|tepat)\)?|\(?correct(?:\s+answer)?\)?|kunci)?)$",
    re.IGNORECASE,
)  # "4 <- BENAR" with an arrow or a tick
_SHORTENED = re.compile(r"[a-z]\.\w|[A-Z]\.\w\.")  # "a.n.", "A.M. Sangaji"
_NEXT_ON_LINE = re.compile(r"(?:\t\s*|\s{2,})(?=\*?\(?[A-Za-z][.)]\s)")
_TIGHT_ON_LINE = re.compile(r"\s(?=\(?[B-Jb-j][.)]\s)")
_FEWEST_TIGHT = 3  # options parted by one blank only, "A) satu B) dua C) tiga"
_ANSWER = re.compile(rf"(?:>\s{{0,3}})?\W{{0,3}}{ANSWER}\s*(?:[:=\uff1a]|-(?=\s))\s*(.*?)", re.IGNORECASE)
_ANSWER_BARE = re.compile(rf"(?:>\s{{0,3}})?\W{{0,3}}{ANSWER}\s+\(?([A-Za-z])\)?[\s.*)]*", re.IGNORECASE)
_LETTERS = re.compile(r"\W{0,3}([A-Za-z])(?=$|[^\w'])(.*)", re.DOTALL)
# "A, C", "a dan c", "A C"; but not "D, a role has many users"
_MORE_LETTERS = re.compile(
    r"[.)]?\s*(?:[,;&/+]\s*(?:(?i:dan|and)\s+)?\(?(?:[A-Z]\)?(?=$|[\s,;&/+.)])|"
    r"[a-z]\)?(?=\s*(?:$|[,;&/+.)]|(?i:dan|and)\b)))|(?i:dan|and)\s+\(?[A-Za-z]\)?(?=$|[\s,;&/+.)]))|"
    r"(?:\s+[A-Ja-j])+$"
)
_RUN_OF_LETTERS = re.compile(r"[A-J]{2,10}")
_EXPLANATION = re.compile(rf"[*_ ]{{0,3}}(?:{EXPLANATION})[*_ ]{{0,3}}:[*_ ]{{0,3}}(.*)", re.IGNORECASE)
_REMARK = re.compile(
    rf"(?P<open>[\[(])?[*_ ]{{0,3}}(?:(?P<topic>{TOPIC})|{REMARK})[*_ ]{{0,3}}:[*_ ]{{0,3}}"
    r"(?P<said>[^\n]{1,80}?)(?(open)[\])])",
    re.IGNORECASE,
)
_NUMBERED = rf"(?:(?:{QUESTION})\s*)?(?:(?:nomor|no\.?)\s*)?(\d{{1,4}})"
_NUMBER = re.compile(rf"{_NUMBERED}\s*[.):]+(?:\s+|$)(.*)", re.IGNORECASE)
_NUMBER_TIGHT = re.compile(
    rf"(?:{QUESTION})\s*(?:(?:nomor|no\.?)\s*)?(\d{{1,4}})\s*[.):]+(?=[^\W\d_])(.*)", re.IGNORECASE
)  # "Q2.What"
_NUMBER_ALONE = re.compile(rf"(?:{QUESTION}|nomor)\s*(?:(?:nomor|no\.?)\s*)?(\d{{1,4}})()", re.IGNORECASE)
_CALLED = re.compile(rf"(?:{QUESTION})\s*:\s+(?=\S)", re.IGNORECASE)
_OPTIONS_NAME = re.compile(
    r"(?:pilihan(?:\s+jawaban)?|opsi|options?|choices?|opciones|op\u00e7\u00f5es|l\u1ef1a\s+ch\u1ecdn)\s*:",
    re.IGNORECASE,
)
_RULE = re.compile(r"-{3,}|={3,}|\*{3,}|#{3,}")
_USUAL_A = re.compile(rf"^[ \t\ufeff]*(?:{_POINT}[ \t]+)?\*{{0,2}}\(?[Aa]\s?[.)]", re.MULTILINE)
_UNUSUAL = re.compile(
    rf"^([ \t\ufeff]*(?:{_POINT}[ \t]+)?\*{{0,2}}[A-Ja-j])(?:[ \t]?:|[ \t]?[-\u2013](?=[ \t]))", re.MULTILINE
)
_LONGEST = 5_000  # a longer line is text


@dataclass(frozen=True)
class Option:
    """An option with its letter in upper case; `typed_small` when it was written small.

    `marked` when a star before the letter says that it is the right one.
    """

    letter: str
    text: str
    typed_small: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Key:
    """What an answer line says: one letter, or "" with what stands there; `several` tells of more letters."""

    letter: str
    rest: str = ""
    several: bool = False


def with_usual_marks(text: str) -> str:
    """Return a text whose options are all written "A: " or "A - " with "A. " instead, another as it is."""
    return text if _USUAL_A.search(text) else _UNUSUAL.sub(r"\1.", text)


def key_in(line: str) -> Key | None:
    """Return what an answer line says, None for another line."""
    if len(line) > _LONGEST:
        return None
    bare = _ANSWER_BARE.fullmatch(line)
    if bare:
        return Key(bare[1].upper())
    found = _ANSWER.fullmatch(line)
    return _key(found[1].strip().removesuffix("**").rstrip()) if found else None


def _key(said: str) -> Key:
    found = _LETTERS.fullmatch(said)
    if found:
        return Key(found[1].upper(), said, several=_MORE_LETTERS.match(found[2]) is not None)
    if _RUN_OF_LETTERS.fullmatch(said):
        return Key(said[0], said, several=True)
    return Key("", said)


def options_in(line: str) -> Iterator[Option]:
    """Yield the option of a line, or several that stand on it one behind the other; none for other lines."""
    if len(line) > _LONGEST:
        return
    bullet = _BULLET.match(line)
    line = _BOLD_LETTER.sub(r"\1 ", line[bullet.end() if bullet else 0 :], count=1)
    found = _parted(_NEXT_ON_LINE.split(line)) or _parted_by_one_blank(line) or _alone(line)
    yield from found


def _alone(line: str) -> list[Option]:
    option = _option(line)
    return [option] if option else []


def _parted(parts: list[str]) -> list[Option]:
    """Return the options that stand one behind the other; none when one is alone or a letter is left out."""
    found = [option for part in parts if (option := _option(part))]
    whole = 1 < len(found) == len(parts) and _follow_each_other([option.letter for option in found])
    return found if whole else []


def _parted_by_one_blank(line: str) -> list[Option]:
    found = _parted(_TIGHT_ON_LINE.split(line)) if line[:2].lstrip("(*")[:1] in ("A", "a") else []
    alike = len({option.typed_small for option in found}) == 1
    return found if alike and len(found) >= _FEWEST_TIGHT and found[0].letter == "A" else []


def _option(text: str) -> Option | None:
    found = None if _SHORTENED.match(text) else _OPTION.fullmatch(text)
    if found is None:
        return None
    said = found["text"].strip()
    told = _TOLD.search(said)
    letter, marked = found["letter"], bool(found["mark"] or told)
    return Option(letter.upper(), said[: told.start()] if told else said, letter.islower(), marked)


def _follow_each_other(letters: list[str]) -> bool:
    return all(ord(after) == ord(before) + 1 for before, after in pairwise(letters))


def explanation_in(line: str) -> str | None:
    """Return the text of an explanation line, None for another line."""
    found = _EXPLANATION.fullmatch(line) if len(line) <= _LONGEST else None
    return found[1] if found else None


def remark_in(line: str) -> str | None:
    """Return the topic that a line gives, "" when it gives something else, None for another line."""
    found = _REMARK.fullmatch(line) if len(line) <= _LONGEST else None
    return None if found is None else found["said"].strip() if found["topic"] else ""


def is_rule(line: str) -> bool:
    """Tell whether a line only parts what stands above it from what stands below."""
    return _RULE.fullmatch(line) is not None


def is_options_name(line: str) -> bool:
    """Tell whether a line only says that the options follow, as "Pilihan:" does."""
    return _OPTIONS_NAME.fullmatch(line) is not None


def without_name(line: str) -> str:
    """Return a stem without the word "Question:" before it."""
    return _CALLED.sub("", line, count=1) if _CALLED.match(line) else line


def number_in(line: str) -> tuple[int, str] | None:
    """Return the number before a stem and the stem, None for a line without number."""
    if len(line) > _LONGEST:
        return None
    found = _NUMBER.fullmatch(line) or _NUMBER_TIGHT.fullmatch(line) or _NUMBER_ALONE.fullmatch(line)
    return (int(found[1]), found[2]) if found else None
