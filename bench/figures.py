"""What was measured: medians with their spread, as a table for people and one flat object for programs."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class BenchError(Exception):
    """A measurement that would not be honest; its text says what went wrong."""


@dataclass(frozen=True)
class Figure:
    """One line of the table; `in_json` is false for what only explains another line."""

    key: str
    values: tuple[float, ...]
    unit: str
    in_json: bool

    @property
    def median(self) -> float:
        return statistics.median(self.values)


@dataclass
class Report:
    """Everything one run found out, and what it left out and why."""

    figures: list[Figure] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def add(self, key: str, values: Iterable[float], unit: str, in_json: bool = True) -> None:
        """`values`: one per window or per pair of adjacent windows; the line is printed at once."""
        figure = Figure(key, tuple(values), unit, in_json)
        self.figures.append(figure)
        print(_line(figure), flush=True)

    def leave_out(self, key: str, reason: str) -> None:
        self.left_out.append((key, reason))
        print(f"{key:<42} left out: {reason}", flush=True)

    def table(self) -> str:
        """Medians, spread and absolute microseconds."""
        head = f"{'':<42} {'median':>10} {'least':>10} {'most':>10} {'n':>3}"
        lines = [head, *(_line(figure) for figure in self.figures)]
        return "\n".join(lines + [f"{key:<42} left out: {reason}" for key, reason in self.left_out])

    def write(self, file: Path) -> None:
        """The flat object: key to median."""
        flat = {one.key: float(f"{one.median:.4g}") for one in self.figures if one.in_json}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(dict(sorted(flat.items())), indent=1) + "\n")


def _line(one: Figure) -> str:
    shown = " ".join(f"{value:>10.4g}" for value in (one.median, min(one.values), max(one.values)))
    return f"{one.key:<42} {shown} {len(one.values):>3}  {one.unit}{'' if one.in_json else ' (not a goal)'}"


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """Adjacent windows divided pair by pair, so that what slows the whole machine cancels out."""
    return [above / below for above, below in zip(over, under, strict=True)]


def micros(rates: Iterable[float]) -> list[float]:
    """Microseconds per answer on a core that does nothing else; `rates` are per second."""
    return [1e6 / rate for rate in rates]
