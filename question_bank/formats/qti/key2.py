"""The key of a QTI 2 or 3 choice: the stated correct response, its mapping, or the processing written out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.formats.choice import Refused
from question_bank.formats.qti.scoring2 import Run, weights
from question_bank.formats.qti.tree import Node
from question_bank.problems import excerpt


@dataclass(frozen=True)
class Key:
    """The one right option by its identifier, what else gave points, and the outcomes of choosing it."""

    option: str
    weighted: bool
    of_many: bool
    outcomes: Mapping[str, Sequence[str]]


def key_of(item: Node, interaction: Node, options: Sequence[str]) -> Key:
    """Return the key of the item's only choice; raises Refused without exactly one right option."""
    response = interaction.get("responseIdentifier")
    declarations = item.children("responseDeclaration")
    declaration = next((node for node in declarations if node.get("identifier") == response), None)
    if declaration is None and len(declarations) == 1:
        declaration = declarations[0]
    reader = _Reader(item, response, declaration, options)
    many = declaration is not None and declaration.get("cardinality") in {"multiple", "ordered"}
    return reader.key(many and interaction.get("maxChoices", "0") != "1")


class _Reader:
    def __init__(self, item: Node, response: str, declaration: Node | None, options: Sequence[str]) -> None:
        self._processing = item.child("responseProcessing")
        self._response = response
        self._options = options
        self._weights = weights(declaration)
        correct = declaration.child("correctResponse") if declaration else None
        values = [value.text for value in correct.children("value")] if correct else []
        self._stated = list(dict.fromkeys(value for value in values if value))

    def key(self, many: bool) -> Key:
        if len(self._stated) > 1:
            raise Refused("skipped_several_right")
        points = self._points()
        option = self._option(self._stated[0]) if self._stated else _best(points, many)
        if self._stated and self._is_mapped():
            _check_agreement(option, points)
        weighted = any(value for other, value in points.items() if other != option)
        return Key(option, weighted, many, self._run(option).outcomes)

    def _option(self, value: str) -> str:
        if value in self._options:
            return value
        alike = [option for option in self._options if option.casefold() == value.casefold()]
        if len(alike) != 1:
            raise Refused("qti_key_nowhere", value=excerpt(value))
        return alike[0]

    def _points(self) -> dict[str, float]:
        """Return the points of each option, as far as they may contradict or replace a stated key."""
        if self._is_mapped() or (self._weights and not self._stated):
            return {option: self._weights.get(option, 0.0) for option in self._options}
        if self._stated:
            return {}
        return {option: self._run(option).score for option in self._options}

    def _is_mapped(self) -> bool:
        if self._processing is None or not self._weights:
            return False
        template = self._processing.get("template").rpartition("/")[2]
        return template.startswith("map_response") or self._processing.first("mapResponse") is not None

    def _run(self, option: str) -> Run:
        run = Run(self._response, option, tuple(self._stated), self._weights)
        if self._processing:
            run.rules(list(self._processing))
        return run


def _best(points: Mapping[str, float], many: bool) -> str:
    right = [option for option, value in points.items() if value > 0]
    if not right:
        raise Refused("no_right_answer")
    best = max(points.values())
    if [points[option] for option in right].count(best) > 1 or (many and len(right) > 1):
        raise Refused("skipped_several_right")
    return next(option for option in right if points[option] == best)


def _check_agreement(option: str, points: Mapping[str, float]) -> None:
    best = max(points.values())
    if points[option] < best:
        raise Refused("qti_key_contradicts")
    if best > 0 and list(points.values()).count(best) > 1:
        raise Refused("skipped_several_right")
