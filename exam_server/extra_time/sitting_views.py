"""One sitting: what outages took and one click that gives it back, and time for everybody in it."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.clock import to_ms
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.extra_time import giving, losses, sittings, wanted, words
from exam_server.extra_time.sittings import OneSitting
from exam_server.extra_time.web import WATCHERS, bp, own_sitting
from exam_server.extra_time.words import spell
from exam_server.pages import language

PAGE = "extra_time/sitting.html"


@bp.get("/sitting/<public_id>")
@auth.open_to(auth.STAFF)
def sitting(public_id: str) -> ResponseReturnValue:
    return render_template(PAGE, problems={}, **_page(own_sitting(public_id)))


@bp.post("/sitting/<public_id>/outage")
@auth.open_to(auth.STAFF)
def compensate(public_id: str) -> ResponseReturnValue:
    """One click gives back what an outage took; a second one gives nothing more."""
    one = own_sitting(public_id)
    giving.compensate(db(), one.id, request.form.get("outage", ""), auth.viewer().id, now())
    return redirect(url_for("extra_time.sitting", public_id=one.public_id, _anchor="outages"), 303)


@bp.post("/sitting/<public_id>/time")
@auth.open_to(auth.STAFF)
def add_sitting_time(public_id: str) -> ResponseReturnValue:
    """The first press shows whom it would reach and who decides; the second one does it, or asks."""
    one = own_sitting(public_id)
    try:
        asked = wanted.read(request.form)
        if request.form.get("act") != "grant":
            return render_template(PAGE, problems={}, **_page(one, asked.seconds))
        giving.give(db(), one.id, asked, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(PAGE, problem, **_page(one))
    return redirect(url_for("extra_time.sitting", public_id=one.public_id, _anchor="time"), 303)


@bp.get("/activity/<public_id>/offers")
@auth.open_to(auth.STAFF)
def offers(public_id: str) -> ResponseReturnValue:
    """What is due in the sittings of a board, for its banner."""
    office_id, due = losses.of_board(db(), public_id, now())
    auth.require(office_id, *WATCHERS)
    told = [{"label": one.label, "time": spell(one.seconds, language()), "count": one.due,
             "page": url_for("extra_time.sitting", public_id=one.sitting)} for one in due]  # fmt: skip
    return jsonify({"ok": True, "now": to_ms(now()), "offers": told})


def _page(one: OneSitting, asked: int | None = None) -> dict[str, Any]:
    """`asked`: seconds that somebody is about to add."""
    typed = {name: request.form.get(name, "") for name in ("minutes", "reason_code", "reason")}
    return {"sitting": one, "shown": sittings.shown(db(), one, now()), "asked": asked, "typed": typed,
            "reasons": words.REASONS, "now": now(), "zone": one.place.zone}  # fmt: skip
