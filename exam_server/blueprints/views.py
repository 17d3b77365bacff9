"""The designer of a plan: rows that are weighed while they are typed, a paper to look at, and saving."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_decimal
from flask import Blueprint as Pages
from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.blueprints import drawing, service
from exam_server.blueprints.service import Plan
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now
from exam_server.offices import service as offices
from exam_server.pages import language
from exam_server.recruitments import fields, progress, rows
from exam_server.recruitments.fields import Form, Values
from exam_server.recruitments.sections import activities
from question_bank.blueprint import BankTooSmall, Blueprint, Stratum

bp = Pages("blueprints", __name__, url_prefix="/bank/blueprint")

DESIGN = "blueprints/design.html"
FORM = Form(groups=activities.FORM.groups, check=activities.FORM.check)
"""The strata as the recruitment's own section asks for them."""


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def design(public_id: str) -> ResponseReturnValue:
    plan = _own(public_id)
    sheet = service.sheet(db(), plan)
    values = {"strata": sheet.values["strata"]}
    typed = rows.with_a_row(FORM, fields.written(FORM, values))
    return render_template(DESIGN, problems={}, seen=sheet.seen, **_design(plan, typed, values))


@bp.post("/<public_id>")
@auth.open_to(auth.STAFF)
def save(public_id: str) -> ResponseReturnValue:
    """Rows more or less, `act=check` (only weighed), `act=paper` (a paper to look at); else it is kept."""
    plan, act, seen = _own(public_id), request.form.get("act", ""), request.form.get("seen", "")
    if turned := rows.turn(FORM, request.form, act):
        values, _, _ = fields.read(FORM, turned.typed)
        shown = _design(plan, turned.typed, values)
        return render_template(DESIGN, problems={}, seen=seen, focus=turned.focus, unsaved=True, **shown)
    values, problems, kept = fields.read(FORM, request.form)
    shown = _design(plan, rows.with_a_row(FORM, kept), values)
    if act == "check":
        if forms.wants_json():
            return jsonify({"ok": True, "html": render_template("blueprints/weighed.html", **shown)})
        return render_template(DESIGN, problems={}, seen=seen, unsaved=True, **shown)
    if problems:
        return forms.again(DESIGN, dict(problems), seen=seen, unsaved=True, **shown)
    if act == "paper":
        return redirect(url_for("blueprints.paper", public_id=public_id) + "?" + urlencode(kept), 303)
    try:
        reason = request.form.get("reason", "")
        service.save(db(), plan, values["strata"], reason, seen, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(DESIGN, problem, seen=service.sheet(db(), plan).seen, unsaved=True, **shown)
    return redirect(url_for("blueprints.design", public_id=public_id, saved=1), 303)


@bp.get("/<public_id>/paper")
@auth.open_to(auth.STAFF)
def paper(public_id: str) -> ResponseReturnValue:
    """A paper by the rows in the address, or by the plan as it is kept; `draw` counts papers."""
    plan = _own(public_id)
    given = {name: text for name, text in request.args.items() if name.startswith("strata-")}
    values = fields.read(FORM, given)[0] if given else service.sheet(db(), plan).values
    number = _number(request.args)
    items: list[drawing.Previewed] = []
    blueprint, short = _blueprint(values), False
    try:
        items = drawing.paper(db(), plan.office_id, blueprint, number, _address)
    except BankTooSmall:
        short = True
    return render_template("blueprints/paper.html", plan=plan, items=items, number=number, short=short,
                           total=blueprint.total, given=given)  # fmt: skip


def _own(public_id: str) -> Plan:
    return service.own(db(), auth.viewer(), public_id, now())


def _number(args: Mapping[str, str]) -> int:
    typed = args.get("draw", "")
    return int(typed) if re.fullmatch(r"[0-9]{1,6}", typed) else 1


def _address(sha256: str) -> str:
    return url_for("questions.picture", sha256=sha256)


def _blueprint(values: Values) -> Blueprint:
    """The rows that could be read."""
    return Blueprint(tuple(
        Stratum(row["count"], row["topic"] or None, row["difficulty"] or None)
        for row in values["strata"] if row["count"] and row["topic"] is not None
    ))  # fmt: skip


def _design(plan: Plan, typed: Mapping[str, str], values: Values) -> dict[str, Any]:
    (group,) = FORM.groups
    weighed: service.Weighed = house().run_blocking(service.weigh, db(), plan.office_id, _blueprint(values))
    return {
        "common": weighed.overlap and format_decimal(round(weighed.overlap.items, 1), locale=language()),
        "plan": plan, "group": group, "typed": typed, "reason": request.form.get("reason", ""),
        "office": next(one for one in offices.offices(db()) if one.id == plan.office_id),
        "numbers": range(1, len(fields.rows_of(group, typed)) + 1),
        "topics": progress.topics(db(), plan.office_id), "saved": bool(request.args.get("saved")),
        "difficulties": dict(activities.DIFFICULTIES),
        "weighed": weighed,
    }  # fmt: skip
