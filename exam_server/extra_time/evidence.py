"""When did many candidates of one sitting lose time at once: told from the gaps of single ones; pure.

One silent page is a flat battery, and an official looks after it. A common cause shows in several at once,
so trouble is common while at least three attempts, at least half of those that run, and at least a third of
all that began, are in trouble at the same moment, for a minute or longer:
- three, since of two people in a small sitting both may have a bad moment at once by chance;
- half, since what fails for fewer is a matter of places and devices, which the server cannot tell from here;
- a third of all that began (handed in included), since at the end of a sitting few run still, and three
  friends who cut their own line when the others have gone home are half of those soon;
- a minute, since a shorter one is made up for by every page itself: it keeps answers and sends them again.

Only silences that ended count. Who left and never came back is no witness: at the end of a sitting that
would be half of them. Nor is who came back after more than an hour: that is leaving, not waiting for a
network; whoever could not come back sooner is a matter for officials, two of them. What an outage of the
whole server covers is counted there, and not here again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Literal

from exam_server.exam.rules import CONTACT_LOST_AFTER
from exam_server.exam.stretches import Stretch, joined, length, within, without

Kind = Literal["contact", "saves", "late"]
"""Not heard of; answers refused by the storage; answers that came after the deadline, after a silence."""

FEWEST = 3
PART_OF_RUNNING, PART_OF_BEGUN = 2, 3
"""Witnesses are at least one of so many."""

SHORTEST = timedelta(seconds=60)

LEAST = timedelta(seconds=30)
"""Who was away for less within a window was not struck by it: signs of life are ten seconds apart anyway."""

SETTLED = timedelta(seconds=45)
"""After the end of a window: by then whoever could come back has, and its silences are written down."""

PATIENT = timedelta(minutes=2)
"""After the end of a window nobody waits longer for those who are silent still: they come later."""

GONE = timedelta(minutes=10)
"""Silent for so long without coming back: left, and counted among those who run no longer."""


LONGEST = timedelta(minutes=60)
"""Silent for longer: left meanwhile, also when it came back."""


@dataclass(frozen=True)
class Ran:
    """When the time of one attempt ran, and when in it its candidate had left."""

    attempt_id: int
    began: datetime
    until: datetime
    left: tuple[Stretch, ...] = ()

    @property
    def there(self) -> list[Stretch]:
        """When it ran with its candidate."""
        return without([(self.began, self.until)], self.left)


@dataclass(frozen=True)
class Gap:
    """A trouble of one attempt that is over."""

    attempt_id: int
    kind: Kind
    began: datetime
    ended: datetime


@dataclass(frozen=True)
class Window:
    """Common trouble: how many ran in it and had begun by then, whom it struck, when each was away."""

    began: datetime
    ended: datetime
    running: int
    begun: int
    lost: Mapping[int, tuple[Stretch, ...]]


def windows(ran: Sequence[Ran], gaps: Iterable[Gap], covered: Iterable[Stretch]) -> list[Window]:
    """The windows of one sitting in order; `covered` are outages of the whole server."""
    away = _away(ran, gaps)
    common = without(_common(ran, away), covered)
    return [_window(bounds, ran, away) for bounds in common if bounds[1] - bounds[0] >= SHORTEST]


def _away(ran: Sequence[Ran], gaps: Iterable[Gap]) -> dict[int, list[Stretch]]:
    """Of each attempt in trouble, when it was, while its time ran."""
    told: dict[int, list[Stretch]] = {}
    for gap in gaps:
        told.setdefault(gap.attempt_id, []).append((gap.began, gap.ended))
    found = {one.attempt_id: without(within(told.get(one.attempt_id, []), (one.began, one.until)), one.left)
             for one in ran}  # fmt: skip
    return {attempt_id: stretches for attempt_id, stretches in found.items() if stretches}


def _common(ran: Sequence[Ran], away: Mapping[int, Sequence[Stretch]]) -> list[Stretch]:
    """From one change to the next, whether enough of those who run, and who began, are in trouble."""
    changes = _changes(ran, away)
    running = begun = troubled = 0
    found, instants = [], sorted(changes)
    for at, following in pairwise(instants):
        running, begun, troubled = running + changes[at][0], begun + changes[at][1], troubled + changes[at][2]
        enough = PART_OF_RUNNING * troubled >= running and PART_OF_BEGUN * troubled >= begun
        if troubled >= FEWEST and enough:
            found.append((at, following))
    return joined(found)


def _changes(ran: Sequence[Ran], away: Mapping[int, Sequence[Stretch]]) -> dict[datetime, list[int]]:
    """At each instant by how many more run, have begun, are in trouble."""
    changes: dict[datetime, list[int]] = {}
    for one in ran:
        changes.setdefault(one.began, [0, 0, 0])[1] += 1
    there = (stretch for one in ran for stretch in one.there)
    for which, stretches in ((0, there), (2, chain.from_iterable(away.values()))):
        for began, ended in stretches:
            changes.setdefault(began, [0, 0, 0])[which] += 1
            changes.setdefault(ended, [0, 0, 0])[which] -= 1
    return changes


def _window(bounds: Stretch, ran: Sequence[Ran], away: Mapping[int, Sequence[Stretch]]) -> Window:
    lost = {one: within(stretches, bounds) for one, stretches in away.items()}
    running = sum(bool(within(one.there, bounds)) for one in ran)
    return Window(*bounds, running, sum(one.began < bounds[1] for one in ran), _worth(lost))


def left(silences: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Those in which a candidate had left; all silences of one attempt, as they were."""
    return tuple(one for one in joined(silences) if one[1] - one[0] > LONGEST)


def _worth(lost: Mapping[int, Sequence[Stretch]]) -> dict[int, tuple[Stretch, ...]]:
    return {one: tuple(parts) for one, parts in sorted(lost.items()) if length(parts) >= LEAST}


def finished(window: Window, silent_since: Iterable[datetime], now: datetime) -> bool:
    """True when nothing more is to be waited for; `silent_since` are those who are silent still."""
    if now < window.ended + SETTLED:
        return False
    fell_silent = (window.began - CONTACT_LOST_AFTER, window.ended)
    away = any(fell_silent[0] <= since < fell_silent[1] for since in silent_since)
    return not away or now >= window.ended + PATIENT


def not_told_yet(
    window: Window, told: Mapping[int, Sequence[Stretch]]
) -> dict[int, tuple[Stretch, ...]]:  # fmt: skip
    """Whom it struck, and when, beyond what earlier outages took from the same attempt already."""
    return _worth({one: without(parts, told.get(one, ())) for one, parts in window.lost.items()})


def closed_while(started_at: datetime, entries: Iterable[tuple[datetime, int]]) -> list[Stretch]:
    """When the clock held an attempt closed until time was given; `entries` of its ledger: (when, seconds).

    Who could not answer because the time was over lost nothing then.
    """
    closed, deadline = [], started_at
    for entered_at, seconds in sorted(entries):
        if entered_at > deadline > started_at:
            closed.append((deadline, entered_at))
        deadline += timedelta(seconds=seconds)
    return closed


def came_back_late(
    arrivals: Iterable[datetime], last_contact_at: datetime, silences: Sequence[Stretch]
) -> list[Stretch]:
    """The silence before each return that answers after the deadline prove: its end is the first arrival."""
    first: dict[datetime, datetime] = {}
    for at in arrivals:
        began = last_contact_at
        if began >= at:
            began = next((since for since, until in silences if since < at <= until), at)
        first[began] = min(at, first.get(began, at))
    return [(began, at) for began, at in sorted(first.items()) if at - began > CONTACT_LOST_AFTER]


def ran_until(deadline_at: datetime, last_contact_at: datetime, gaps: Iterable[Gap]) -> datetime:
    """When the time of an attempt that nobody handed in ceased to run, as far as this rule goes.

    A silence that began in time counts to its end, past the deadline too: all of it was lost. Who was not
    heard of again is not waited for longer than GONE.
    """
    until = min(deadline_at, last_contact_at + GONE)
    return max([until, *(gap.ended for gap in gaps if gap.began < deadline_at)])
