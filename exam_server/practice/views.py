"""Practice over HTTP: the way in, the exam's own page over a run, its result, and the device check."""

from __future__ import annotations

import functools
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from exam_server import auth, forms, instants
from exam_server.clock import to_ms
from exam_server.errors import NotFound
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.offline import KEEP
from exam_server.exam.papers import ShownItem
from exam_server.extensions import db, now
from exam_server.practice import checks, desk, service
from exam_server.practice.items import DIGEST, ITEMS, KEYS, PAPER, PICTURE, PICTURE_TYPE
from exam_server.practice.refusals import NoPractice
from exam_server.practice.rules import LINES
from question_bank.scoring import score

bp = Blueprint("practice", __name__, url_prefix="/practice")


def _autosave() -> GroupCommit:
    return cast(GroupCommit, current_app.extensions["autosave"])


def _run() -> service.OwnRun:
    return service.own_run(db(), auth.viewer().id)


def _seat() -> desk.PracticeSeat:
    return desk.seat_of(_run(), auth.viewer().session_id)


@bp.get("")
@auth.open_to(auth.CANDIDATE)
def index() -> ResponseReturnValue:
    """What practice is for, the way into it, and how the device did when it was checked last."""
    minutes = int(service.LASTS.total_seconds() // 60)
    return render_template("practice/index.html", minutes=minutes, total=len(ITEMS), phase=_phase(),
                           zone=instants.ELSEWHERE,
                           checked=checks.newest(db(), auth.viewer().id))  # fmt: skip


def _phase() -> str | None:
    try:
        return _run().phase(now())[0]
    except NoPractice:
        return None


@bp.post("/start")
@auth.open_to(auth.CANDIDATE)
def start() -> ResponseReturnValue:
    service.start(db(), auth.viewer().id, now())
    return redirect(url_for("practice.room"), 303)


@bp.get("/run")
@auth.open_to(auth.CANDIDATE)
def room() -> ResponseReturnValue:
    """The practice of this moment, or how the last one went."""
    try:
        run = _run()
    except NoPractice:
        return redirect(url_for("practice.index"))
    phase, _ = run.phase(now())
    state = desk.state(run, service.responses(db(), run.id), now())
    if phase in ("submitted", "closed"):
        chosen = {one["position"] - 1: one["option"] and one["option"] - 1 for one in state["responses"]}
        return render_template("practice/result.html", phase=phase, state=state, items=ITEMS,
                               chosen=chosen, score=score(PAPER, chosen, KEYS),
                               version=DIGEST[:12])  # fmt: skip
    page = render_template("practice/paper.html", door="practice", state=state, total=len(ITEMS),
                           questions=_questions())  # fmt: skip
    return page, {KEEP: run.public_id}


def _questions() -> Markup:
    parts = [
        render_template("exam/item.html", item=_shown(place), total=len(ITEMS), version=DIGEST[:12],
                        first=place == 1, door="practice")
        for place in range(1, len(ITEMS) + 1)
    ]  # fmt: skip
    return Markup("\n").join(Markup(part) for part in parts)  # noqa: S704 - rendered a line above


def _shown(place: int) -> ShownItem:
    item = ITEMS[place - 1]
    return ShownItem(place, item.stem, item.options, bool(item.picture), item.picture_alt)


@bp.get("/picture/<int:position>")
@auth.open_to(auth.CANDIDATE)
def picture(position: int) -> ResponseReturnValue:
    if not 1 <= position <= len(ITEMS) or not ITEMS[position - 1].picture:
        raise NotFound
    response = Response(PICTURE.read_bytes(), mimetype=PICTURE_TYPE)
    response.headers["Cache-Control"] = "private, max-age=7200"
    return response


@bp.get("/state")
@auth.open_to(auth.CANDIDATE)
def state() -> ResponseReturnValue:
    run = _run()
    return jsonify({"ok": True} | desk.state(run, service.responses(db(), run.id), now()))


@bp.post("/join")
@auth.open_to(auth.CANDIDATE)
def join() -> ResponseReturnValue:
    told = desk.join(db(), _autosave(), _run(), auth.viewer().session_id, forms.json_object(), now())
    return jsonify({"ok": True} | told)


@bp.post("/save")
@auth.open_to(auth.CANDIDATE)
def save() -> ResponseReturnValue:
    saving = desk.read_save(_seat(), forms.json_object(), now())
    told = saving.told(_autosave().run(saving.act))
    if told.refusal:
        told.refusal.details["items"] = told.items
        raise told.refusal
    return jsonify({"ok": True, "now": to_ms(now()), "items": told.items})


@bp.post("/beat")
@auth.open_to(auth.CANDIDATE)
def beat() -> ResponseReturnValue:
    """A sign of life, which changes nothing; the answer carries the server's time."""
    return jsonify({"ok": True, "now": to_ms(now())})


@bp.post("/submit")
@auth.open_to(auth.CANDIDATE)
def submit() -> ResponseReturnValue:
    _autosave().run(desk.read_submit(_seat(), forms.json_object(), now()))
    return jsonify({"ok": True, "now": to_ms(now())})


@bp.get("/device")
@auth.open_to(auth.CANDIDATE)
def device() -> ResponseReturnValue:
    return render_template("practice/device.html", lines=LINES, now_ms=to_ms(now()),
                           zone=instants.ELSEWHERE,
                           checked=checks.newest(db(), auth.viewer().id))  # fmt: skip


@bp.post("/device")
@auth.open_to(auth.CANDIDATE)
def check_device() -> ResponseReturnValue:
    """What the page measured of its device, judged and kept."""
    keep = functools.partial(checks.keep, db(), auth.viewer().id, request.user_agent.string)
    judged = keep(forms.json_object(), now())
    return jsonify({"ok": True, "now": to_ms(now()), "lines": judged.lines, "outcome": judged.outcome})
