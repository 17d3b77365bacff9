"""Persetujuan: what waits for a second official, what exactly it would do, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from exam_server import auth, forms
from exam_server.approvals import service
from exam_server.approvals.service import Acts, Asked
from exam_server.approvals.words import Descriptions, Told
from exam_server.errors import Forbidden, Refusal
from exam_server.extensions import db, now, reckon_apart
from exam_server.offices import service as offices
from exam_server.pages import language

bp = Blueprint("approvals", __name__, url_prefix="/approvals")
DECIDES = "admin"


@bp.get("")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    asked = service.of_offices(db(), _offices(), now())
    lines = [(one, _told(one), one.outcome(now())) for one in asked]
    return render_template("approvals/index.html", lines=lines, places=_places(), viewer=auth.viewer())


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    return render_template("approvals/page.html", problems={}, **_page(_own(public_id), ""))


@bp.post("/<public_id>/grant")
@auth.open_to(auth.STAFF)
def grant(public_id: str) -> ResponseReturnValue:
    acts: Acts = current_app.extensions["approval_acts"]

    def act() -> None:
        _prepare(service.one(db(), public_id))
        service.grant(db(), acts, public_id, auth.viewer().id, now())

    return _done(public_id, act)


def _prepare(asked: Asked) -> None:
    """What is long is reckoned before the transaction that grants, which must be short."""
    prepare = current_app.extensions["approval_preparations"].get(asked.approval.kind)
    if prepare and asked.open(now()) and asked.approval.asked_by != auth.viewer().id:
        prepare(db(), asked.approval, reckon_apart)


@bp.post("/<public_id>/refuse")
@auth.open_to(auth.STAFF)
def refuse(public_id: str) -> ResponseReturnValue:
    answer = request.form.get("answer", "")
    return _done(public_id, lambda: service.refuse(db(), public_id, auth.viewer().id, answer, now()))


@bp.post("/<public_id>/withdraw")
@auth.open_to(auth.STAFF)
def withdraw(public_id: str) -> ResponseReturnValue:
    return _done(public_id, lambda: service.withdraw(db(), public_id, auth.viewer().id, now()))


def _done(public_id: str, act: Callable[[], None]) -> ResponseReturnValue:
    """Back to the page when it went well; else the same page, what was typed, and why not."""
    asked = _own(public_id)
    try:
        act()
    except Refusal as problem:
        if problem.status == 404:
            raise
        answer = request.form.get("answer", "")
        return forms.again("approvals/page.html", problem, **_page(asked, answer))
    return redirect(url_for("approvals.page", public_id=public_id), 303)


def _page(asked: Asked, answer: str) -> dict[str, Any]:
    office = _places()[asked.approval.office_id]
    return {
        "asked": asked, "approval": asked.approval, "told": _told(asked), "office": office,
        "outcome": asked.outcome(now()), "mine": asked.approval.asked_by == auth.viewer().id,
        "answer": answer,
    }  # fmt: skip


def _told(asked: Asked) -> Told:
    words: Descriptions = current_app.extensions["approval_words"]
    return words[asked.approval.kind](asked.approval, language())


def _own(public_id: str) -> Asked:
    person = auth.viewer()
    return service.own(db(), public_id, person.offices(DECIDES), person.id, now())


def _offices() -> list[int] | None:
    """Where this official decides; raises Forbidden for one who decides nowhere."""
    found = auth.viewer().offices(DECIDES)
    if found == []:
        raise Forbidden
    return found


def _places() -> dict[int, offices.OfficeCard]:
    return {office.id: office for office in offices.offices(db())}


@bp.app_template_global()
def approvals_waiting() -> int:
    """For the menu: how many questions wait for this person's word."""
    return service.waiting_for(db(), current_user.offices(DECIDES), current_user.id, now())
