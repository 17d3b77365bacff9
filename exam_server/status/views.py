"""Status Pendaftaran: what happened to one's own entries, and what is next."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.extensions import db, now
from exam_server.registration import service

bp = Blueprint("status", __name__)


@bp.get("/status")
@auth.open_to(auth.CANDIDATE)
def timeline() -> ResponseReturnValue:
    entries = service.entries(db(), auth.viewer().id, now())
    return render_template("status/timeline.html", entries=entries)
