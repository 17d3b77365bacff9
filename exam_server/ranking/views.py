"""The final selection of an activity: where it stands, what is recorded of it, its list, and the freeze."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now, reckon_apart
from exam_server.ranking import desk, freezing, ground, mark_views, plan, plan_views
from exam_server.ranking.desk import Filter
from exam_server.ranking.rules import Quota
from exam_server.ranking.web import bp, many_offices, own, own_grounds, page_number, shared
from exam_server.ranking.words import OUTCOMES

__all__ = ["bp", "mark_views", "plan_views"]
"""The others put their routes on the same blueprint."""

OVERVIEW = "ranking/overview.html"
IN_PHASE = ("opening", "marks", "freezing", "granting")
"""Steps that are taken within the announced stage only."""


@bp.get("")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    stands = [desk.where(db(), one, now()) for one in own_grounds()]
    return render_template("ranking/index.html", stands=stands, now=now(), many=many_offices())


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def overview(public_id: str) -> ResponseReturnValue:
    return render_template(OVERVIEW, problems={}, reason="", **_overview(public_id))


@bp.post("/<public_id>/open", endpoint="open")
@auth.open_to(auth.STAFF)
def open_scores(public_id: str) -> ResponseReturnValue:
    """From now on scores are seen and the criteria are fixed."""
    place = own(public_id)
    try:
        plan.open_scores(db(), place, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(OVERVIEW, problem, reason="", **_overview(public_id))
    return redirect(url_for("ranking.overview", public_id=public_id), 303)


@bp.post("/<public_id>/freeze")
@auth.open_to(auth.STAFF)
def freeze(public_id: str) -> ResponseReturnValue:
    """Asks a second official; what they see is exactly the list of this moment."""
    place, reason = own(public_id), request.form.get("reason", "")
    try:
        asked = freezing.ask(db(), place, reason, auth.viewer().id, now(), reckon_apart)
    except Refusal as problem:
        return forms.again(OVERVIEW, problem, reason=reason, **_overview(public_id))
    return redirect(url_for("approvals.page", public_id=asked), 303)


@bp.get("/<public_id>/list", endpoint="list")
@auth.open_to(auth.STAFF)
def listed(public_id: str) -> ResponseReturnValue:
    place = own(public_id)
    outcome = request.args.get("outcome", "")
    wanted = Filter(request.args.get("kecamatan", ""), outcome if outcome in OUTCOMES else "", page_number())
    shown = desk.page(db(), house().run_blocking, place, wanted)
    common = shared(place)
    criteria, quota = common["where"].plan.needed()
    labels = {one.key: one.label for one in criteria.criteria.components}
    return render_template("ranking/list.html", shown=shown, wanted=wanted, quotas=quota.quotas,
                           fraction=Fraction, said=_quota_said, named_parts=labels, **common)  # fmt: skip


def _overview(public_id: str) -> dict[str, Any]:
    common = shared(own(public_id))
    step = common["where"].next_step(now())
    outside = step in IN_PHASE and not ground.in_phase(common["place"], now())
    return common | {"next": step, "outside": outside}


def _quota_said(quota: Quota) -> str:
    return ", ".join(filter(None, (quota.desa, quota.kecamatan)))
