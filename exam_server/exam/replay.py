"""What follows from the journal of one attempt, and everything in it that cannot have happened; pure.

Each entry is held against those before it. What contradicts them is named and the replay goes on, so that one
edited entry is told as one. All instants are whole microseconds since 1970.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from exam_server.exam.journal import FIRST_SEAL, seal

What = Literal[
    "broken_seal", "gap", "unreadable", "unknown_kind", "drawn_again", "pledged_again", "no_paper",
    "started_again", "not_started", "lease_not_next", "after_closing", "seq_not_growing", "too_late",
    "time_after_handing_in", "deadline_disagrees", "counted_without_time", "counted_after_handing_in",
    "closed_again", "closed_at_another_instant", "reopened_without_time",
]  # fmt: skip
SECOND = 1_000_000


class Entry(NamedTuple):
    """One entry as it is stored; `data` is the text that was sealed."""

    number: int
    at: int
    kind: str
    data: str
    seal: str


class Answer(NamedTuple):
    """One version of one response."""

    seq: int
    option: int | None
    flagged: bool
    arrived_at: int


class Granted(NamedTuple):
    """Seconds that the ledger got."""

    kind: str
    seconds: int
    reason_code: str
    author: int | None


class Contradiction(NamedTuple):
    """What cannot be: in which entry, and at which position where it is about one."""

    number: int
    what: What
    position: int | None = None


@dataclass
class Replayed:
    """The attempt as its journal tells it, up to the newest entry."""

    attempt_id: int
    number: int = 0
    seal: str = FIRST_SEAL
    paper_sha256: str | None = None
    pledged_at: int | None = None
    started_at: int | None = None
    allowed_seconds: int | None = None
    grace_seconds: int = 0
    adopted: bool = False
    """It had begun before there were journals: older versions and grants are not in this one."""
    carried_seconds: int = 0
    """What had been granted before it was adopted."""
    ledger: list[Granted] = field(default_factory=list)
    lease: int | None = 0
    """None while nobody joined since it was adopted: the number of then is not known."""
    responses: dict[int, Answer] = field(default_factory=dict)
    history: dict[int, list[Answer]] = field(default_factory=dict)
    counted: list[tuple[str, int, Answer]] = field(default_factory=list)
    """(source, position, answer) of what officials let count."""
    closings: list[tuple[int, str]] = field(default_factory=list)
    finalised_at: int | None = None
    how: str | None = None
    last_kind: str = ""
    contradictions: list[Contradiction] = field(default_factory=list)

    @property
    def seconds(self) -> int:
        """The sum of the ledger."""
        return self.carried_seconds + sum(granted.seconds for granted in self.ledger)

    @property
    def deadline_at(self) -> int | None:
        return None if self.started_at is None else self.started_at + self.seconds * SECOND


Told = Callable[..., None]
"""Notes a contradiction of the entry at hand: what, and perhaps the position."""
Said = Mapping[str, Any]


def replay(attempt_id: int, entries: Iterable[Entry]) -> Replayed:
    """The state that follows from `entries`, which come in order, with every contradiction among them."""
    state = Replayed(attempt_id)
    for entry in entries:
        _take(state, entry)
    return state


def _take(state: Replayed, entry: Entry) -> None:
    def tell(what: What, position: int | None = None) -> None:
        state.contradictions.append(Contradiction(entry.number, what, position))

    _check_chain(state, entry, tell)
    try:
        follow = _FOLLOW.get(entry.kind)
        if follow is None:
            tell("unknown_kind")
        else:
            follow(state, entry.at, json.loads(entry.data), tell)
    except (KeyError, TypeError, ValueError, AttributeError):
        tell("unreadable")
    state.number, state.seal, state.last_kind = entry.number, entry.seal, entry.kind


def _check_chain(state: Replayed, entry: Entry, tell: Told) -> None:
    """An entry that is missing breaks the seal after it too; that is told once, as the gap it is."""
    if entry.number != state.number + 1:
        tell("gap")
    elif entry.seal != seal(state.seal, state.attempt_id, entry.number, entry.at, entry.kind, entry.data):
        tell("broken_seal")


def _drawn(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.paper_sha256 is not None:
        tell("drawn_again")
    state.paper_sha256 = said["paper_sha256"]


def _pledged(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.pledged_at is not None:
        tell("pledged_again")
    state.pledged_at = at


def _started(state: Replayed, at: int, said: Said, tell: Told) -> None:
    _begin(state, at, said, tell)
    if said["extra_seconds"] != state.seconds:
        tell("deadline_disagrees")
    state.ledger.append(Granted("start", said["allowed_seconds"], "allowance", None))


def _begin(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.paper_sha256 is None:
        tell("no_paper")
    if state.started_at is not None:
        tell("started_again")
    state.started_at, state.allowed_seconds = at, said["allowed_seconds"]
    state.grace_seconds = said["grace_seconds"]


def _adopted(state: Replayed, at: int, said: Said, tell: Told) -> None:
    _begin(state, said["started_at"], said, tell)
    state.adopted, state.lease = True, None
    state.ledger.append(Granted("start", said["allowed_seconds"], "allowance", None))
    state.carried_seconds = (said["deadline_at"] - said["started_at"]) // SECOND - said["allowed_seconds"]
    _store(state, said["items"], tell)
    if said["how"] is not None:
        _close(state, said["finalised_at"], said["how"])


def _joined(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.started_at is None:
        tell("not_started")
    if state.lease is not None and said["lease"] != state.lease + 1:
        tell("lease_not_next")
    state.lease = said["lease"]


def _released(state: Replayed, at: int, said: Said, tell: Told) -> None:
    """No device holds it: a lease number that nobody has."""
    _joined(state, at, said, tell)
    if state.how is not None:
        tell("after_closing")


def _saved(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.how is not None:
        tell("after_closing")
    _refuse_late(state, said["items"], tell)
    _store(state, said["items"], tell)


def _refuse_late(state: Replayed, items: list[list[Any]], tell: Told) -> None:
    if state.deadline_at is None:
        return tell("not_started")
    until = state.deadline_at + state.grace_seconds * SECOND
    for position, *_, arrived_at in items:
        if arrived_at >= until:
            tell("too_late", position)
    return None


def _store(state: Replayed, items: list[list[Any]], tell: Told) -> None:
    for position, seq, option, flagged, arrived_at in items:
        former = state.responses.get(position)
        if former is not None and seq <= former.seq:
            tell("seq_not_growing", position)
        state.responses[position] = Answer(seq, option, flagged, arrived_at)
        state.history.setdefault(position, []).append(state.responses[position])


def _ledger(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.how not in (None, "clock"):
        tell("time_after_handing_in")
    granted = Granted(said["kind"], said["seconds"], said["reason_code"], said["author"])
    if granted.kind == "start" or granted.seconds <= 0:
        tell("deadline_disagrees")
    state.ledger.append(granted)
    _check_deadline(state, said, tell)


def _check_deadline(state: Replayed, said: Said, tell: Told) -> None:
    """The journal tells deadlines in milliseconds, as pages do."""
    told, counted = said["deadline_at"], state.deadline_at
    if (told is None) is not (counted is None) or (counted is not None and abs(told - counted / 1000) > 1):
        tell("deadline_disagrees")


def _counted(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.how not in (None, "clock"):
        tell("counted_after_handing_in")
    if said["source"] == "late":
        if state.last_kind not in ("ledger", "reopened"):
            tell("counted_without_time")
        _refuse_late(state, said["items"], tell)
    elif said["source"] != "rescue":
        tell("counted_without_time")
    _store(state, said["items"], tell)
    state.counted += [(said["source"], item[0], Answer(*item[1:])) for item in said["items"]]


def _closed(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.how is not None:
        tell("closed_again")
    if said["how"] != "official":
        if state.deadline_at is None:
            tell("not_started")
        elif at > state.deadline_at or (said["how"] == "clock" and at != state.deadline_at):
            tell("closed_at_another_instant")
    _close(state, at, said["how"])


def _close(state: Replayed, at: int, how: str) -> None:
    state.finalised_at, state.how = at, how
    state.closings.append((at, how))


def _reopened(state: Replayed, at: int, said: Said, tell: Told) -> None:
    if state.how != "clock" or state.last_kind != "ledger":
        tell("reopened_without_time")
    _check_deadline(state, said, tell)
    state.finalised_at = state.how = None


_FOLLOW: dict[str, Callable[[Replayed, int, Said, Told], None]] = {
    "drawn": _drawn, "pledged": _pledged, "started": _started, "adopted": _adopted, "joined": _joined,
    "released": _released, "saved": _saved, "ledger": _ledger, "counted": _counted, "closed": _closed,
    "reopened": _reopened,
}  # fmt: skip
