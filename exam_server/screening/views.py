"""Seleksi administrasi: typed data beside the files, and a decision with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.clock import to_ms
from exam_server.errors import BadRequest, Forbidden, Refusal
from exam_server.extensions import db, now
from exam_server.language import say, sentence
from exam_server.pages import language
from exam_server.profile.rules import LABELS, Said, spoken, told
from exam_server.screening import bulk, cases, claims, forms, queue, rules, service, sheet
from exam_server.screening.cases import Case, Official

bp = Blueprint("screening", __name__, url_prefix="/screening")
SCREENERS = ("screener", "admin")


@bp.get("")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    return render_template("screening/index.html", cards=queue.desks(db(), _official(), now()))


@bp.get("/<public_id>", endpoint="queue")
@auth.open_to(auth.STAFF)
def activity(public_id: str) -> ResponseReturnValue:
    desk = cases.own_desk(db(), public_id, _official(), now())
    wanted = forms.wanted(request.args)
    found = queue.queue(db(), desk, wanted, request.args.get("after", ""), now())
    return render_template("screening/queue.html", desk=desk, wanted=wanted, queue=found, told=_told)


@bp.post("/<public_id>/next")
@auth.open_to(auth.STAFF)
def next_one(public_id: str) -> ResponseReturnValue:
    """Claim the oldest one that waits and open it; when none is left, the queue says so."""
    desk = cases.own_desk(db(), public_id, _official(), now())
    found = claims.claim_next(db(), desk.id, auth.viewer().id, now())
    if found is None:
        return redirect(url_for("screening.queue", public_id=public_id, none=1), 303)
    return redirect(url_for("screening.application", public_id=found), 303)


@bp.get("/<public_id>/bulk")
@auth.open_to(auth.STAFF)
def many(public_id: str) -> ResponseReturnValue:
    desk = cases.own_desk(db(), public_id, _official(), now())
    return render_template("screening/bulk.html", desk=desk, ready=bulk.preview(db(), desk), outcome=None)


@bp.post("/<public_id>/bulk")
@auth.open_to(auth.STAFF)
def accept_many(public_id: str) -> ResponseReturnValue:
    desk = cases.own_desk(db(), public_id, _official(), now())
    previewed = forms.previewed(request.form.getlist("row"), request.form.get("count", ""))
    outcome = bulk.accept_many(db(), desk, previewed, auth.viewer().id, now())
    refused = [(name, sentence(why, language())) for name, why in outcome.refused]
    return render_template("screening/bulk.html", desk=desk, ready=bulk.preview(db(), desk), outcome=outcome,
                           refused=refused)  # fmt: skip


@bp.get("/applications/<public_id>")
@auth.open_to(auth.STAFF)
def application(public_id: str) -> ResponseReturnValue:
    case = _case(public_id)
    cases.opened(db(), case, auth.viewer().id, now())
    return _page(case)


@bp.post("/applications/<public_id>/check")
@auth.open_to(auth.STAFF)
def check(public_id: str) -> ResponseReturnValue:
    given: Any = request.get_json() if request.is_json else request.form
    if not isinstance(given, dict):
        raise BadRequest
    case, tick = _case(public_id), forms.tick(given)
    try:
        left = service.check(db(), case.public_id, forms.version(given), tick.field, tick.verdict, tick.note,
                             auth.viewer().id, now())  # fmt: skip
    except Refusal as why:
        return _refused(public_id, why)
    if _for_a_program():
        return jsonify({"ok": True, "left": left, **_until()})
    place = _place(left, tick.field)
    return redirect(url_for("screening.application", public_id=public_id, _anchor=place), 303)


@bp.post("/applications/<public_id>/claim")
@auth.open_to(auth.STAFF)
def claim(public_id: str) -> ResponseReturnValue:
    """Take it, or keep it: a page with a living reader asks now and then."""
    answer = _act(public_id, lambda case: claims.claim(db(), public_id, auth.viewer().id, now()))
    return jsonify({"ok": True, **_until()}) if _for_a_program() else answer


@bp.post("/applications/<public_id>/release")
@auth.open_to(auth.STAFF)
def release(public_id: str) -> ResponseReturnValue:
    case = _case(public_id)
    claims.release(db(), public_id, auth.viewer().id, now())
    return redirect(url_for("screening.queue", public_id=case.desk.public_id), 303)


@bp.post("/applications/<public_id>/accept")
@auth.open_to(auth.STAFF)
def accept(public_id: str) -> ResponseReturnValue:
    return _act(public_id, lambda case: service.accept(
        db(), public_id, forms.version(request.form), auth.viewer().id, now()))  # fmt: skip


@bp.post("/applications/<public_id>/correction")
@auth.open_to(auth.STAFF)
def ask_correction(public_id: str) -> ResponseReturnValue:
    def act(case: Case) -> None:
        asked = forms.asked(request.form, request.form.getlist("ask"))
        service.ask_correction(db(), public_id, forms.version(request.form), asked,
                               forms.due(request.form, case.desk.zone), auth.viewer().id, now())  # fmt: skip

    return _act(public_id, act)


@bp.post("/applications/<public_id>/reject")
@auth.open_to(auth.STAFF)
def reject(public_id: str) -> ResponseReturnValue:
    """The first press shows what the candidate will read; the second one decides."""
    reason, text = forms.text(request.form, "reason"), forms.text(request.form, "text")
    if request.form.get("sure") == "yes":
        return _act(public_id, lambda case: service.reject(
            db(), public_id, forms.version(request.form), reason, text, auth.viewer().id, now()))  # fmt: skip
    case = _case(public_id)
    try:
        service.check_reason(case, reason, text, now())
    except Refusal as why:
        return _refused(public_id, why)
    return _page(case, confirming=True)


def _official() -> Official:
    held = auth.viewer().offices(*SCREENERS)
    if held == []:
        raise Forbidden
    return Official(auth.viewer().id, None if held is None else tuple(held))


def _case(public_id: str) -> Case:
    return cases.own_case(db(), public_id, _official(), now())


def _act(public_id: str, act: Callable[[Case], object]) -> ResponseReturnValue:
    """Back to the application when it went well; else the same page with what was typed and why not."""
    try:
        act(_case(public_id))
    except Refusal as why:
        return _refused(public_id, why)
    return redirect(url_for("screening.application", public_id=public_id), 303)


def _refused(public_id: str, why: Refusal) -> ResponseReturnValue:
    if _for_a_program() or why.status in (400, 403, 404):
        raise why
    return _page(_case(public_id), why), why.status


def _page(case: Case, problem: Refusal | None = None, confirming: bool = False) -> str:
    found = sheet.read(db(), case, now())
    closes_at = found.stage.closes_at if found.stage else None
    return render_template(
        "screening/application.html", sheet=found, case=case, desk=case.desk, problem=problem,
        said=sentence(problem, language()) if problem else "", typed=request.form, confirming=confirming,
        act=(request.endpoint or "").rpartition(".")[2], reasons=rules.REASONS, told=_told, speak=_speak,
        viewer_id=auth.viewer().id, now=now(), due=rules.usual_due(now(), case.desk.zone, closes_at),
        longest=rules.LONGEST_NOTE, claim=rules.CLAIM,
    )  # fmt: skip


def _place(left: list[str], field: str) -> str:
    """Where a page without scripts goes on after a tick."""
    names = [*LABELS, *rules.DOCUMENTS]
    after = [name for name in names[names.index(field) + 1 :] if name in left]
    return "f-" + (after or left)[0] if left else "decide"


def _until() -> dict[str, int]:
    return {"now": to_ms(now()), "until": to_ms(now() + rules.CLAIM)}


def _for_a_program() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _told(said: Said) -> str:
    return told(said, lambda message: say(message, language()))


def _speak(name: str, value: Any) -> str:
    return spoken(name, value, lambda message: say(message, language()))
