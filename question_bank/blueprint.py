"""The plan of the draw, and the draw of one paper from it: no item twice, every stratum filled."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from question_bank.chance import shuffled

_DIFFICULTIES = (None, "easy", "medium", "hard")
_MOST_PAPERS, _FEWEST_PAPERS = 200, 20
_ITEMS_LAID_OUT = 200_000
"""Items that an estimate shuffles in all: a large bank is asked fewer times, so that nobody waits."""


@dataclass(frozen=True)
class Ref:
    """What the draw must know of an item: never its text or key. `options` is their number."""

    id: int
    topic: str
    difficulty: str | None
    options: int
    shuffle: bool = True


@dataclass(frozen=True)
class Stratum:
    """One line of the plan: so many items of this topic and difficulty (None takes any)."""

    count: int
    topic: str | None = None
    difficulty: str | None = None

    def __post_init__(self) -> None:
        if type(self.count) is not int or self.count < 0:
            raise ValueError("a stratum counts 0 or more items")

    def takes(self, ref: Ref) -> bool:
        """Tell whether the item may stand in this stratum."""
        return self.topic in (None, ref.topic) and self.difficulty in (None, ref.difficulty)


@dataclass(frozen=True)
class Blueprint:
    """The plan of a paper."""

    strata: tuple[Stratum, ...]

    @property
    def total(self) -> int:
        """The number of items of a paper."""
        return sum(stratum.count for stratum in self.strata)

    def to_list(self) -> list[dict[str, Any]]:
        """Return the plan as JSON values."""
        return [asdict(stratum) for stratum in self.strata]

    @classmethod
    def from_list(cls, raw: Iterable[Mapping[str, Any]]) -> "Blueprint":
        """Return the plan that `to_list` gave; raises ValueError for anything else."""
        return cls(tuple(_stratum(entry) for entry in raw))


@dataclass(frozen=True)
class Drawn:
    """An item on a paper; `order[displayed]` is the original index of the option shown there."""

    id: int
    order: tuple[int, ...]


@dataclass(frozen=True)
class Overlap:
    """How many items two papers have in common on average; exact, or estimated from so many `papers`."""

    items: float
    papers: int = 0


class BankTooSmall(Exception):
    """The bank cannot fill the blueprint; `missing` says how many items each stratum lacks."""

    def __init__(self, missing: list[tuple[Stratum, int]]) -> None:
        super().__init__(f"the bank lacks {sum(count for _, count in missing)} items for this blueprint")
        self.missing = missing


def shortfall(refs: Iterable[Ref], blueprint: Blueprint) -> list[tuple[Stratum, int]]:
    """Return the strata that cannot be filled, each with the number of items missing; [] if all can."""
    return _fill(_by_id(refs), blueprint.strata)[1]


def draw(refs: Iterable[Ref], blueprint: Blueprint, seed: bytes) -> tuple[Drawn, ...]:
    """Return a paper in display order, the same for the same bank and seed; raises BankTooSmall.

    A paper is found whenever one exists, also when strata overlap.
    """
    known = _by_id(refs)
    chosen, missing = _fill(shuffled(known, seed, "items"), blueprint.strata)
    if missing:
        raise BankTooSmall(shortfall(known, blueprint))
    paper = shuffled(sorted(chosen, key=lambda ref: ref.id), seed, "paper")
    return tuple(Drawn(ref.id, _option_order(ref, seed)) for ref in paper)


def expected_overlap(refs: Iterable[Ref], blueprint: Blueprint) -> Overlap:
    """Return the mean number of common items of two papers drawn independently; raises BankTooSmall.

    An item that stands on a paper with chance p stands on both with p * p, so it is the sum of p * p over
    the bank (Chen, Ankenmann and Spray 2003, Journal of Educational Measurement 40(2), 129-145, on test
    overlap as a function of item exposure). Strata that share no item are simple random samples, p = n / N
    in each: exact. For others it is the mean over all pairs of papers drawn from fixed seeds.
    """
    known = _by_id(refs)
    if missing := _fill(known, blueprint.strata)[1]:
        raise BankTooSmall(missing)
    counts: Counter[tuple[str | None, str | None]] = Counter()
    for stratum in blueprint.strata:
        counts[stratum.topic, stratum.difficulty] += stratum.count
    merged = [Stratum(count, *place) for place, count in counts.items() if count]
    taking = [[stratum for stratum in merged if stratum.takes(ref)] for ref in known]
    if any(len(places) > 1 for places in taking):
        return _estimated(known, merged)
    sizes = Counter(places[0] for places in taking if places)
    return Overlap(sum(stratum.count**2 / sizes[stratum] for stratum in merged))


def _estimated(known: Sequence[Ref], strata: Sequence[Stratum]) -> Overlap:
    papers = max(_FEWEST_PAPERS, min(_MOST_PAPERS, _ITEMS_LAID_OUT // len(known)))
    stood: Counter[int] = Counter()
    for number in range(papers):
        chosen, _ = _fill(shuffled(known, number.to_bytes(4, "big"), "overlap"), strata)
        stood.update(ref.id for ref in chosen)
    pairs = papers * (papers - 1)
    return Overlap(sum(count * (count - 1) for count in stood.values()) / pairs, papers)


def _option_order(ref: Ref, seed: bytes) -> tuple[int, ...]:
    order = range(ref.options)
    return tuple(shuffled(order, seed, f"options {ref.id}") if ref.shuffle else order)


def _by_id(refs: Iterable[Ref]) -> list[Ref]:
    unique = {ref.id: ref for ref in refs}
    return [unique[key] for key in sorted(unique)]


def _fill(refs: Sequence[Ref], strata: Sequence[Stratum]) -> tuple[list[Ref], list[tuple[Stratum, int]]]:
    """Place as many refs as possible, earlier refs first; return them and what each stratum lacks."""
    fitting = [[index for index, ref in enumerate(refs) if stratum.takes(ref)] for stratum in strata]
    home: dict[int, int] = {}  # index of a ref -> stratum it stands in
    missing = []
    for wanting, stratum in enumerate(strata):
        for placed in range(stratum.count):
            if not _place_one(wanting, fitting, home):
                missing.append((stratum, stratum.count - placed))
                break
    return [refs[index] for index in home], missing


def _place_one(wanting: int, fitting: Sequence[Sequence[int]], home: dict[int, int]) -> bool:
    """Give the stratum one more ref, moving refs between strata along a shortest augmenting path."""
    came_by: dict[int, tuple[int, int]] = {}  # stratum -> (ref it would give away, stratum that would get it)
    queue = deque([wanting])
    while queue:
        stratum = queue.popleft()
        free = next((index for index in fitting[stratum] if index not in home), None)
        if free is not None:
            _move_along(free, stratum, wanting, came_by, home)
            return True
        for index in fitting[stratum]:
            holder = home[index]
            if holder != wanting and holder not in came_by:
                came_by[holder] = (index, stratum)
                queue.append(holder)
    return False


def _move_along(
    free: int, stratum: int, wanting: int, came_by: Mapping[int, tuple[int, int]], home: dict[int, int]
) -> None:
    home[free] = stratum
    while stratum != wanting:
        given, stratum = came_by[stratum]
        home[given] = stratum


def _stratum(entry: Mapping[str, Any]) -> Stratum:
    if not isinstance(entry, Mapping) or not {"count"} <= entry.keys() <= {"count", "topic", "difficulty"}:
        raise ValueError("a stratum has a count, a topic and a difficulty")
    topic, difficulty = entry.get("topic"), entry.get("difficulty")
    if not (topic is None or isinstance(topic, str)) or difficulty not in _DIFFICULTIES:
        raise ValueError("this topic or difficulty cannot be drawn")
    return Stratum(entry["count"], topic, difficulty)
