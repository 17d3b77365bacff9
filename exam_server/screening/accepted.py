"""What the office compared and accepted, for whoever shows it later: that photo, not one sent since."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from exam_server.models import Application, ApplicationVersion, Document, Screening


def accepted_photo(candidate_id: Any, year: Any) -> sa.ScalarSelect[int]:
    """Id of the photo of that candidate's accepted registration of that year, as part of a larger question.

    NULL: none was accepted, or it was forgotten. Both may be columns of the question around it.
    """
    return (
        sa.select(Document.id)
        .select_from(Application)
        .join(Screening, Screening.application_id == Application.id)
        .join(
            ApplicationVersion,
            (ApplicationVersion.application_id == Application.id)
            & (ApplicationVersion.number == Screening.version),
        )
        .join(Document, Document.id == ApplicationVersion.documents["photo"].as_integer())
        .where(
            Application.candidate_id == candidate_id,
            Application.year == year,
            Application.kind == "registration",
            Application.accepted_at.is_not(None),
            Document.purged_at.is_(None),
        )
        .correlate_except(Application, Screening, ApplicationVersion, Document)
        .scalar_subquery()
    )
