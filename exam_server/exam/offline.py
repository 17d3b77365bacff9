"""The worker that opens a running paper without a network.

It is served from the root: a script governs only addresses below its own, and the exam is not below /static.
"""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from exam_server import auth

bp = Blueprint("exam_offline", __name__)

KEEP = "X-Keep"
"""The header of the one page that a device may keep: it names the attempt, and no other answer carries it."""


@bp.get("/exam-worker.js")
@auth.open_to(auth.ANYONE)
def worker() -> ResponseReturnValue:
    """The script itself, which holds nothing of anybody; always the newest one."""
    response = current_app.send_static_file("exam/worker.js")
    response.headers["Cache-Control"] = "no-store"
    return response
