"""What a QTI 1.2 item gives for each answer: its own response processing is carried out for every option."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from question_bank.formats.qti.tree import Node

_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?")
_RIGHT_WORDS = {"correct", "right", "benar"}
_RESPONDUS_RIGHT = re.compile(r"que_\d+_a?c")  # where a question is worth no points
_AGAINST = ("incorrect", "wrong", "salah")
_YES = {"true", "correct", "yes"}
FULL = 100.0  # what "the greatest score" counts when the file does not say how much that is


@dataclass
class Outcome:
    """What happens when one option is chosen: points, and the feedback that is shown."""

    points: dict[str, float] = field(default_factory=dict)
    feedback: list[str] = field(default_factory=list)
    called_right: bool = False
    met: bool = False

    @property
    def score(self) -> float:
        """The points of the variable SCORE, or of all variables that do not count mistakes."""
        if "score" in self.points:
            return self.points["score"]
        return sum(value for name, value in self.points.items() if not any(word in name for word in _AGAINST))


@dataclass(frozen=True)
class Conditions:
    """The response conditions of an item with one choice."""

    conditions: Sequence[Node]
    response: str
    options: frozenset[str]
    full: float

    def outcome(self, option: str) -> Outcome:
        """Return what happens when this option alone is chosen."""
        outcome = Outcome()
        for condition in self.conditions:
            if not self._holds(condition.child("conditionvar"), option, outcome):
                continue
            outcome.met |= _decides(condition)
            self._apply(condition, outcome)
            if condition.get("continue", "No").casefold() != "yes" and _decides(condition):
                break
        return outcome

    def wanted(self) -> list[str]:
        """Return the options that conditions with points ask for, in the order of the file."""
        found: dict[str, None] = {}
        for condition in self.conditions:
            probe = Outcome()
            self._apply(condition, probe)
            if probe.score > 0 or probe.called_right:
                found |= dict.fromkeys(_asked_for(condition.child("conditionvar")))
        return list(found)

    def named(self) -> list[list[str]]:
        """Return the options that each condition asks for, where no condition at all gives points.

        Writers that leave the points out name the right answer alone, some with the feedback for it.
        """
        if any(map(_decides, self.conditions)):
            return []
        asked = [list(dict.fromkeys(_asked_for(one.child("conditionvar"))))
                 for one in self.conditions if not _shows_mistake(one)]  # fmt: skip
        return [options for options in asked if options]

    def _holds(self, node: Node | None, option: str, outcome: Outcome) -> bool:
        parts = list(node) if node else []
        return bool(parts) and all(self._true(part, option, outcome) for part in parts)

    def _true(self, node: Node, option: str, outcome: Outcome) -> bool:
        name = node.name
        if name == "and":
            return self._holds(node, option, outcome)
        if name == "or":
            return any(self._true(part, option, outcome) for part in node)
        if name == "not":
            return not self._holds(node, option, outcome)
        if name == "other":
            return not outcome.met
        if name in {"varequal", "varsubset", "varinside"}:
            return self._chosen(node, option)
        return False

    def _chosen(self, node: Node, option: str) -> bool:
        stated = node.text
        if node.get("respident") not in {self.response, ""} and stated not in self.options:
            return False
        if node.name == "varsubset":
            return option in [part.strip() for part in stated.split(",")]
        return stated == option or (node.get("case") != "Yes" and stated.casefold() == option.casefold())

    def _apply(self, condition: Node, outcome: Outcome) -> None:
        for setvar in condition.children("setvar"):
            self._set(setvar, outcome)
        shown = [feedback.get("linkrefid") for feedback in condition.children("displayfeedback")]
        outcome.feedback += shown
        labels = {label.casefold() for label in [*shown, condition.get("title")]}
        outcome.called_right |= bool(labels & _RIGHT_WORDS) or any(map(_RESPONDUS_RIGHT.fullmatch, labels))

    def _set(self, setvar: Node, outcome: Outcome) -> None:
        # Blackboard writes "variablename".
        name = (setvar.get("varname") or setvar.get("variablename") or "SCORE").casefold()
        value, before = self._value(setvar.text), outcome.points.get(name, 0.0)
        action = setvar.get("action", "Set").casefold()
        changed = {"add": before + value, "subtract": before - value, "multiply": before * value}
        outcome.points[name] = changed.get(action, value)

    def _value(self, text: str) -> float:
        if _NUMBER.fullmatch(text.removeprefix("+")):
            return float(text.removeprefix("+").replace(",", "."))
        if text.casefold().endswith((".max", ".maxvalue")):
            return self.full
        return 1.0 if text.casefold() in _YES else 0.0


def conditions_of(item: Node, response: str, options: Sequence[str]) -> Conditions:
    """Return the response conditions of an item with one response, which has this identifier and options."""
    processings = item.children("resprocessing")
    found = [node for processing in processings for node in processing.all("respcondition")]
    return Conditions(found, response, frozenset(options), _full(item))


def _full(item: Node) -> float:
    stated = [node.get("maxvalue") for node in item.all("decvar")]
    numbers = [float(text.replace(",", ".")) for text in stated if _NUMBER.fullmatch(text)]
    return max([number for number in numbers if number > 0], default=FULL)


def _decides(condition: Node) -> bool:
    # A condition that only shows feedback ends nothing, although writers forget to say continue="Yes".
    return condition.child("setvar") is not None


def _shows_mistake(condition: Node) -> bool:
    """Whether a condition only shows a feedback, and not one that is called the right answer's."""
    shown = [feedback.get("linkrefid").casefold() for feedback in condition.children("displayfeedback")]
    against = any(word in label for label in shown for word in _AGAINST)
    return bool(shown) and (against or not any(word in label for label in shown for word in _RIGHT_WORDS))


def _asked_for(node: Node | None) -> Iterator[str]:
    waiting = [node] if node else []
    while waiting:
        part = waiting.pop()
        if part.name in {"varequal", "varsubset"}:
            yield part.text
        elif part.name != "not":
            waiting.extend(reversed(list(part)))
