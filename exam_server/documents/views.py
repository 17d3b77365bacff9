"""Berkas: three cards with their receipts, sending a file, and showing it to whom it may be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from exam_server import auth, detour
from exam_server.clock import to_ms
from exam_server.documents import files, receiving, rules, service, showing, signatures
from exam_server.documents import looks as opened
from exam_server.documents.refusals import FileTooLarge, NoFile
from exam_server.errors import NotFound, Refusal
from exam_server.extensions import House, db, house, now

bp = Blueprint("documents", __name__)

AROUND_THE_FILE = 50_000
"""Bytes of a form besides its file."""


@bp.record
def _remove_purged(state: BlueprintSetupState) -> None:
    """Folders of purged files go as soon as the purge is committed."""
    at_home: House = state.app.extensions["house"]
    data_dir = at_home.settings.data_dir

    def remove(row: dict[str, Any]) -> None:
        for name in row["names"]:
            files.remove(data_dir, name)

    at_home.db.subscribe(service.PURGED, remove)


@bp.url_value_preprocessor
def _allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the form; every other form stays small."""
    if endpoint == "documents.upload":
        request.max_content_length = rules.MOST_BYTES + AROUND_THE_FILE


@bp.get("/documents")
@auth.open_to(auth.CANDIDATE)
def index() -> ResponseReturnValue:
    return _cards()


@bp.post("/documents/<kind>")
@auth.open_to(auth.CANDIDATE)
def upload(kind: str) -> ResponseReturnValue:
    if kind not in rules.KINDS:
        raise NotFound
    try:
        held = _receive(kind)
    except Refusal as problem:
        return _refused(kind, problem)
    if _program_asks():
        return jsonify({"ok": True, "sha256": held.sha256, "uploaded_at": to_ms(held.uploaded_at)})
    there = url_for("documents.index", sent=kind, back=detour.back() or None, _anchor=kind)
    return redirect(there, 303)


def _receive(kind: str) -> service.Held:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile
    return receiving.receive(db(), _data_dir(), house().run_blocking, auth.viewer().id, kind, sent.stream,
                             now())  # fmt: skip


@bp.errorhandler(413)
def _too_large(_: RequestEntityTooLarge) -> ResponseReturnValue:
    """The request was larger than any file that could be taken, and was not read."""
    problem = FileTooLarge(limit=rules.MOST_BYTES // 1024**2)
    try:
        auth.check_permission()
    except Refusal as refusal:
        problem = refusal  # type: ignore[assignment]
    kind = (request.view_args or {}).get("kind", "")
    if kind not in rules.KINDS or not isinstance(problem, FileTooLarge) or _program_asks():
        return current_app.handle_user_exception(problem)
    return _refused(kind, problem)


def _refused(kind: str, problem: Refusal) -> ResponseReturnValue:
    """The same page with the reason beside the field; a program reads the refusal itself."""
    if _program_asks():
        raise problem
    response = current_app.make_response((_cards(kind, problem), problem.status))
    if wait := problem.details.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response


def _program_asks() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _cards(wrong: str = "", problem: Refusal | None = None) -> str:
    held, zone = service.shelf(db(), auth.viewer().id)
    today = now()
    stale = {kind for kind, one in held.items() if rules.needs_renewal(kind, one.uploaded_at, today)}
    return render_template(
        "documents/index.html", kinds=rules.KINDS, held=held, zone=zone, stale=stale, wrong=wrong,
        problem=problem, sent=request.args.get("sent", ""), rules=rules, back=detour.back(),
        way_back=detour.way_back(),
    )  # fmt: skip


@bp.get("/documents/views")
@auth.open_to(auth.CANDIDATE)
def looks() -> ResponseReturnValue:
    with db().read() as tx:
        zone = service.zone_of(tx, auth.viewer().id)
    found = opened.looks(db(), auth.viewer().id, zone)
    return render_template("documents/views.html", looks=found, zone=zone)


@bp.get("/documents/<public_id>/thumbnail")
@auth.open_to(auth.EITHER)
def thumbnail(public_id: str) -> ResponseReturnValue:
    held, name = showing.find(db(), _asker(), public_id, now())
    return _served(name, "thumb.jpg", signatures.JPEG, f'inline; filename="{held.kind}.jpg"')


@bp.get("/documents/<public_id>/pages/<int:page>")
@auth.open_to(auth.EITHER)
def page(public_id: str, page: int) -> ResponseReturnValue:
    held, name = showing.open_file(db(), _asker(), public_id, page, now())
    shown = f'inline; filename="{held.kind}-{page}.jpg"'
    return _served(name, f"page-{page}.jpg", signatures.JPEG, shown)


@bp.get("/documents/<public_id>/original")
@auth.open_to(auth.EITHER)
def original(public_id: str) -> ResponseReturnValue:
    """Of a PDF the file as sent, to be saved and not shown; of a photo there is only the cleaned picture."""
    held, name = showing.open_file(db(), _asker(), public_id, None, now())
    if held.media_type != signatures.PDF:
        shown = f'attachment; filename="{held.kind}.jpg"'
        return _served(name, "page-1.jpg", signatures.JPEG, shown)
    return _served(name, files.ORIGINAL, signatures.PDF, f'attachment; filename="{held.kind}.pdf"')


def _served(name: str, part: str, media_type: str, disposition: str) -> Response:
    try:
        data = (files.place(_data_dir(), name) / part).read_bytes()
    except FileNotFoundError as problem:
        raise NotFound from problem
    response = Response(data, mimetype=media_type)
    response.headers.update({
        "Content-Disposition": disposition,
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    })  # fmt: skip
    return response


def _asker() -> showing.Asker:
    return showing.Asker(auth.viewer().id, auth.viewer().roles)


def _data_dir() -> Path:
    return house().settings.data_dir
