"""What a QTI 2 or 3 item gives for each answer when its response processing is written out in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.formats.qti.tree import Node

Value = tuple[str, ...]
NULL: Value = ()
_TRUE, _FALSE = ("true",), ("false",)


def number(text: str) -> float:
    """Return a number as it is written in QTI, 0.0 for anything else."""
    try:
        return float(text.replace(",", ".")[:40])
    except ValueError:
        return 0.0


def weights(declaration: Node | None) -> dict[str, float]:
    """Return the points that the mapping of a response gives to each option."""
    entries = declaration.all("mapEntry") if declaration else ()
    return {entry.get("mapKey"): number(entry.get("mappedValue")) for entry in entries}


@dataclass
class Run:
    """One response processing, carried out with one option chosen."""

    response: str
    option: str
    correct: Value
    mapping: Mapping[str, float]
    outcomes: dict[str, Value] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The outcome SCORE, or the greatest outcome that is a number."""
        if "SCORE" in self.outcomes:
            return _sum(self.outcomes["SCORE"])
        return max([_sum(value) for value in self.outcomes.values()], default=0.0)

    def rules(self, nodes: Sequence[Node]) -> None:
        """Carry out rules in order."""
        for node in nodes:
            if node.name == "setOutcomeValue":
                self.outcomes[node.get("identifier")] = self._first_value(node)
            elif node.name == "responseCondition":
                self._condition(node)
            elif node.name == "responseProcessingFragment":
                self.rules(list(node))

    def _condition(self, condition: Node) -> None:
        for branch in condition:
            parts = list(branch)
            if branch.name == "responseElse":
                self.rules(parts)
                return
            if parts and self._value(parts[0]) == _TRUE:
                self.rules(parts[1:])
                return

    def _first_value(self, node: Node) -> Value:
        expression = next(iter(node), None)
        return self._value(expression) if expression else NULL

    def _value(self, node: Node) -> Value:
        if node.name == "variable":
            chosen = node.get("identifier") == self.response
            return (self.option,) if chosen else self.outcomes.get(node.get("identifier"), NULL)
        if node.name == "correct":
            return self.correct
        if node.name == "baseValue":
            return (node.text,)
        if node.name == "mapResponse":
            return (str(self.mapping.get(self.option, 0.0)),)
        return self._computed(node.name, [self._value(part) for part in node])

    def _computed(self, name: str, parts: Sequence[Value]) -> Value:
        if name in {"multiple", "ordered"}:
            return tuple(value for part in parts for value in part)
        if name in {"sum", "product", "subtract"}:
            return (str(_arithmetic(name, [_sum(part) for part in parts])),)
        return _TRUE if _holds(name, parts) else _FALSE


def _holds(name: str, parts: Sequence[Value]) -> bool:
    if name == "and":
        return all(part == _TRUE for part in parts)
    if name == "or":
        return _TRUE in parts
    if name == "not":
        return parts[:1] == [_FALSE]
    if name == "isNull":
        return parts[:1] == [NULL]
    return len(parts) == 2 and _compared(name, parts[0], parts[1])


def _compared(name: str, left: Value, right: Value) -> bool:
    if name in {"match", "stringMatch"}:
        return left != NULL and sorted(left) == sorted(right)
    if name == "equal":
        return left != NULL and (sorted(left) == sorted(right) or _sum(left) == _sum(right) != 0)
    if name == "member":
        return left != NULL and set(left) <= set(right)
    if name == "contains":
        return right != NULL and set(right) <= set(left)
    first, second = _sum(left), _sum(right)
    return {"gt": first > second, "gte": first >= second, "lt": first < second, "lte": first <= second}.get(
        name, False
    )


def _sum(value: Value) -> float:
    return sum(number(text) for text in value)


def _arithmetic(name: str, values: Sequence[float]) -> float:
    if name == "sum" or not values:
        return sum(values)
    result = values[0]
    for value in values[1:]:
        result = result * value if name == "product" else result - value
    return result
