"""Exports of a selection for the admins of its office: asked for, looked at while they are made, taken."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.archives import service
from exam_server.archives.jobs import Export
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now
from exam_server.ranking import ground
from exam_server.ranking.ground import Ground

bp = Blueprint("archives", __name__, url_prefix="/results")
PAGE = "archives/page.html"
NAMES = {"workbook": "hasil-lengkap.xlsx", "csv": "hasil.csv", "dossiers": "berkas-peserta.zip"}
TYPES = {
    "workbook": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8", "dossiers": "application/zip",
    "json": "application/json; charset=utf-8", "html": "text/html; charset=utf-8",
}  # fmt: skip


@bp.get("/<public_id>/archives")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    return render_template(PAGE, problems={}, **_page(_own(public_id)))


@bp.post("/<public_id>/archives")
@auth.open_to(auth.STAFF)
def ask(public_id: str) -> ResponseReturnValue:
    place = _own(public_id)
    try:
        asked = service.ask(db(), house().settings.data_dir, place, request.form.get("kind", ""),
                            auth.viewer().id, now())  # fmt: skip
    except Refusal as problem:
        return forms.again(PAGE, problem, **_page(place))
    if forms.wants_json():
        return jsonify({"ok": True, "export": asked})
    return redirect(url_for("archives.page", public_id=public_id), 303)


@bp.get("/<public_id>/archives/candidate")
@auth.open_to(auth.STAFF)
def candidate(public_id: str) -> ResponseReturnValue:
    """`?number=` and `kind` (json, html)."""
    place, number = _own(public_id), request.args.get("number", "")[:40]
    kind = request.args.get("kind", "json")
    try:
        made = service.candidate(db(), place, number, kind, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(PAGE, problem, **(_page(place) | {"typed": number}))
    answer = make_response(made)
    answer.headers["Content-Type"] = TYPES[kind]
    name = "".join(one for one in number.upper() if one.isascii() and (one.isalnum() or one in "-_"))
    answer.headers["Content-Disposition"] = f'attachment; filename="peserta-{name}.{kind}"'
    return answer


@bp.get("/<public_id>/archives/<export>/progress")
@auth.open_to(auth.STAFF)
def progress(public_id: str, export: str) -> ResponseReturnValue:
    """How far it is, for the page that waits."""
    found = service.find(house().settings.data_dir, _own(public_id), export, auth.viewer().id, now())
    return jsonify({"ok": True, "state": found.state, "done": found.done, "total": found.total})


@bp.get("/<public_id>/archives/<export>/file")
@auth.open_to(auth.STAFF)
def file(public_id: str, export: str) -> ResponseReturnValue:
    place = _own(public_id)
    found = service.take(db(), house().settings.data_dir, place, export, auth.viewer().id, now())
    kind = found.job.kind
    answer = send_file(found.result, mimetype=TYPES[kind], as_attachment=True, etag=found.sha256,
                       download_name=f"{place.slug}-{place.year}-{NAMES[kind]}")  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"  # a file of names and marks stays in nobody's cache
    return answer


def _own(public_id: str) -> Ground:
    return ground.own(db(), public_id, auth.viewer(), now())


def _page(place: Ground) -> dict[str, Any]:
    made: list[Export] = service.own(house().settings.data_dir, place, auth.viewer().id, now())
    return {"place": place, "exports": made, "typed": ""}
