"""What somebody without an application does next: the first thing that is missing on the way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from exam_server.db import Database
from exam_server.documents import service as documents
from exam_server.offices.service import Headline, headlines
from exam_server.profile import service as profile
from exam_server.profile.rules import missing
from exam_server.screening.rules import DOCUMENTS
from exam_server.status.rules import FirstStep, first_step


@dataclass(frozen=True)
class Beginning:
    """The way to an application: names of what is missing, and where one may apply now."""

    step: FirstStep
    fields: tuple[str, ...]
    documents: tuple[str, ...]
    own: Headline | None
    """The office of one's own regency, while its registration is open."""
    open: tuple[Headline, ...]


def beginning(
    db: Database, candidate_id: int, applied_years: Collection[int], now: datetime
) -> Beginning | None:
    """Empty for who has applied in every year that is open for registration now."""
    recruiting = tuple(one for one in headlines(db, now)
                       if one.registration and one.year not in applied_years)  # fmt: skip
    if applied_years and not recruiting:
        return None
    with db.read() as tx:
        facts = profile.facts(tx, candidate_id)
        held = documents.newest(tx, candidate_id)
    own = next((one for one in recruiting if one.office.id == facts.office_id), None)
    untold, not_uploaded = tuple(missing(facts)), tuple(kind for kind in DOCUMENTS if kind not in held)
    step = first_step(untold, not_uploaded, own is not None, bool(recruiting))
    return Beginning(step, untold, not_uploaded, own, recruiting)
