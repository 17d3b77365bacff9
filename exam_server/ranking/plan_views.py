"""Forms of criteria and quotas, and the page that tries other ones without keeping anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now
from exam_server.pages import own_words
from exam_server.ranking import desk, form_rows, plan, what_if
from exam_server.ranking.form_rows import QuotaRow, Typed
from exam_server.ranking.ground import Ground
from exam_server.ranking.preferences import BASES, suggested
from exam_server.ranking.web import bp, own, shared

CRITERIA, QUOTAS, WHAT_IF = "ranking/criteria.html", "ranking/quotas.html", "ranking/what_if.html"
EMPTY_ROWS = 6


@bp.get("/<public_id>/criteria")
@auth.open_to(auth.STAFF)
def criteria(public_id: str) -> ResponseReturnValue:
    place = own(public_id)
    common = _common(place)
    return render_template(CRITERIA, problems={}, given=common["base"], **common)


@bp.post("/<public_id>/criteria", endpoint="record_criteria")
@auth.open_to(auth.STAFF)
def record_criteria(public_id: str) -> ResponseReturnValue:
    place = own(public_id)
    common = _common(place)
    given = _typed(common["base"])
    try:
        plan.record_criteria(db(), place, form_rows.criteria_of(given), auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(CRITERIA, problem, given=given, **common)
    return redirect(url_for("ranking.overview", public_id=public_id), 303)


@bp.get("/<public_id>/quotas")
@auth.open_to(auth.STAFF)
def quotas(public_id: str) -> ResponseReturnValue:
    place = own(public_id)
    common = _common(place)
    recorded = common["where"].plan.quota
    rows = form_rows.quota_rows(recorded.quotas if recorded else ())
    return render_template(QUOTAS, problems={}, rows=_with_empty(rows), reason="",
                           reserves=str(recorded.reserves) if recorded else "", **common)  # fmt: skip


@bp.post("/<public_id>/quotas", endpoint="record_quotas")
@auth.open_to(auth.STAFF)
def record_quotas(public_id: str) -> ResponseReturnValue:
    place = own(public_id)
    rows, reserves = _rows(request.form), request.form.get("reserves", "")
    reason = request.form.get("reason", "")
    try:
        plan.record_quota(db(), place, form_rows.quotas_of(rows), form_rows.reserves_of(reserves), reason,
                          auth.viewer().id, now())  # fmt: skip
    except Refusal as problem:
        return forms.again(QUOTAS, problem, rows=_with_empty(rows), reserves=reserves, reason=reason,
                           **_common(place))  # fmt: skip
    return redirect(url_for("ranking.overview", public_id=public_id), 303)


@bp.get("/<public_id>/what-if", endpoint="what_if")
@auth.open_to(auth.STAFF)
def try_other(public_id: str) -> ResponseReturnValue:
    """Weights, quotas and reserves of the address instead of the recorded ones; nothing is kept."""
    place = own(public_id)
    common = _common(place)
    _, recorded = common["where"].plan.opened()
    if "reserves" not in request.args:
        rows = form_rows.quota_rows(recorded.quotas)
        return render_template(WHAT_IF, problems={}, given=common["base"], rows=_with_empty(rows),
                               reserves=str(recorded.reserves), found=None, **common)  # fmt: skip
    given, rows = _weights(common["base"]), _rows(request.args)
    typed: dict[str, Any] = {"given": given, "rows": _with_empty(rows), "reserves": request.args["reserves"]}
    try:
        found = what_if.compare(
            db(), house().run_blocking, place, form_rows.criteria_of(given), form_rows.quotas_of(rows),
            form_rows.reserves_of(request.args["reserves"]),
        )  # fmt: skip
    except Refusal as problem:
        return forms.again(WHAT_IF, problem, found=None, **typed, **common)
    return render_template(WHAT_IF, problems={}, found=found, names=_names(found), **typed, **common)


def _common(place: Ground) -> dict[str, Any]:
    announced = desk.requirements(db(), place)
    preferred = [one for one in announced if one.kind == "preference"]
    common = shared(place)
    recorded = common["where"].plan.criteria
    suggest = {one.position: suggested(one.proof, one.text.get("id", "")) for one in preferred}
    return common | {
        "base": form_rows.shown(recorded.criteria if recorded else None, preferred, suggest),
        "texts": {one.position: own_words(one.text) for one in announced},
        "musts": [one.position for one in announced if one.kind == "must"],
        "bases": BASES, "desa": desk.desa(db(), place), "ties": form_rows.TIES,
    }  # fmt: skip


def _typed(base: Typed) -> Typed:
    return form_rows.typed(request.form, request.form.getlist("gate"), request.form.getlist("tie"), base)


def _weights(base: Typed) -> Typed:
    """Only the weights are tried; gates and ties stay as they were recorded."""
    typed = form_rows.typed(request.args, [str(one) for one in base.gates], base.ties, base)
    tried = tuple(replace(one, weight=one.weight or "0") if one.label else one for one in typed.parts)
    return replace(typed, parts=tried)


def _rows(form: Any) -> list[QuotaRow]:
    return form_rows.typed_rows(form.getlist("where"), form.getlist("places"))


def _with_empty(rows: list[QuotaRow]) -> list[QuotaRow]:
    return rows + [QuotaRow("", "")] * EMPTY_ROWS


def _names(found: what_if.Comparison) -> dict[int, tuple[str, str]]:
    with db().read() as tx:
        return desk.named(tx, [one.attempt_id for one in found.moves])
