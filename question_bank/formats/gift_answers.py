"""What stands between the braces of a GIFT question: which kind it is, and its answers."""

import re
from dataclasses import dataclass

from question_bank.formats.choice import Answer, Choice, Refused, one_right
from question_bank.formats.gift_text import masked

_TRUE_FALSE = re.compile(r"\s*(?:T|TRUE|F|FALSE)\s*(?:#.*)?", re.IGNORECASE | re.DOTALL)
_WEIGHT = re.compile(r"\s*%\s*(-?\d{1,3}(?:[.,]\d{1,20})?)\s*%")
_MARK = re.compile(r"[~=]")


@dataclass(frozen=True)
class Answers:
    """The options with the key, their texts still escaped, and the general feedback."""

    choice: Choice
    general: str = ""


def read_answers(inside: str) -> Answers:
    """Return the answers of a multiple-choice question; raises Refused for the rest."""
    cut = masked(inside).find("####")
    body, general = (inside, "") if cut < 0 else (inside[:cut], inside[cut + 4 :])
    structure = masked(body)
    _refuse_other_kinds(structure)
    options = _split(body, structure)
    # Without any "=", Moodle shows boxes to tick and counts every weight.
    return Answers(one_right(options, several_allowed="=" not in structure), general)


def _refuse_other_kinds(structure: str) -> None:
    if not structure.strip():
        raise Refused("skipped_essay")
    if _TRUE_FALSE.fullmatch(structure):
        raise Refused("skipped_true_false")
    if structure.lstrip().startswith("#"):
        raise Refused("skipped_numerical")
    if "~" not in structure:
        if "=" not in structure:
            raise Refused("gift_answers")
        raise Refused("skipped_matching" if "->" in structure else "skipped_short_answer")


def _split(body: str, structure: str) -> tuple[Answer, ...]:
    starts = [found.start() for found in _MARK.finditer(structure)]
    before = body[: starts[0]].strip()
    if before and not (before.startswith("//") and "\n" not in before):  # a comment behind the brace
        raise Refused("gift_answers")
    ends = [*starts[1:], len(body)]
    return tuple(_answer(body[start:end]) for start, end in zip(starts, ends, strict=True))


def _answer(text: str) -> Answer:
    weight = 100.0 if text[0] == "=" else 0.0
    stated = _WEIGHT.match(text, 1)
    if stated:
        weight = float(stated[1].replace(",", "."))
    shown, *feedback = _pieces(text[stated.end() if stated else 1 :])
    return Answer(shown, weight, feedback[0] if feedback else "")


def _pieces(text: str) -> list[str]:
    """Cut at the hash marks that are not escaped."""
    marks = [found.start() for found in re.finditer("#", masked(text))]
    starts = [0, *(mark + 1 for mark in marks)]
    return [text[start:end] for start, end in zip(starts, [*marks, len(text)], strict=True)]
