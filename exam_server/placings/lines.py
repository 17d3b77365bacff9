"""One line for each place of a quota: everybody who had it or was offered it, and what becomes of it.

A corrected key may bring a further list after places have moved. Whom it gives a place of their own no longer
stands in the line of the one that they were offered; who keeps a place that it does not give stands in a line
of their own, and uses up a place of the list that somebody leaves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from exam_server.placings.persons import Person
from exam_server.ranking.chain import HELD, LEFT, Standing
from exam_server.ranking.rules import Placed

Fate = Literal["held", "offered", "due", "empty", "closed"]
"""Of a place: somebody has it or may answer, it waits to be offered, nobody is left to be offered it, or it
is offered to nobody because others use up the quota's places.
"""


@dataclass(frozen=True)
class Noted:
    """One event with the name of who did it (empty: the server)."""

    kind: str
    at: datetime
    by: str
    reason: str
    due_at: datetime | None
    vacated_by: int | None


@dataclass(frozen=True)
class Holder:
    """Somebody who had, has or waits for a place."""

    person: Person
    placed: Placed
    standing: Standing
    happened: tuple[Noted, ...]

    @property
    def own(self) -> bool:
        """Whether the list itself gives them a place."""
        return self.placed.outcome == "accepted"

    @property
    def holds(self) -> bool:
        return self.standing.where in HELD

    @property
    def offer(self) -> Noted | None:
        return next((one for one in self.happened if one.kind == "offered"), None)

    @property
    def after(self) -> int | None:
        """Whose place was offered to them."""
        return self.offer.vacated_by if self.offer else None

    @property
    def left_at(self) -> datetime | None:
        return next((one.at for one in self.happened if one.kind in LEFT), None)


@dataclass(frozen=True)
class Line:
    """One place: everybody who had it or was offered it, in order."""

    holders: tuple[Holder, ...]
    fate: Fate

    @property
    def kept(self) -> bool:
        """Whether an earlier list gave this place and the one that counts does not."""
        return not self.holders[0].own


Holders = Mapping[int, Holder]
"""Of one quota, by attempt, in the order of ranks."""


@dataclass(frozen=True)
class _Walk:
    """Everybody of one line, and by whose name its place would be offered on."""

    holders: tuple[Holder, ...]
    name: int


def lines_of(holders: Holders, due: Collection[int]) -> tuple[Line, ...]:
    """Whoever holds a place is the last of exactly one line; `due`: by whose names places wait."""
    walks = sorted(_walks(holders), key=lambda walk: not walk.holders[0].own)
    left = [number for number, walk in enumerate(walks) if not walk.holders[-1].holds]
    free = sum(one.own for one in holders.values()) - sum(one.holds for one in holders.values())
    # whose name waits comes first; of the others what an earlier list gave is closed first
    names = Counter(name for name in due if name in holders)
    waiting = names.total()
    left.sort(key=lambda number: not _taken(names, walks[number].name))
    fates: dict[int, Fate] = {
        number: "due" if place < waiting else "empty" if place < free else "closed"
        for place, number in enumerate(left)
    }
    return tuple(Line(walk.holders, fates.get(number) or _held(walk)) for number, walk in enumerate(walks))


def _taken(names: Counter[int], name: int) -> bool:
    """Whether that name still waits, which it does once less from now on."""
    names[name] -= 1
    return names[name] >= 0


def _held(walk: _Walk) -> Fate:
    return "held" if walk.holders[-1].standing.where == "accepted" else "offered"


def _walks(holders: Holders) -> Iterator[_Walk]:
    """Lines of the list's own places, in the order of ranks, then of those that an earlier list gave."""
    heirs, shown = _heirs(holders), set[int]()
    own = [attempt for attempt, one in holders.items() if one.own]
    offered = [attempt for attempt in _by_offer(holders) if holders[attempt].offer]
    for attempt in [*own, *offered]:
        if attempt not in shown:
            walk = _walked(holders, heirs, attempt)
            shown.update(one.person.attempt_id for one in walk.holders)
            yield walk


def _heirs(holders: Holders) -> Mapping[int, Sequence[int]]:
    """By whose name a place was offered on: to whom, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    for attempt in _by_offer(holders):
        if (name := holders[attempt].after) is not None:
            found[name].append(attempt)
    return found


def _by_offer(holders: Holders) -> list[int]:
    """In the order in which they were offered a place; of one instant, whose place was left before."""
    return sorted(holders, key=lambda attempt: _offered(holders, attempt))


def _offered(holders: Holders, attempt: int) -> tuple[float, int]:
    offer, before, name = holders[attempt].offer, 0, holders[attempt].after
    while name is not None and name in holders and before < len(holders):
        before, name = before + 1, holders[name].after
    return offer.at.timestamp() if offer else 0.0, before


def _walked(holders: Holders, heirs: Mapping[int, Sequence[int]], first: int) -> _Walk:
    """Whom the list gives a place of their own is passed over where they were offered this one."""
    line, last, own = [holders[first]], first, holders[first].own
    while not line[-1].holds and (heir := _heir(holders, heirs, last, own)) is not None:
        last, own = heir, False
        if not holders[heir].own:
            line.append(holders[heir])
    return _Walk(tuple(line), last)


def _heir(holders: Holders, heirs: Mapping[int, Sequence[int]], attempt: int, own: bool) -> int | None:
    """Who was offered the place that this one had of their own, or the one that they were offered."""
    one, found = holders[attempt], heirs.get(attempt, ())
    if not found or not (one.own and one.offer):
        return found[0] if found else None
    if len(found) > 1:
        return found[1] if own else found[0]
    offered = holders[found[0]].offer
    passed_the_offered = one.left_at is None or (offered is not None and offered.at < one.left_at)
    return None if own == passed_the_offered else found[0]
