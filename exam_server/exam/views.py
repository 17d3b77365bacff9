"""The exam over HTTP: lobby, paper, start, and the socket's acts for whom WebSockets are blocked."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.clock import to_ms
from exam_server.exam import desk, lookups, service
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.offline import KEEP
from exam_server.exam.paper_page import PaperPages
from exam_server.exam.papers import PaperShelf
from exam_server.exam.pledge import WORDING
from exam_server.exam.refusals import NotStarted, PledgeMissing
from exam_server.extensions import db, now

bp = Blueprint("exam", __name__, url_prefix="/exam")


def _autosave() -> GroupCommit:
    return cast(GroupCommit, current_app.extensions["autosave"])


def _shelf() -> PaperShelf:
    return cast(PaperShelf, current_app.extensions["paper_shelf"])


def _paper_pages() -> PaperPages:
    return cast(PaperPages, current_app.extensions["paper_pages"])


def _own() -> lookups.OwnAttempt:
    return lookups.own_attempt(db(), auth.viewer().id)


def _seat() -> desk.Seat:
    return desk.seat_of(_own(), auth.viewer().session_id)


@bp.get("")
@auth.open_to(auth.CANDIDATE)
def room() -> ResponseReturnValue:
    """One address for the whole exam: what it shows follows from the phase."""
    own, answers = lookups.own_answers(db(), auth.viewer().id)
    phase, until = own.phase(now())
    state = desk.state(own, answers, now())
    if phase in ("waiting", "ready", "absent"):
        lasts = timedelta(seconds=own.facts.allowed_seconds + own.extra_seconds)
        return render_template(
            "exam/lobby.html",
            own=own,
            phase=phase,
            until=until,
            state=state,
            now=now(),
            lasts=lasts,
            pledge=WORDING,
        )
    if phase in ("submitted", "closed"):
        return render_template("exam/closed.html", own=own, phase=phase, state=state)
    _shelf().fetch(db(), own.paper or ())
    page = _paper_pages().page(own.paper or (), own.paper_sha256[:12], own.sitting_label, state)
    return page, {KEEP: own.public_id}


@bp.post("/start")
@auth.open_to(auth.CANDIDATE)
def start() -> ResponseReturnValue:
    """The time runs from here, for whoever confirmed the pledge; raises PledgeMissing."""
    own = _own()
    if own.facts.started_at is None and request.form.get("pledge") != "yes":
        raise PledgeMissing
    _autosave().run(functools.partial(service.begin, attempt_id=own.id, now=now()))
    return redirect(url_for("exam.room"), 303)


@bp.get("/state")
@auth.open_to(auth.CANDIDATE)
def state() -> ResponseReturnValue:
    own, answers = lookups.own_answers(db(), auth.viewer().id)
    return jsonify({"ok": True} | desk.state(own, answers, now()))


@bp.post("/join")
@auth.open_to(auth.CANDIDATE)
def join() -> ResponseReturnValue:
    session_id, device = auth.viewer().session_id, request.user_agent.string
    told = desk.join(db(), _autosave(), _own(), session_id, device, forms.json_object(), now())
    return jsonify({"ok": True} | told)


@bp.post("/save")
@auth.open_to(auth.CANDIDATE)
def save() -> ResponseReturnValue:
    wanted, refused = desk.read_save(_seat(), forms.json_object(), now())
    told = desk.answer(wanted, _autosave().run(wanted), refused)
    if told.refusal:
        told.refusal.details["items"] = told.items
        raise told.refusal
    return jsonify({"ok": True, "now": to_ms(now()), "items": told.items})


@bp.post("/beat")
@auth.open_to(auth.CANDIDATE)
def beat() -> ResponseReturnValue:
    _autosave().run(desk.read_beat(_seat(), now()))
    return jsonify({"ok": True, "now": to_ms(now())})


@bp.post("/submit")
@auth.open_to(auth.CANDIDATE)
def submit() -> ResponseReturnValue:
    _autosave().run(desk.read_submit(_seat(), forms.json_object(), now()))
    return jsonify({"ok": True, "now": to_ms(now())})


@bp.get("/picture/<int:position>")
@auth.open_to(auth.CANDIDATE)
def picture(position: int) -> ResponseReturnValue:
    """The picture of one position of one's own paper, once the exam runs."""
    return _sent(*_shelf().picture(db(), _begun().paper or (), position))


@bp.get("/picture/<int:position>/<sha256>")
@auth.open_to(auth.CANDIDATE)
def picture_inside(position: int, sha256: str) -> ResponseReturnValue:
    """A picture inside the text at one position of one's own paper, once the exam runs."""
    return _sent(*_shelf().inside(db(), _begun().paper or (), position, sha256))


def _begun() -> lookups.OwnAttempt:
    own = _own()
    if own.facts.started_at is None:
        raise NotStarted
    return own


def _sent(media_type: str, content: bytes) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = "private, max-age=7200"
    return response
