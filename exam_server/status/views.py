"""Status Pendaftaran: what happened to one's own entries, and what is next."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.extensions import db, now
from exam_server.profile.rules import LABELS
from exam_server.screening.rules import DOCUMENTS, REASONS
from exam_server.status import service
from exam_server.status.beginning import beginning

bp = Blueprint("status", __name__)


@bp.get("/status")
@auth.open_to(auth.CANDIDATE)
def timeline() -> ResponseReturnValue:
    own = service.timelines(db(), auth.viewer().id, now())
    first = beginning(db(), auth.viewer().id, {one.year for one in own}, now())
    return render_template(
        "status/timeline.html", recruited=own, first=first, labels=LABELS | DOCUMENTS, reasons=REASONS,
        now=now(),
    )  # fmt: skip
