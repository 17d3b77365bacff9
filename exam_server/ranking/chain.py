"""What becomes of places after the list was frozen: who leaves one, and who is offered it.

A place that is left is offered to the next reserve of the same quota; a reserve who declines, or lets the
offer run out, leaves it in turn. Nobody's standing is stored: it
follows from the list, the events and now.

A corrected key may bring a further list after places have moved. Who took a place keeps it, an open offer
stands until its end, and nothing more is offered until those who hold or were offered a place of the quota
are fewer than the list accepts. Who never answered an offer loses nothing that a further list gives.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from exam_server.ranking.rules import Placed

EventKind = Literal["withdrew", "disqualified", "cancelled", "offered", "took", "declined"]
Where = Literal[
    "accepted", "offered", "reserve", "not_accepted", "not_eligible",
    "withdrew", "disqualified", "cancelled", "declined", "lapsed",
]  # fmt: skip
LEFT: tuple[EventKind, ...] = ("withdrew", "disqualified", "cancelled", "declined")
HELD: tuple[Where, ...] = ("accepted", "offered")
"""Who stands so uses up one place of their quota."""


@dataclass(frozen=True)
class Event:
    """One fact about one candidate's place; an offer says until when, and whose place it is."""

    kind: EventKind
    attempt: int
    at: datetime
    due_at: datetime | None = None
    vacated_by: int | None = None


@dataclass(frozen=True)
class Standing:
    """Where a candidate stands now; `until` is the end of an open offer, `instead_of` whose place it is."""

    where: Where
    until: datetime | None = None
    instead_of: int | None = None


@dataclass(frozen=True)
class Offer:
    """What is due to be offered: to whom, and whose place."""

    attempt: int
    vacated_by: int


def standings(placed: Sequence[Placed], events: Sequence[Event], now: datetime) -> dict[int, Standing]:
    """Where everybody on the list stands, by attempt."""
    happened = _by_attempt(events)
    return {one.attempt: _standing(one, happened.get(one.attempt, {}), now) for one in placed}


def offers_due(placed: Sequence[Placed], events: Sequence[Event], now: datetime) -> tuple[Offer, ...]:
    """Places that somebody left and nobody was offered yet, each with the next reserve of its quota.

    A place stays empty when its quota has no reserve left. In the order in which the places were left; never
    more than make as many holders as the list accepts. Of `placed` only reserves and who has events matter.
    """
    where = standings(placed, events, now)
    waiting: dict[int | None, list[int]] = defaultdict(list)
    for one in sorted(placed, key=lambda one: one.reserve or 0):
        if where[one.attempt].where == "reserve":
            waiting[one.quota].append(one.attempt)
    quotas, free = {one.attempt: one.quota for one in placed}, _free(placed, where)
    due = []
    for attempt in _vacancies(placed, events, where, now):
        quota = quotas[attempt]
        if free[quota] > 0 and waiting[quota]:
            free[quota] -= 1
            due.append(Offer(waiting[quota].pop(0), attempt))
    return tuple(due)


def _free(placed: Sequence[Placed], where: Mapping[int, Standing]) -> Counter[int | None]:
    """By quota: whom the list accepts without those who hold; negative when an older list's keep theirs."""
    found: Counter[int | None] = Counter()
    for one in placed:
        found[one.quota] += (one.outcome == "accepted") - (where[one.attempt].where in HELD)
    return found


def _standing(placed: Placed, happened: Mapping[str, Event], now: datetime) -> Standing:
    for kind in LEFT:
        if kind in happened:
            return Standing(kind)  # type: ignore[arg-type]
    offer = happened.get("offered")
    if "took" in happened:
        return Standing("accepted", instead_of=offer.vacated_by if offer else None)
    if offer is not None and offer.due_at is not None and placed.outcome != "accepted":
        open_until = offer.due_at
        return Standing("offered" if now < open_until else "lapsed", open_until, offer.vacated_by)
    return Standing(placed.outcome)


def _vacancies(
    placed: Sequence[Placed], events: Sequence[Event], where: Mapping[int, Standing], now: datetime
) -> list[int]:
    """Who left a place that was theirs (or was offered to them), once for each that nobody was offered since.

    After them whom a further list gives a place of their own: the one that they were offered is free. Who
    left both, the one that they were offered and the one that a further list would give, is named twice.
    """
    happened, outcomes = _by_attempt(events), {one.attempt: one.outcome for one in placed}
    passed_on = Counter(one.vacated_by for one in events if one.kind == "offered")
    left: list[tuple[bool, datetime, int]] = []
    for attempt, standing in where.items():
        own, offer = outcomes[attempt] == "accepted", happened.get(attempt, {}).get("offered")
        if at := _left_at(standing, happened.get(attempt, {})):
            names = [(False, at, attempt)] * (own + (offer is not None))
        else:
            names = [(True, offer.at, attempt)] if own and offer and standing.where == "accepted" else []
        left += names[passed_on[attempt] :]
    return [attempt for _, at, attempt in sorted(left) if at <= now]


def _left_at(standing: Standing, happened: Mapping[str, Event]) -> datetime | None:
    if standing.where == "lapsed":
        return standing.until
    return next((happened[kind].at for kind in LEFT if kind == standing.where), None)


def _by_attempt(events: Sequence[Event]) -> dict[int, dict[str, Event]]:
    found: dict[int, dict[str, Event]] = defaultdict(dict)
    for one in events:
        found[one.attempt][one.kind] = one
    return found
