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
from exam_server.extra_time.losses import Offer
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
    """What is due in the sittings of a board that this official watches, for its banner."""
    office_id, due = losses.of_board(db(), public_id, auth.viewer(), now())
    auth.require(office_id, *WATCHERS)
    return jsonify({"ok": True, "now": to_ms(now()), "offers": [_told(one) for one in due]})


MOST_NAMED = 40
"""People that the banner names; the page of the sitting names all."""


def _told(one: Offer) -> dict[str, Any]:
    """One proposal, with whatever its one click needs."""
    waiting = [person for person in one.people if person.due]
    return {
        "label": one.label, "time": spell(one.seconds, language()), "count": one.due,
        "page": url_for("extra_time.sitting", public_id=one.sitting), "outage": one.outage,
        "grant": url_for("extra_time.compensate", public_id=one.sitting),
        "evidence": words.proven(one, language()), "button": words.granted_to(one, language()),
        "people": [{"name": person.name, "time": spell(person.due, language())}
                   for person in waiting[:MOST_NAMED]],
    }  # fmt: skip


def _page(one: OneSitting, asked: int | None = None) -> dict[str, Any]:
    """`asked`: seconds that somebody is about to add."""
    typed = {name: request.form.get(name, "") for name in ("minutes", "reason_code", "reason")}
    return {"sitting": one, "shown": sittings.shown(db(), one, now()), "asked": asked, "typed": typed,
            "reasons": words.REASONS, "now": now(), "zone": one.place.zone}  # fmt: skip
