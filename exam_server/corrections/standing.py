"""Where candidates stand by the scores in force, and where they would by others: the same rules, twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from exam_server.corrections.effect import Points, Standing, points
from exam_server.ranking import field, ground
from exam_server.ranking.plan import Plan, plan
from exam_server.ranking.rules import TEST, Placed, Runner, select
from exam_server.scores.service import Scored

Standings = dict[int, Standing]
"""By attempt."""


def made(tx: Session, activity_id: int) -> Plan | None:
    """How the selection is made; None while it cannot be: scores are not opened, or there is no quota."""
    recorded = plan(tx, activity_id)
    return recorded if recorded.opening and recorded.criteria and recorded.quota else None


def opened(tx: Session, activity_id: int) -> bool:
    """True when officials may see scores."""
    return plan(tx, activity_id).opening is not None


def both(
    tx: Session, activity_id: int, recorded: Plan, scored: Mapping[int, Scored], changed: Mapping[int, Points]
) -> tuple[dict[int, str], Standings, Standings]:
    """Numbers of all, their standings by the scores in force, and with those in `changed` instead."""
    weighed, places = recorded.needed()
    criteria, reserves = weighed.criteria, places.reserves
    now = field.runners(tx, ground.of_activity(tx, activity_id), criteria, scored)
    then = [_with(one, changed[one.attempt]) if one.attempt in changed else one for one in now]
    before, after = (select(criteria, runners, places.quotas, reserves) for runners in (now, then))
    return {one.attempt: one.number for one in now}, by_attempt(before), by_attempt(after)


def _with(runner: Runner, score: Points) -> Runner:
    if TEST not in runner.shares:
        return runner
    return replace(runner, shares={**runner.shares, TEST: points(score) / 100})


def by_attempt(placed: Iterable[Placed]) -> Standings:
    return {one.attempt: Standing(one.outcome, one.rank, one.reserve) for one in placed}
