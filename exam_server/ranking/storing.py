"""A list that was made is stored with its lines, and told to the trail: a few statements and no reckoning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import announce
from exam_server.models import Placing, SelectionList
from exam_server.ranking import ground, listing, lists
from exam_server.ranking.contents import criteria_json, quotas_json
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Wanted
from exam_server.ranking.plan import Plan, plan
from exam_server.ranking.ready import Ready
from exam_server.ranking.refusals import NothingFrozen

KIND = "selection.frozen"


@dataclass(frozen=True)
class Signed:
    """Who stands for a list, and why it was made."""

    asked_by: int
    granted_by: int
    reason: str
    at: datetime


def freeze_again(tx: Session, activity_id: int, result_number: int, made: Ready, signed: Signed) -> int:
    """The id of a further list, made by the scores of that result version; raises NothingFrozen.

    The caller holds the activity, found that `made` stands on the facts of now (`ready.require_unmoved`), and
    has added the scores that it names.
    """
    before = lists.newest_list(tx, activity_id)
    if before is None:
        raise NothingFrozen
    place, recorded = ground.of_activity(tx, activity_id), plan(tx, activity_id)
    return store(tx, place, recorded, payload(recorded, result_number, before.number + 1, made), made, signed)


def wanted(place: Ground, recorded: Plan, version: int | None) -> Wanted:
    """What to rank by; raises CriteriaMissing, QuotaMissing."""
    criteria, quota = recorded.needed()
    return listing.wanted(place.activity_id, criteria_json(criteria.criteria), quotas_json(quota.quotas),
                          quota.reserves, version)  # fmt: skip


def payload(recorded: Plan, version: int, number: int, made: Ready) -> dict[str, Any]:
    """What an approval names a list by."""
    criteria, quota = recorded.needed()
    return {"number": number, "criteria": criteria.number, "quota": quota.number, "result": version,
            "sha256": made.sha256}  # fmt: skip


def store(
    tx: Session, place: Ground, recorded: Plan, named: dict[str, Any], made: Ready, signed: Signed
) -> int:
    """The id of the list; the caller holds the activity."""
    criteria, quota = recorded.needed()
    row = SelectionList(
        activity_id=place.activity_id, number=named["number"], criteria_id=criteria.id, quota_id=quota.id,
        result_number=named["result"], reason=signed.reason, sha256=named["sha256"],
        asked_by=signed.asked_by, granted_by=signed.granted_by, frozen_at=signed.at,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    if made.lines:  # on the connection: thousands of rows need no session
        tx.connection().execute(sa.insert(Placing), [{"list_id": row.id} | one for one in made.lines])
    announce(tx, KIND, {"activity_id": place.activity_id, "list_id": row.id})
    audit.record(
        tx, now=signed.at, act=KIND, object_kind="activity", object_id=place.activity_id,
        actor_id=signed.granted_by, office_id=place.office_id,
        detail=named | {"version": named["number"], "asked_by": signed.asked_by, "reason": signed.reason,
                        "count": len(made.lines)},
    )  # fmt: skip
    return row.id
