"""The same acts over HTTP, for whom WebSockets are blocked."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.clock import to_ms
from exam_server.exam import desk as exam_desk
from exam_server.exam import lookups
from exam_server.exam.autosave import GroupCommit
from exam_server.extensions import db, now
from exam_server.messages import desk

bp = Blueprint("messages", __name__, url_prefix="/exam")


@bp.post("/seen")
@auth.open_to(auth.CANDIDATE)
def seen() -> ResponseReturnValue:
    """One's own message was read."""
    return _done(desk.read_seen(_seat(), forms.json_object(), now()))


@bp.post("/got")
@auth.open_to(auth.CANDIDATE)
def got() -> ResponseReturnValue:
    """This page has one's own messages."""
    return _done(desk.read_got(_seat(), forms.json_object(), now()))


def _seat() -> exam_desk.Seat:
    person = auth.viewer()
    return exam_desk.seat_of(lookups.own_attempt(db(), person.id), person.session_id)


def _done(act: exam_desk.Perform) -> ResponseReturnValue:
    cast(GroupCommit, current_app.extensions["autosave"]).run(act)
    return jsonify({"ok": True, "now": to_ms(now())})
