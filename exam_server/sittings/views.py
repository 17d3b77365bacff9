"""Sesi: the office's calendar of sittings, a series in one form, who watches, and a move that two decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.clock import to_ms
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.pages import language
from exam_server.sittings import calendar, grounds, moving, proctors, series, service, words
from exam_server.sittings import forms as typing
from exam_server.sittings.concerns import Concern
from exam_server.sittings.forms import Typed
from exam_server.sittings.grounds import Ground
from exam_server.sittings.refusals import SeriesWrong
from exam_server.sittings.rules import Fault

bp = Blueprint("sittings", __name__, url_prefix="/desk")
PLANS = "admin"


@bp.get("/<slug>/<int:year>/sittings")
@auth.open_to(auth.STAFF)
def index(slug: str, year: int) -> ResponseReturnValue:
    ground = _ground(slug, year)
    rows = service.rows(db(), ground)
    return render_template(
        "sittings/index.html", ground=ground, rows=rows, weeks=calendar.weeks(rows, ground.zone), now=now(),
        concerns=service.concerns(db(), ground, rows, now()), speak=_speaker(ground),
        made=request.args.get("made", 0, type=int),
    )  # fmt: skip


@bp.get("/<slug>/<int:year>/sittings/seats")
@auth.open_to(auth.STAFF)
def seats(slug: str, year: int) -> ResponseReturnValue:
    """Seats taken per sitting, for the page to refresh itself."""
    return jsonify({"ok": True, "now": to_ms(now()), "taken": service.taken(db(), _ground(slug, year))})


@bp.get("/<slug>/<int:year>/sittings/series")
@auth.open_to(auth.STAFF)
def series_form(slug: str, year: int) -> ResponseReturnValue:
    ground = _ground(slug, year)
    return render_template("sittings/series.html", problems={}, **_form(ground, Typed()))


@bp.post("/<slug>/<int:year>/sittings/series", endpoint="series")
@auth.open_to(auth.STAFF)
def series_step(slug: str, year: int) -> ResponseReturnValue:
    """The first press shows every sitting with its warnings; the second one makes them all."""
    ground, given = _ground(slug, year), typing.typed(request.form)
    act = request.form.get("act", "preview")
    if act == "edit":
        return render_template("sittings/series.html", problems={}, **_form(ground, given))
    try:
        wanted, watch = typing.series(given), list(given.proctors)
        if act == "create":
            seen = typing.seen(request.form)
            count = series.create(db(), ground, wanted, watch, seen, auth.viewer().id, now())
            return redirect(url_for("sittings.index", slug=slug, year=year, made=count), 303)
        shown = series.preview(db(), ground, wanted, watch, now())
    except Refusal as problem:
        return _refused(ground, given, problem)
    return render_template("sittings/preview.html", problems={}, preview=shown, **_form(ground, given))


@bp.get("/sittings/<public_id>")
@auth.open_to(auth.STAFF)
def detail(public_id: str) -> ResponseReturnValue:
    return render_template("sittings/detail.html", problems={}, **_detail(public_id))


@bp.post("/sittings/<public_id>/proctors")
@auth.open_to(auth.STAFF)
def assign(public_id: str) -> ResponseReturnValue:
    sitting, ground = _own(public_id)
    act = proctors.unassign if request.form.get("act") == "unassign" else proctors.assign
    try:
        act(db(), sitting, ground, request.form.get("person", ""), auth.viewer().id, now())
    except Refusal as problem:
        return forms.again("sittings/detail.html", problem, **_detail(public_id))
    return redirect(url_for("sittings.detail", public_id=public_id, _anchor="proctors"), 303)


@bp.get("/sittings/<public_id>/move")
@auth.open_to(auth.STAFF)
def move_form(public_id: str) -> ResponseReturnValue:
    shown = _detail(public_id)
    row = shown["detail"].row
    local = row.starts_at.astimezone(shown["ground"].zone)
    minutes = (row.ends_at - row.starts_at) // timedelta(minutes=1)
    given = {"day": f"{local:%Y-%m-%d}", "starts": f"{local:%H.%M}", "minutes": str(minutes), "reason": ""}
    return render_template("sittings/move.html", problems={}, given=given, **shown)


@bp.post("/sittings/<public_id>/move")
@auth.open_to(auth.STAFF)
def move(public_id: str) -> ResponseReturnValue:
    sitting, ground = _own(public_id)
    given = {name: request.form.get(name, "") for name in ("day", "starts", "minutes", "reason")}
    try:
        starts_at = typing.new_start(request.form, ground.zone)
        length = typing.new_length(request.form)
        asked = moving.ask(db(), sitting.id, starts_at, length, given["reason"], auth.viewer().id, now())
    except Refusal as problem:
        return forms.again("sittings/move.html", problem, given=given, **_detail(public_id))
    return redirect(url_for("approvals.page", public_id=asked), 303)


def _ground(slug: str, year: int) -> Ground:
    """Offices and years are announced to everybody; who may not plan there is told so (Forbidden)."""
    ground = grounds.ground_of(db(), slug, year)
    auth.require(ground.office_id, PLANS)
    return ground


def _own(public_id: str) -> tuple[Any, Ground]:
    person = auth.viewer()
    return grounds.own_sitting(db(), public_id, person.offices(PLANS), person.id, now())


def _detail(public_id: str) -> dict[str, Any]:
    sitting, ground = _own(public_id)
    found = service.detail(db(), sitting, ground, now())
    return {"ground": ground, "detail": found, "speak": _speaker(ground), "now": now()}


def _form(ground: Ground, given: Typed) -> dict[str, Any]:
    people = service.may_watch(db(), ground)
    return {"ground": ground, "typed": given, "people": people, "mistakes": {}, "speak": _speaker(ground)}


def _refused(ground: Ground, given: Typed, problem: Refusal) -> ResponseReturnValue:
    faults = problem.faults if isinstance(problem, SeriesWrong) else []
    speak = _speaker(ground)
    mistakes = {fault.field: speak(fault) for fault in reversed(faults)}
    shown = _form(ground, given) | {"mistakes": mistakes, "first_wrong": next(iter(reversed(mistakes)), "")}
    return forms.again("sittings/series.html", problem, **shown)


def _speaker(ground: Ground) -> Any:
    def speak(said: Fault | Concern) -> str:
        return words.spoken(said.code, said.params, ground.zone, language())

    return speak
