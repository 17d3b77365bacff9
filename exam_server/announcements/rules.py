"""What is public of a result: which columns, whose name and how much of it, from which instant on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from exam_server.placings.rules import OFFER_HOURS

NAMES = ("masked", "full", "none")
OTHERS = ("numbers", "none")
"""Whether those who got no place are listed, and then by their numbers only."""

HIDDEN = "***"
LONGEST_NUMBER, LONGEST_CONTACT = 80, 600
LONGEST_OFFER = 24 * 30
SLACK = timedelta(minutes=5)
"""A form that says "now" was filled in a little while ago."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Policy:
    """What the office publishes; the participant's number always is, and nothing that is not here.

    `own_score` and `own_answers`: whether candidates see their own score and sheet of answers; `offer_hours`:
    how long whoever is offered a place may answer.
    """

    names: str = "masked"
    kecamatan: bool = True
    rank: bool = True
    total: bool = True
    not_accepted: str = "numbers"
    own_score: bool = True
    own_answers: bool = False
    offer_hours: int = OFFER_HOURS
    document_number: str = ""
    contact: str = ""


def policy_json(policy: Policy) -> dict[str, Any]:
    return asdict(policy)


def policy_of(said: Mapping[str, Any]) -> Policy:
    """As it was stored; what it does not say is as careful as it can be."""
    known = {one.name for one in fields(Policy)}
    return Policy(**{name: value for name, value in said.items() if name in known})


def is_known(policy: Policy) -> bool:
    """True when every choice is one that is offered."""
    return (
        policy.names in NAMES and policy.not_accepted in OTHERS and 1 <= policy.offer_hours <= LONGEST_OFFER
    )


def masked(name: str) -> str:
    """The first letter of each part: Siti Rahma is S*** R***."""
    return " ".join(part[0] + HIDDEN for part in name.split()) or HIDDEN


def published_name(policy: Policy, name: str) -> str:
    return {"full": name, "masked": masked(name)}.get(policy.names, "")


def canonical(content: Mapping[str, Any]) -> str:
    """The one way in which an announcement is written down."""
    return _CANONICAL.encode(content)


def seal(text: str) -> str:
    """SHA-256 of what was written down, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_too_early(publish_at: datetime, announced_at: datetime | None) -> bool:
    """Never before the announced date; an office that announced none may choose any instant."""
    return announced_at is not None and publish_at < announced_at
