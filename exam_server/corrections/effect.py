"""What a corrected key does: whose score, rank and status change, by how much, and the sums of it.

It is told as JSON that any process makes the same from the same facts, so that its hash names it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

ACCEPTED = "accepted"
Points = tuple[int, int]
"""(right answers, items that count)"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a selection says of somebody; no rank where they are not eligible."""

    outcome: str
    rank: int | None = None
    reserve: int | None = None

    @property
    def status(self) -> tuple[str, int | None]:
        return self.outcome, self.reserve


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate before and after; without standings where no selection can be made yet."""

    attempt: int
    number: str
    before: Points
    after: Points
    stood: Standing | None = None
    stands: Standing | None = None

    @property
    def change(self) -> Fraction:
        """Points of 100."""
        return points(self.after) - points(self.before)

    @property
    def rank_changed(self) -> bool:
        return (self.stood and self.stood.rank) != (self.stands and self.stands.rank)

    @property
    def status_changed(self) -> bool:
        return (self.stood and self.stood.status) != (self.stands and self.stands.status)

    @property
    def changed(self) -> bool:
        return self.before != self.after or self.rank_changed or self.status_changed


@dataclass(frozen=True)
class Sums:
    """How many were drawn the item and change how; the largest changes in hundredths of a point of 100."""

    drawn: int = 0
    scores: int = 0
    up: int = 0
    down: int = 0
    most_up: int = 0
    most_down: int = 0
    ranked: bool = False
    ranks: int = 0
    statuses: int = 0
    gained: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Effect:
    """`chosen`: how many chose each option, in the item's own order, then how many none; `steps`: how many
    change by so many hundredths of a point; `lines`: everybody who changes, none before scores were opened.
    """

    sums: Sums
    chosen: tuple[int, ...]
    steps: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...] = ()

    @property
    def sha256(self) -> str:
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {"sums": asdict(self.sums), "chosen": self.chosen, "steps": self.steps,
                "lines": [_row(one) for one in self.lines]}  # fmt: skip

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Effect:
        return cls(Sums(**said["sums"]), tuple(said["chosen"]),
                   tuple((step, count) for step, count in said["steps"]),
                   tuple(_line(one) for one in said["lines"]))  # fmt: skip


def points(score: Points) -> Fraction:
    """Of 100; nothing where no item counts."""
    correct, out_of = score
    return Fraction(100 * correct, out_of) if out_of else Fraction(0)


def hundredths(value: Fraction) -> int:
    """Rounded half to even."""
    return round(value * 100)


def told(lines: Iterable[Line], drawn: Iterable[int], chosen: tuple[int, ...], with_names: bool) -> Effect:
    """The effect on everybody (`lines`), of whom `drawn` have the item on their paper."""
    everybody, held = tuple(lines), frozenset(drawn)
    steps = Counter(hundredths(one.change) for one in everybody if one.attempt in held)
    changed = tuple(one for one in everybody if one.changed) if with_names else ()
    return Effect(_sums(everybody, len(held)), chosen, tuple(sorted(steps.items())), changed)


def _sums(everybody: tuple[Line, ...], drawn: int) -> Sums:
    changes = [one.change for one in everybody]
    ranked = any(one.stands for one in everybody)
    return Sums(
        drawn=drawn,
        scores=sum(one.before != one.after for one in everybody),
        up=sum(change > 0 for change in changes),
        down=sum(change < 0 for change in changes),
        most_up=hundredths(max(changes, default=Fraction(0))) if any(one > 0 for one in changes) else 0,
        most_down=hundredths(min(changes, default=Fraction(0))) if any(one < 0 for one in changes) else 0,
        ranked=ranked,
        ranks=sum(one.rank_changed for one in everybody),
        statuses=sum(one.status_changed for one in everybody),
        gained=sum(not _accepted(one.stood) and _accepted(one.stands) for one in everybody),
        lost=sum(_accepted(one.stood) and not _accepted(one.stands) for one in everybody),
    )


def _accepted(one: Standing | None) -> bool:
    return one is not None and one.outcome == ACCEPTED


def _row(one: Line) -> list[Any]:
    return [one.attempt, one.number, one.before, one.after, as_list(one.stood), as_list(one.stands)]


def as_list(one: Standing | None) -> list[Any] | None:
    """[outcome, rank, number among the reserves]"""
    return [one.outcome, one.rank, one.reserve] if one else None


def _line(said: list[Any]) -> Line:
    attempt, number, before, after, stood, stands = said
    return Line(attempt, number, (before[0], before[1]), (after[0], after[1]),
                Standing(*stood) if stood else None, Standing(*stands) if stands else None)  # fmt: skip
