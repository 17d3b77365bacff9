"""The desk of an announcement: what it would say, with which columns and when, and what was announced."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.announcements import forms as typing
from exam_server.announcements import public_views, service
from exam_server.announcements.reading import Read
from exam_server.announcements.rules import LONGEST_CONTACT, LONGEST_NUMBER, NAMES, OTHERS
from exam_server.announcements.web import bp as bp
from exam_server.announcements.web import sheet_of
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.language import sentence
from exam_server.pages import language
from exam_server.ranking import ground
from exam_server.ranking.ground import Ground

__all__ = ["bp", "desk", "public_views"]
"""What everybody reads stands in a module of its own."""

desk = Blueprint("announcing", __name__, url_prefix="/results")
PAGE = "announcements/desk.html"


@desk.get("/<public_id>/announcement")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    place = _own(public_id)
    return render_template(PAGE, problems={}, **_page(place))


@desk.post("/<public_id>/announcement")
@auth.open_to(auth.STAFF)
def ask(public_id: str) -> ResponseReturnValue:
    """A second official grants it on the page of the approval."""
    place, given = _own(public_id), typing.typed(request.form)
    try:
        policy = typing.policy_of(given)
        with db().read() as tx:
            announced_at = service.window(tx, place).announced_at
        publish_at = typing.instant_of(given, announced_at, place.zone)
        asked = service.ask(db(), place, policy, publish_at, given["reason"], auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(PAGE, problem, **_page(place, given))
    return redirect(url_for("approvals.page", public_id=asked), 303)


@desk.get("/<public_id>/announcement/preview")
@auth.open_to(auth.STAFF)
def preview(public_id: str) -> ResponseReturnValue:
    """Exactly what the public will read, from the facts as they are now."""
    place, given = _own(public_id), typing.typed(request.args)
    if not given["names"]:
        given = _page(place)["given"]
    policy = typing.policy_of(given)
    with db().read() as tx:
        announced_at = service.window(tx, place).announced_at
        publish_at = typing.instant_of(given, announced_at, place.zone) or now()
        draft = service.prepare(tx, place, policy, publish_at, now())
    read = Read(draft.text, draft.sha256, draft.content, {})
    return render_template("announcements/preview.html", place=place, **sheet_of(read))


def _own(public_id: str) -> Ground:
    return ground.own(db(), public_id, auth.viewer(), now())


def _page(place: Ground, given: dict[str, str] | None = None) -> dict[str, Any]:
    with db().read() as tx:
        announced_at = service.window(tx, place).announced_at
        made = service.made(tx, place.activity_id)
        try:
            service.check(tx, place, now())
            barred = ""
        except Refusal as problem:
            barred = sentence(problem, language())
    before = made[0].policy if made else None
    return {
        "place": place, "announced_at": announced_at, "made": made, "barred": barred, "now": now(),
        "given": given or typing.first(announced_at, now(), place.zone, before),
        "names": NAMES, "others": OTHERS, "longest": {"number": LONGEST_NUMBER, "contact": LONGEST_CONTACT},
    }  # fmt: skip
