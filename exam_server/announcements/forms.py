"""What an official chose on the form of an announcement: the columns, and when it comes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from exam_server.announcements.refusals import PolicyUnknown, PublishTimeUnreadable
from exam_server.announcements.rules import Policy
from exam_server.unseen import without_unseen

CHECKED = ("kecamatan", "rank", "total", "own_score", "own_answers")
FIELDS = ("names", "not_accepted", "offer_hours", "document_number", "contact", "publish", "day", "time",
          "reason", *CHECKED)  # fmt: skip
DATED, AT_ONCE, LATER = "date", "now", "at"
SOON = timedelta(hours=1)


def first(
    announced_at: datetime | None, now: datetime, zone: ZoneInfo, before: Policy | None
) -> dict[str, str]:
    """What the form says before anybody typed: as the announcement before had it."""
    policy = before or Policy()
    local = (now + SOON).astimezone(zone)
    given = {"names": policy.names, "not_accepted": policy.not_accepted,
             "offer_hours": str(policy.offer_hours),
             "document_number": "" if before else policy.document_number, "contact": policy.contact,
             "publish": DATED if announced_at and announced_at > now else AT_ONCE, "reason": "",
             "day": f"{local:%Y-%m-%d}", "time": f"{local:%H}.00"}  # fmt: skip
    return given | {one: "yes" if getattr(policy, one) else "" for one in CHECKED}


def typed(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "") for name in FIELDS}


def policy_of(given: Mapping[str, str]) -> Policy:
    """Raises PolicyUnknown; what it says is checked where it is used."""
    hours = given["offer_hours"].strip()
    if not (hours.isascii() and hours.isdigit() and len(hours) < 6):
        raise PolicyUnknown
    marks = {one: bool(given[one]) for one in CHECKED}
    return Policy(
        names=given["names"], not_accepted=given["not_accepted"], offer_hours=int(hours),
        document_number=" ".join(without_unseen(given["document_number"]).split()),
        contact=" ".join(without_unseen(given["contact"]).split()), **marks,
    )  # fmt: skip


def instant_of(given: Mapping[str, str], announced_at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """When it comes out, None for at once; raises PublishTimeUnreadable."""
    if given["publish"] == AT_ONCE:
        return None
    if given["publish"] == DATED and announced_at is not None:
        return announced_at
    try:
        said = f"{given['day'].strip()} {given['time'].strip().replace('.', ':')}"
        return datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise PublishTimeUnreadable from problem
