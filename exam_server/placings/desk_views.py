"""The pages of officials: what became of each place, one person's part in it, acts that are told first."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.placings import offers, rules, service, telling
from exam_server.placings.refusals import NotFrozen
from exam_server.placings.web import bp
from exam_server.placings.words import ENDINGS
from exam_server.ranking import ground
from exam_server.ranking.ground import Ground

PERSON = "placings/person.html"
NOTHING = {"how": "", "reason": ""}


@bp.get("/results/<public_id>/places")
@auth.open_to(auth.STAFF)
def places(public_id: str) -> ResponseReturnValue:
    """Looking here makes the offers that are due, as the worker does."""
    place = _own(public_id)
    try:
        offers.catch_up(db(), place.activity_id, now())
        story = telling.of_activity(db(), place, now())
    except NotFrozen:
        story = None
    return render_template("placings/places.html", place=place, story=story, now=now())


@bp.get("/results/<public_id>/places/<attempt>")
@auth.open_to(auth.STAFF)
def person(public_id: str, attempt: str) -> ResponseReturnValue:
    return render_template(PERSON, problems={}, **_person(_own(public_id), attempt))


@bp.post("/results/<public_id>/places/<attempt>/end")
@auth.open_to(auth.STAFF)
def end(public_id: str, attempt: str) -> ResponseReturnValue:
    """The first press (`act=preview`) shows what it would do; the second one does it, or asks."""
    place, typed = _own(public_id), {name: request.form.get(name, "") for name in NOTHING}
    told = _person(place, attempt)
    try:
        how = rules.how_of(typed["how"])
        rules.check_leaves(told["holder"].standing)
        said = rules.why_of(typed["reason"])
        if request.form.get("act") != "do":
            follower = telling.next_of(db(), place, told["holder"], now())
            return render_template(PERSON, problems={}, **told | {"typed": typed, "preview": how,
                                                                  "follower": follower})  # fmt: skip
        if how in rules.BY_TWO:
            asked = service.ask_to_end(db(), place.activity_id, attempt, how, said, auth.viewer().id, now())
            return redirect(url_for("approvals.page", public_id=asked), 303)
        service.note_withdrawal(db(), place.activity_id, attempt, said, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(PERSON, problem, **_person(place, attempt) | {"typed": typed})
    return redirect(url_for("placings.person", public_id=public_id, attempt=attempt), 303)


def _own(public_id: str) -> Ground:
    return ground.own(db(), public_id, auth.viewer(), now())


def _person(place: Ground, attempt: str) -> dict[str, Any]:
    holder = telling.of_person(db(), place, attempt, now())
    return {"place": place, "holder": holder, "typed": NOTHING, "preview": "", "follower": None,
            "endings": ENDINGS, "by_two": rules.BY_TWO, "may_leave": holder.standing.where in rules.HOLDS,
            "now": now()}  # fmt: skip
