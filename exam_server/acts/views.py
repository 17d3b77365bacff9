"""Acts from the board: without a confirmation it is told whom they touch, with it they are done."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.acts import confirm, service, wanted
from exam_server.acts.refusals import ConfirmUnknown
from exam_server.acts.words import LEFT_OUT
from exam_server.clock import to_ms
from exam_server.exam.autosave import GroupCommit
from exam_server.extensions import db, house, now
from exam_server.extra_time.refusals import WholeSitting
from exam_server.extra_time.words import REASONS
from exam_server.incidents.words import KINDS
from exam_server.language import say
from exam_server.messages.rules import LONGEST
from exam_server.pages import language

bp = Blueprint("acts", __name__, url_prefix="/board")
NAMED = 5
"""How many of whom it touches are told by name."""


@bp.post("/<public_id>/acts")
@auth.open_to(auth.STAFF)
def act(public_id: str) -> ResponseReturnValue:
    """JSON in, JSON out; the second call repeats the first one's payload and adds its `confirm`."""
    payload = forms.json_object()
    asked, person, secret = wanted.read(payload), auth.viewer(), house().settings.secret_key
    token = payload.get("confirm")
    try:
        if token is None:
            found = service.plan(db(), public_id, asked, person, now())
            return jsonify(_told(found) | {
                "confirm": confirm.sign(secret, asked.told(public_id), person.id, now()),
            })  # fmt: skip
        if not isinstance(token, str):
            raise ConfirmUnknown
        done = service.perform(db(), _autosave(), secret, token, public_id, asked, person, now())
    except WholeSitting as refusal:
        refusal.details["page"] = url_for("extra_time.sitting", public_id=refusal.details["sitting"])
        raise
    return jsonify({"ok": True, "now": to_ms(now()), "done": done.count, "skipped": _left(done.left)})


@bp.app_template_global()
def act_choices() -> dict[str, Any]:
    """What forms of acts offer: reasons for time, kinds of incidents, and how long a text may be."""
    reasons = {code: word for code, word in REASONS.items() if code != "accommodation"}
    return {"reasons": reasons, "kinds": KINDS, "longest": LONGEST}


def _told(found: service.Plan) -> dict[str, Any]:
    names = [target.candidate for target in found.touched[:NAMED]]
    touches = 1 if found.sitting is not None else len(found.touched)
    return {"ok": True, "now": to_ms(now()), "touches": touches, "names": names, "skipped": _left(found.left)}


def _left(left: tuple[service.Left, ...]) -> list[dict[str, str]]:
    spoken = language()
    return [{"id": target.public_id, "name": target.candidate, "sentence": say(LEFT_OUT[why], spoken)}
            for target, why in left]  # fmt: skip


def _autosave() -> GroupCommit:
    return cast(GroupCommit, current_app.extensions["autosave"])
