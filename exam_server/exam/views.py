"""The exam over HTTP: lobby, paper, start, and the socket's acts for whom WebSockets are blocked."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.errors import BadRequest
from exam_server.exam import desk, service
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.paper_page import PaperPages
from exam_server.exam.papers import PaperShelf
from exam_server.exam.refusals import NoAttempt, NotStarted
from exam_server.exam.rules import Phase
from exam_server.extensions import db, now

bp = Blueprint("exam", __name__, url_prefix="/exam")


def _autosave() -> GroupCommit:
    return cast(GroupCommit, current_app.extensions["autosave"])


def _shelf() -> PaperShelf:
    return cast(PaperShelf, current_app.extensions["paper_shelf"])


def _own() -> service.OwnAttempt:
    return service.own_attempt(db(), auth.viewer().id)


def _paper_pages() -> PaperPages:
    return cast(PaperPages, current_app.extensions["paper_pages"])


@bp.app_template_global()
def own_test() -> tuple[service.OwnAttempt, Phase, datetime | None] | None:
    """The viewer's attempt, its phase and until when, for pages of features that come before this one."""
    try:
        own = _own()
    except NoAttempt:
        return None
    return own, *own.phase(now())


@bp.get("")
@auth.open_to(auth.CANDIDATE)
def room() -> ResponseReturnValue:
    """One address for the whole exam: what it shows follows from the phase."""
    own, answers = service.own_answers(db(), auth.viewer().id)
    phase, until = own.phase(now())
    state = desk.state(own, answers, now())
    if phase in ("waiting", "ready", "absent"):
        lasts = timedelta(seconds=own.facts.allowed_seconds + own.extra_seconds)
        return render_template(
            "exam/lobby.html", own=own, phase=phase, until=until, state=state, now=now(), lasts=lasts
        )
    if phase in ("submitted", "closed"):
        return render_template("exam/closed.html", own=own, phase=phase, state=state)
    _shelf().fetch(db(), own.paper or ())
    return _paper_pages().page(own.paper or (), own.paper_sha256[:12], own.sitting_label, state)


@bp.post("/start")
@auth.open_to(auth.CANDIDATE)
def start() -> ResponseReturnValue:
    own = _own()
    _autosave().run(functools.partial(service.start, attempt_id=own.id, now=now()))
    return redirect(url_for("exam.room"), 303)


@bp.get("/state")
@auth.open_to(auth.CANDIDATE)
def state() -> ResponseReturnValue:
    own = _own()
    return jsonify({"ok": True, **desk.state(own, service.responses(db(), own.id), now())})


@bp.post("/join")
@auth.open_to(auth.CANDIDATE)
def join() -> ResponseReturnValue:
    own, person, payload = _own(), auth.viewer(), _payload()
    desk.check_attempt(desk.seat_of(own, person.session_id), payload)
    lease = 0
    if own.phase(now())[0] in ("running", "grace"):
        lease = _autosave().run(functools.partial(
            service.join, attempt_id=own.id, session_id=person.session_id, device=request.user_agent.string,
            take_over=payload.get("take_over") is True, now=now(),
        ))  # fmt: skip
    answers = service.responses(db(), own.id)
    return jsonify({"ok": True, **desk.state(own, answers, now()), "lease": lease})


@bp.post("/save")
@auth.open_to(auth.CANDIDATE)
def save() -> ResponseReturnValue:
    seat = desk.seat_of(_own(), auth.viewer().session_id)
    wanted, refused = desk.read_save(seat, _payload(), now())
    told = desk.answer(wanted, _autosave().run(wanted), refused)
    if told.refusal:
        told.refusal.details["items"] = told.items
        raise told.refusal
    return jsonify({"ok": True, "now": desk.ms(now()), "items": told.items})


@bp.post("/beat")
@auth.open_to(auth.CANDIDATE)
def beat() -> ResponseReturnValue:
    own, person = _own(), auth.viewer()
    _autosave().run(
        functools.partial(service.contact, attempt_id=own.id, session_id=person.session_id, now=now())
    )
    return jsonify({"ok": True, "now": desk.ms(now())})


@bp.post("/submit")
@auth.open_to(auth.CANDIDATE)
def submit() -> ResponseReturnValue:
    own, person, payload = _own(), auth.viewer(), _payload()
    desk.check_attempt(desk.seat_of(own, person.session_id), payload)
    _autosave().run(functools.partial(
        service.submit, attempt_id=own.id, session_id=person.session_id, lease=desk.read_lease(payload),
        now=now(),
    ))  # fmt: skip
    return jsonify({"ok": True, "now": desk.ms(now())})


@bp.get("/picture/<int:position>")
@auth.open_to(auth.CANDIDATE)
def picture(position: int) -> ResponseReturnValue:
    """The picture of one position of one's own paper, once the exam runs."""
    own = _own()
    if own.facts.started_at is None:
        raise NotStarted
    media_type, content = _shelf().picture(db(), own.paper or (), position)
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = "private, max-age=7200"
    return response


def _payload() -> dict[str, Any]:
    payload = request.get_json(silent=True)
    if not isinstance(payload, dict):
        raise BadRequest
    return payload
