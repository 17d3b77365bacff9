"""The score of one attempt: raw responses against the keys in force, nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.blueprint import Drawn


@dataclass(frozen=True)
class Key:
    """What counts as right for an item, in original option indices.

    `everyone`: the item is void and right for all, also when left blank. `dropped`: it is void and counts
    for nobody; this wins over `everyone`.
    """

    accepted: frozenset[int]
    everyone: bool = False
    dropped: bool = False


@dataclass(frozen=True)
class Score:
    """correct + wrong + blank = out_of; per position True (right), False (wrong), None (blank or dropped)."""

    correct: int
    wrong: int
    blank: int
    out_of: int
    per_position: tuple[bool | None, ...]


def score(paper: Sequence[Drawn], responses: Mapping[int, int | None], keys: Mapping[int, Key]) -> Score:
    """Return the score; `responses` maps a 0-based position to the displayed option, or None for blank.

    A response outside the displayed options is wrong. Raises KeyError for an item without a key.
    """
    marks = tuple(
        _mark(drawn, responses.get(position), keys[drawn.id]) for position, drawn in enumerate(paper)
    )
    out_of = sum(not keys[drawn.id].dropped for drawn in paper)
    correct, wrong = marks.count(True), marks.count(False)
    return Score(correct, wrong, out_of - correct - wrong, out_of, marks)


def _mark(drawn: Drawn, displayed: int | None, key: Key) -> bool | None:
    if key.dropped:
        return None
    if key.everyone:
        return True
    if displayed is None:
        return None
    return 0 <= displayed < len(drawn.order) and drawn.order[displayed] in key.accepted
