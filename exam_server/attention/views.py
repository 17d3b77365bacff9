"""The policy of one activity: an admin of its office looks at it and switches it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.attention import service
from exam_server.extensions import db, now

bp = Blueprint("attention", __name__, url_prefix="/board")
DECIDES = "admin"


@bp.get("/<public_id>/attention")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    policy = _own(public_id)
    return render_template("attention/policy.html", policy=policy, zone=ZoneInfo(policy.zone))


@bp.post("/<public_id>/attention")
@auth.open_to(auth.STAFF)
def switch(public_id: str) -> ResponseReturnValue:
    """`page_events` is on or off; the same again changes nothing."""
    policy = _own(public_id)
    service.switch(db(), policy.activity_id, request.form.get("page_events") == "on", auth.viewer().id, now())
    return redirect(url_for("attention.page", public_id=public_id), 303)


def _own(public_id: str) -> service.Policy:
    """Raises NotFound, and Forbidden for whom it is not to decide."""
    policy = service.policy(db(), public_id)
    auth.require(policy.office_id, DECIDES)
    return policy
