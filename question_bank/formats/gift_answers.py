"""What stands between the braces of a GIFT question: which kind it is, and its answers."""

import re
from dataclasses import dataclass

from question_bank.formats.gift_text import masked

_TRUE_FALSE = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(#.*)?", re.IGNORECASE | re.DOTALL)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,10})?)%")
_MARK = re.compile(r"[~=]")


class Refused(Exception):
    """A question cannot be used; `code` is the problem, `skipped` tells another kind from a fault."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def skipped(self) -> bool:
        """Whether the question is sound but of a kind that is not taken."""
        return self.code.startswith("skipped_")


@dataclass(frozen=True)
class Answer:
    """One answer, its texts still escaped; `weight` in percent of the full mark."""

    text: str
    weight: float
    feedback: str = ""


@dataclass(frozen=True)
class Answers:
    """The options with the 0-based key, and the general feedback."""

    options: tuple[Answer, ...]
    key: int
    general: str = ""


def read_answers(inside: str) -> Answers:
    """Return the answers of a multiple-choice or true/false question; raises Refused for the rest."""
    cut = masked(inside).find("####")
    body, general = (inside, "") if cut < 0 else (inside[:cut], inside[cut + 4 :])
    structure = masked(body)
    true_false = _TRUE_FALSE.fullmatch(structure)
    if true_false:
        return _true_false(body, true_false, general)
    _refuse_other_kinds(structure)
    options = _split(body, structure)
    return Answers(options, _right(options), general)


def _refuse_other_kinds(structure: str) -> None:
    if not structure.strip():
        raise Refused("skipped_essay")
    if structure.lstrip().startswith("#"):
        raise Refused("skipped_numerical")
    if "~" not in structure:
        if "=" not in structure:
            raise Refused("gift_answers")
        raise Refused("skipped_matching" if "->" in structure else "skipped_short_answer")


def _true_false(body: str, found: re.Match[str], general: str) -> Answers:
    # The feedback for a wrong answer comes first, the one for the right answer second.
    wrong, right = ([*_pieces(body[found.start(2) :])[1:], "", ""] if found[2] else ["", ""])[:2]
    key = 0 if found[1][0] in "Tt" else 1
    feedback = (right, wrong) if key == 0 else (wrong, right)
    options = (Answer("Benar", 100 * (1 - key), feedback[0]), Answer("Salah", 100 * key, feedback[1]))
    return Answers(options, key, general)


def _split(body: str, structure: str) -> tuple[Answer, ...]:
    starts = [found.start() for found in _MARK.finditer(structure)]
    if body[: starts[0]].strip():
        raise Refused("gift_answers")
    ends = [*starts[1:], len(body)]
    return tuple(_answer(body[start:end]) for start, end in zip(starts, ends, strict=True))


def _answer(text: str) -> Answer:
    weight = 100.0 if text[0] == "=" else 0.0
    stated = _WEIGHT.match(text, 1)
    if stated:
        weight = float(stated[1])
    shown, *feedback = _pieces(text[stated.end() if stated else 1 :])
    return Answer(shown, weight, feedback[0] if feedback else "")


def _pieces(text: str) -> list[str]:
    """Cut at the hash marks that are not escaped."""
    marks = [found.start() for found in re.finditer("#", masked(text))]
    starts = [0, *(mark + 1 for mark in marks)]
    return [text[start:end] for start, end in zip(starts, [*marks, len(text)], strict=True)]


def _right(options: tuple[Answer, ...]) -> int:
    """Return the index of the one right answer; raises Refused when there is not exactly one."""
    positive = [index for index, option in enumerate(options) if option.weight > 0]
    full = [index for index in positive if options[index].weight == 100]
    if len(full) > 1 and full == positive:
        raise Refused("gift_two_right", count=len(full))
    if len(positive) > 1:
        raise Refused("skipped_several_right")
    if not full:
        raise Refused("gift_no_right")
    return full[0]
