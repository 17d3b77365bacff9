"""Impor soal: uploading a file, looking at what it holds, and importing all of it."""

from __future__ import annotations

from typing import Any

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from exam_server import auth, forms
from exam_server.bank import batches
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now
from exam_server.imports import draft_views, importing, service, uploads
from exam_server.imports.draft_views import again
from exam_server.imports.refusals import FileTooLarge, ImportOver
from exam_server.imports.service import Draft
from exam_server.imports.web import FORMATS, bp, own, own_draft, own_office, own_offices, page_of

__all__ = ["bp", "draft_views"]
"""The other puts its routes on the same blueprint."""

INDEX = "imports/index.html"


@bp.url_value_preprocessor
def _allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the form; every other form stays small."""
    if endpoint in ("imports.upload", "imports.repair"):
        request.max_content_length = uploads.MOST_BYTES + uploads.AROUND_THE_FILE


@bp.get("")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    return render_template(INDEX, problems={}, **_index())


@bp.post("")
@auth.open_to(auth.STAFF)
def upload() -> ResponseReturnValue:
    """Kept as a draft: nothing is in the bank yet."""
    office = own_office()
    try:
        file = uploads.receive()
        public_id = service.keep(db(), office.id, file, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(INDEX, problem, **_index(office.slug))
    return _done(public_id)


@bp.post("/<public_id>/file")
@auth.open_to(auth.STAFF)
def repair(public_id: str) -> ResponseReturnValue:
    """The repaired file instead of the one before; what was chosen stays."""
    draft = own_draft(public_id)
    try:
        file = uploads.receive(service.report_of(db(), draft))
        service.replace(db(), draft, file, auth.viewer().id, now())
    except Refusal as problem:
        return again(draft, problem)
    return _done(public_id)


@bp.post("/<public_id>/import", endpoint="bring_in")
@auth.open_to(auth.STAFF)
def import_all(public_id: str) -> ResponseReturnValue:
    """All or nothing; pressed by two at once it is done once, and both see what came of it."""
    draft = own(public_id)
    if isinstance(draft, Draft):
        try:
            importing.import_draft(db(), draft, request.form.get("seen", ""), auth.viewer().id, now(),
                                   house().run_blocking)  # fmt: skip
        except ImportOver:
            pass
        except Refusal as problem:
            return again(draft, problem)
    return _done(public_id)


@bp.post("/<public_id>/undo")
@auth.open_to(auth.STAFF)
def undo(public_id: str) -> ResponseReturnValue:
    batch = draft_views.own_batch(public_id)
    try:
        batches.take_back(db(), batch.id, auth.viewer().id, now())
    except Refusal as problem:
        return draft_views.result(batch, problem)
    return _done(public_id)


@bp.errorhandler(413)
def _too_large(_: RequestEntityTooLarge) -> ResponseReturnValue:
    """The request was larger than any file that could be taken, and was not read."""
    problem = FileTooLarge(limit=uploads.MOST_BYTES // 1024**2)
    try:
        auth.check_permission()
        shown = _index()
    except Refusal as refusal:
        return current_app.handle_user_exception(refusal)
    return current_app.handle_user_exception(problem) if forms.wants_json() else forms.again(
        INDEX, problem, **shown
    )  # fmt: skip


def _done(public_id: str) -> ResponseReturnValue:
    """On to the page of the import; a program is told where it is."""
    if forms.wants_json():
        return jsonify({"ok": True, "page": page_of(public_id)})
    return redirect(url_for("imports.page", public_id=public_id), 303)


def _index(chosen: str = "") -> dict[str, Any]:
    mine = own_offices()
    held = [one.id for one in mine]
    with db().read() as tx:
        open_drafts, done = service.drafts(tx, held, now()), batches.batches(tx, held)
    return {"offices": mine, "by_id": {one.id: one for one in mine}, "drafts": open_drafts, "batches": done,
            "formats": FORMATS, "chosen": chosen, "limit": uploads.MOST_BYTES,
            "life": service.LIFE}  # fmt: skip
