"""Which answers of a weighted choice make an item: exactly one of them earns the full mark."""

from collections.abc import Sequence
from dataclasses import dataclass

FULL = 99.9  # percent; some writers round


class Refused(Exception):
    """A question cannot be used; `code` is the problem, `skipped` tells another kind from a fault."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def skipped(self) -> bool:
        """Whether the question is sound but of a kind that is not taken."""
        return self.code.startswith("skipped_")


@dataclass(frozen=True)
class Answer:
    """One answer, its texts as the file has them; `weight` in percent of the full mark."""

    text: str
    weight: float
    feedback: str = ""


@dataclass(frozen=True)
class Choice:
    """The answers with the 0-based key, and the codes of warnings about what an item cannot hold."""

    answers: tuple[Answer, ...]
    key: int
    warnings: tuple[str, ...] = ()


def one_right(answers: Sequence[Answer], several_allowed: bool) -> Choice:
    """Return the answers with their key; raises Refused when not exactly one earns the full mark.

    With `several_allowed` marks add up, so that any other positive weight makes it another kind of question.
    """
    full = [index for index, answer in enumerate(answers) if answer.weight >= FULL]
    positive = [answer for answer in answers if answer.weight > 0]
    if len(full) > 1 or (len(positive) > 1 and (several_allowed or not full)):
        raise Refused("skipped_several_right")
    if not full:
        raise Refused("no_right_answer")
    warnings = ["weights_dropped"] if any(answer.weight not in (0, 100) for answer in answers) else []
    if several_allowed:
        warnings.append("one_of_several")
    return Choice(tuple(answers), full[0], tuple(warnings))
