"""What two officials decide together: the second half of the table of contents."""

from __future__ import annotations

from flask import Flask

from exam_server.announcements import service as announcing
from exam_server.announcements import words as announcing_words
from exam_server.announcements.granting import Granting
from exam_server.corrections import correcting
from exam_server.corrections import desk as corrections_desk
from exam_server.corrections import words as corrections_words
from exam_server.extra_time import beyond as time_beyond
from exam_server.extra_time import counting as rescue_counting
from exam_server.extra_time import filing as rescue_filing
from exam_server.extra_time import giving as time_giving
from exam_server.extra_time import sittings as time_sittings
from exam_server.extra_time import words as time_words
from exam_server.placings import service as placings_service
from exam_server.placings import words as placings_words
from exam_server.ranking import freezing as ranking_freezing
from exam_server.ranking import words as ranking_words
from exam_server.sittings import moving as sittings_moving
from exam_server.sittings import words as sittings_words


def add_approvals(app: Flask) -> None:
    """What two officials may decide: by kind, what it does, and how it is put into words."""
    correction, freezing = correcting.Correcting(), ranking_freezing.Freezing()
    announcement = Granting()
    decided = (
        (announcing.KIND, announcement.apply, announcing_words.told),
        (sittings_moving.KIND, sittings_moving.apply, sittings_words.told_move),
        (rescue_filing.KIND, rescue_counting.apply, time_words.told_rescue),
        (time_sittings.KIND, time_giving.apply, time_words.told_sitting_time),
        (time_beyond.KIND, time_beyond.apply, time_words.told_attempt_time),
        (ranking_freezing.KIND, freezing.apply, ranking_words.told_freeze),
        (placings_service.KIND, placings_service.apply, placings_words.told_end),
        (correcting.KIND, correction.apply, corrections_words.told_correction),
    )
    app.extensions["approval_acts"] = {kind: act for kind, act, _ in decided}
    app.extensions["approval_words"] = {kind: told for kind, _, told in decided}
    app.extensions["approval_preparations"] = {
        correcting.KIND: correction.prepare, ranking_freezing.KIND: freezing.prepare,
        announcing.KIND: announcement.prepare,
    }  # fmt: skip
    app.extensions["corrections"] = corrections_desk.Desk()
