"""Every act that the code writes into the trail, read from the code itself.

`audit.record(..., act=...)` may say the act outright, put it together, or be told it by its caller: then the
callers are read, and theirs in turn. What cannot be read is an error of the one who wrote it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tests.law_checks import Source, dotted

DEEPEST = 6
"""Callers of callers of callers."""


class Unreadable(Exception):
    """The act of this call cannot be told from the code."""


@dataclass(frozen=True)
class Place:
    """A function and the file in which it stands; no function for the top of a file."""

    source: Source
    function: ast.FunctionDef | None


@dataclass(frozen=True)
class Code:
    sources: tuple[Source, ...]

    @cached_property
    def calls(self) -> list[tuple[Place, ast.Call]]:
        return [found for source in self.sources for found in _calls(source, source.tree, None)]

    def acts(self) -> set[str]:
        """Every act; raises Unreadable."""
        found: set[str] = set()
        for place, call in self.calls:
            if dotted(call.func) in ("audit.record", "record") and (given := _keyword(call, "act")):
                found |= self._values(place, given, 0)
        return found

    def _values(self, place: Place, given: ast.expr, deep: int) -> set[str]:
        if deep > DEEPEST:
            raise Unreadable(f"{place.source.path}:{given.lineno}")
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            return {given.value}
        if isinstance(given, ast.IfExp):
            return self._values(place, given.body, deep) | self._values(place, given.orelse, deep)
        if isinstance(given, ast.JoinedStr):
            return self._joined(place, given, deep)
        if isinstance(given, ast.Name):
            return self._named(place, given, deep)
        raise Unreadable(f"{place.source.path}:{given.lineno}: {ast.unparse(given)}")

    def _joined(self, place: Place, given: ast.JoinedStr, deep: int) -> set[str]:
        found = {""}
        for part in given.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = {start + end for start in found for end in self._values(place, inner, deep + 1)}
        return found

    def _named(self, place: Place, given: ast.Name, deep: int) -> set[str]:
        """A variable of the function, a parameter that callers fill, or a constant of the file."""
        if place.function is not None:
            assigned = _assigned(place.function, given.id)
            if assigned:
                return set().union(*(self._values(place, value, deep + 1) for value in assigned))
            arguments = place.function.args
            names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
            if given.id in (*names, *(one.arg for one in arguments.kwonlyargs)):
                return self._told(place, given.id, names, deep + 1)
        assigned = _assigned(place.source.tree, given.id)
        if not assigned:
            raise Unreadable(f"{place.source.path}:{given.lineno}: {given.id}")
        top = Place(place.source, None)
        return set().union(*(self._values(top, value, deep + 1) for value in assigned))

    def _told(self, place: Place, name: str, names: list[str], deep: int) -> set[str]:
        """What the callers of this function say for its parameter."""
        function = place.function
        if function is None:
            raise Unreadable(name)
        found: set[str] = set()
        for caller, call in self.calls:
            own = caller.source == place.source
            if dotted(call.func).rpartition(".")[2] != function.name or (function.name[0] == "_" and not own):
                continue
            value = _keyword(call, name)
            if value is None and name in names and names.index(name) < len(call.args):
                value = call.args[names.index(name)]
            if value is not None:
                found |= self._values(caller, value, deep)
        if not found:
            raise Unreadable(f"{place.source.path}: nobody tells {function.name} its {name}")
        return found


def _calls(source: Source, node: ast.AST, inside: ast.FunctionDef | None) -> Iterator[tuple[Place, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield Place(source, inside), child
        yield from _calls(source, child, child if isinstance(child, ast.FunctionDef) else inside)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def _assigned(node: ast.AST, name: str) -> list[ast.expr]:
    """What is assigned to the name in a function (however deep) or at the top of a file."""
    inside = ast.walk(node) if isinstance(node, ast.FunctionDef) else ast.iter_child_nodes(node)
    return [
        one.value
        for one in inside
        if isinstance(one, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in one.targets)
    ]
