"""Bantuan and Permintaan: a person asks, an official looks twice and answers with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from exam_server import auth, forms
from exam_server.accounts.rules import network
from exam_server.errors import Forbidden, Refusal
from exam_server.extensions import db, house, now
from exam_server.offices import service as offices
from exam_server.recovery import asking, lost_email, service
from exam_server.recovery.cases import Official
from exam_server.recovery.refusals import AnswerIncomplete, NoSuchKind, NotForOfficials, PleaIncomplete
from exam_server.recovery.rules import KINDS, OF_CANDIDATES, Plea, needs

bp = Blueprint("recovery", __name__)
DECIDES = "admin"
LAST_PAGE = 10_000
"""Further than any desk reaches; a larger number could be one that the database cannot count to."""


@bp.get("/help")
@auth.open_to(auth.ANYONE)
def form() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    if not kind:
        candidate = current_user.is_authenticated and current_user.is_candidate
        mine = service.own_requests(db(), current_user.id) if candidate else []
        return render_template("recovery/help.html", mine=mine, sent="sent" in request.args)
    asker = _asker(kind)
    plea = Plea(kind, asker.name if asker else "", "", "", _home(kind), "")
    return render_template("recovery/form.html", problems={}, **_form(plea, {}))


@bp.post("/help")
@auth.open_to(auth.ANYONE)
def ask() -> ResponseReturnValue:
    kind = request.form.get("kind", "")
    asker = _asker(kind)
    typed = {name: request.form.get(name, "") for name in ("name", "nik", "email", "office", "explanation")}
    plea = Plea(kind=kind, **typed)
    origin = f"account:{asker.id}" if asker else network(request.remote_addr or "")
    try:
        asking.ask(db(), plea, origin, now(), asker.id if asker else None)
    except Refusal as problem:
        mistakes = problem.mistakes if isinstance(problem, PleaIncomplete) else {}
        return forms.again("recovery/form.html", problem, **_form(plea, mistakes))
    return redirect(url_for("recovery.form", sent=kind), 303)


@bp.get("/help/email/<token>")
@auth.open_to(auth.ANYONE)
def new_email(token: str) -> ResponseReturnValue:
    change = lost_email.look(db(), house().settings.secret_key, token, now())
    return render_template("recovery/new_email.html", change=change, token=token)


@bp.post("/help/email/<token>")
@auth.open_to(auth.ANYONE)
def use_new_email(token: str) -> ResponseReturnValue:
    lost_email.use(db(), house().settings.secret_key, token, now())
    return render_template("recovery/new_email.html", change=None, token=token)


@bp.get("/requests")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    state, kind = request.args.get("state", "asked"), request.args.get("kind", "")
    page = min(max(0, request.args.get("page", 0, type=int)), LAST_PAGE)
    lines = service.queue(db(), _offices(), state, kind, page)
    return render_template("recovery/requests.html", lines=lines[: service.PAGE], kinds=KINDS, state=state,
                           kind=kind, page=page, more=len(lines) > service.PAGE)  # fmt: skip


@bp.get("/requests/<public_id>")
@auth.open_to(auth.STAFF)
def desk(public_id: str) -> ResponseReturnValue:
    official = _official(public_id)
    return render_template("recovery/request.html", problems={}, **_desk(public_id, official, "", ""))


@bp.post("/requests/<public_id>/grant")
@auth.open_to(auth.STAFF)
def grant(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, granted=True)


@bp.post("/requests/<public_id>/refuse")
@auth.open_to(auth.STAFF)
def refuse(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, granted=False)


def _decide(public_id: str, granted: bool) -> ResponseReturnValue:
    official, answer = _official(public_id), request.form.get("answer", "")
    try:
        if granted:
            secret = house().settings.secret_key
            service.grant(db(), public_id, official, answer, secret, now())
        else:
            service.refuse(db(), public_id, official, answer, now())
    except Refusal as problem:
        beside = problem.mistake if isinstance(problem, AnswerIncomplete) else ""
        return forms.again("recovery/request.html", problem, **_desk(public_id, official, answer, beside))
    return redirect(url_for("recovery.desk", public_id=public_id), 303)


def _desk(public_id: str, official: Official, answer: str, beside: str) -> dict[str, Any]:
    """`beside`: what is wrong with the answer."""
    return {"desk": service.desk(db(), public_id, official, now()), "answer": answer, "beside": beside}


def _form(plea: Plea, mistakes: dict[str, str]) -> dict[str, Any]:
    fields = needs(plea.kind)
    outlook = asking.outlook(db(), auth.viewer().id, now()) if plea.kind == "erasure" else None
    return {
        "plea": plea, "fields": fields, "mistakes": mistakes, "outlook": outlook,
        "first_wrong": next((name for name in fields if name in mistakes), None),
        "offices": offices.offices(db()),
    }  # fmt: skip


def _asker(kind: str) -> auth.Viewer | None:
    """The candidate whose request it is, None where strangers ask.

    Raises NoSuchKind, SignInNeeded, NotForOfficials.
    """
    if kind not in KINDS:
        raise NoSuchKind
    if kind not in OF_CANDIDATES:
        return None
    person = auth.viewer()
    if not person.is_candidate:
        raise NotForOfficials
    return person


def _home(kind: str) -> str:
    return (asking.outlook(db(), auth.viewer().id, now()).office or "") if kind in OF_CANDIDATES else ""


def _offices() -> list[int] | None:
    """Where this official decides; raises Forbidden for one who decides nowhere."""
    found = auth.viewer().offices(DECIDES)
    if found == []:
        raise Forbidden
    return found


def _official(public_id: str) -> Official:
    """Who decides this request; another office's official leaves a row in the trail and finds nothing."""
    person = auth.viewer()
    service.own(db(), public_id, person.offices(DECIDES), person.id, now())
    return Official(person.id, person.is_superadmin)
