"""What stands between the braces of a GIFT question: which kind it is, and its answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.formats.choice import Answer, Choice, Refused, one_right
from question_bank.formats.gift_marks import Mark, doubts, marks_in
from question_bank.formats.gift_parts import without_braces
from question_bank.formats.gift_text import masked

_TRUE_FALSE = re.compile(
    r"\s*(?://[^\n]*\n\s*)*+(?:T|TRUE|F|FALSE)\s*(?:(?:#|//).*)?", re.IGNORECASE | re.DOTALL
)
_WEIGHT = re.compile(r"\s*%\s*(-?\d{1,3}(?:[.,]\d{1,20})?)\s*%")
_SHARP = re.compile(r"\s*[A-G]")  # "C#": a language, a tone


@dataclass(frozen=True)
class Answers:
    """The options with the key, their texts still escaped, and the general feedback.

    `doubts` are the codes of warnings about signs that may tell another key.
    """

    choice: Choice
    general: str = ""
    doubts: tuple[str, ...] = ()


def read_answers(inside: str) -> Answers:
    """Return the answers of a multiple-choice question; raises Refused for the rest."""
    structure = without_braces(masked(inside))
    cut = structure.find("####")
    body, general = (inside, "") if cut < 0 else (inside[:cut], inside[cut + 4 :])
    structure = structure[: len(body)]
    _refuse_other_kinds(structure)
    marks = marks_in(structure)
    options = _split(body, structure, marks)
    # Without any "=", Moodle shows boxes to tick and counts every weight.
    choice = one_right(options, several_allowed=not any(mark.right for mark in marks))
    return Answers(choice, general, tuple(doubts(structure, marks)))


def _refuse_other_kinds(structure: str) -> None:
    if not structure.strip():
        raise Refused("skipped_essay")
    if _TRUE_FALSE.fullmatch(structure):
        raise Refused("skipped_true_false")
    if structure.lstrip().startswith("#"):
        raise Refused("skipped_numerical")
    if structure.lstrip().startswith("~~~"):  # a text between fences: what an answer could say
        raise Refused("skipped_essay")
    if "~" not in structure:
        matching = "=" in structure and "->" in structure
        raise Refused("skipped_matching" if matching else "skipped_short_answer")


def _split(body: str, structure: str, marks: list[Mark]) -> tuple[Answer, ...]:
    before = body[: marks[0].start].strip()
    if before and not (before.startswith("//") and "\n" not in before):  # a comment behind the brace
        raise Refused("gift_answers")
    ends = [*(mark.start for mark in marks[1:]), len(body)]
    spans = zip(marks, ends, strict=True)
    answers = [_answer(mark, body[mark.behind : end], structure[mark.behind : end]) for mark, end in spans]
    return tuple(_with_hashes(answers))


def _answer(mark: Mark, text: str, structure: str) -> Answer:
    weight = 100.0 if mark.right else 0.0
    stated = _WEIGHT.match(text)
    if stated:
        weight = float(stated[1].replace(",", "."))
    begin = stated.end() if stated else 0
    cut = structure.find("#", begin)
    if cut < 0:
        return Answer(text[begin:], weight)
    end = structure.find("#", cut + 1)
    shown, feedback = text[begin:cut], text[cut + 1 : end if end >= 0 else len(text)]
    sharp = _SHARP.fullmatch(shown) is not None and not feedback.strip()
    return Answer(f"{shown}#" if sharp else shown, weight, feedback)


def _with_hashes(answers: list[Answer]) -> Iterator[Answer]:
    """Give back the hash of answers such as "#id", where it can be no mark of a feedback."""
    hashed = [not answer.text.strip() and answer.feedback[:1].strip() != "" for answer in answers]
    several = sum(hashed) > 1
    for answer, empty in zip(answers, hashed, strict=True):
        if empty and (several or len(answer.feedback.split()) == 1):
            yield Answer(f"#{answer.feedback}", answer.weight)
        else:
            yield answer
