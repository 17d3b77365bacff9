"""Marks and must-haves: the list of who sat, a candidate's own page, and a file of marks."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.errors import BadRequest, Refusal
from exam_server.extensions import db, house, now
from exam_server.language import sentence
from exam_server.pages import language
from exam_server.ranking import desk, importing, mark_files, marks, persons
from exam_server.ranking.contents import MARK
from exam_server.ranking.ground import Ground
from exam_server.ranking.mark_files import MOST_BYTES, Row
from exam_server.ranking.web import AROUND_THE_FILE, MOST_TYPED, bp, own, page_number, shared

MARKS, PERSON = "ranking/marks.html", "ranking/person.html"
TOLD = 200
"""So many wrong rows are listed."""


@bp.url_value_preprocessor
def _allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the form; every other form stays small."""
    if endpoint == "ranking.import_marks":
        request.max_content_length = MOST_TYPED + MOST_BYTES + AROUND_THE_FILE
        request.max_form_memory_size = MOST_TYPED


@bp.get("/<public_id>/marks", endpoint="marks")
@auth.open_to(auth.STAFF)
def worklist(public_id: str) -> ResponseReturnValue:
    kept = request.args.get("kept", type=int)
    return render_template(MARKS, problems={}, run=None, rows="", filename="",
                           **_marks(own(public_id)) | {"kept": kept})  # fmt: skip


@bp.post("/<public_id>/marks", endpoint="import_marks")
@auth.open_to(auth.STAFF)
def take_in(public_id: str) -> ResponseReturnValue:
    """The first press reads the file and changes nothing; the second takes in all of it or nothing."""
    place, component = own(public_id), request.form.get("component", "")
    rows: list[Row] = []
    filename = request.form.get("filename", "")
    try:
        if request.form.get("act") == "import":
            rows = _rows_back()
            count = importing.take_in(db(), place, component, rows, filename, auth.viewer().id, now())
            return redirect(url_for("ranking.marks", public_id=public_id, kept=count), 303)
        filename, rows = _read()
        run = importing.dry_run(db(), place, component, rows, now())
    except Refusal as problem:
        return forms.again(MARKS, problem, run=None, rows="", filename="", **_marks(place, component))
    return render_template(
        MARKS, problems={}, run=run, rows=json.dumps([asdict(one) for one in rows]), filename=filename,
        told=[(one.cell, sentence(one.problem, language())) for one in run.wrong[:TOLD]],
        **_marks(place, component),
    )  # fmt: skip


@bp.get("/<public_id>/person/<attempt>")
@auth.open_to(auth.STAFF)
def person(public_id: str, attempt: str) -> ResponseReturnValue:
    return render_template(PERSON, problems={}, typed={}, **_person(own(public_id), attempt))


@bp.post("/<public_id>/person/<attempt>/mark")
@auth.open_to(auth.STAFF)
def mark(public_id: str, attempt: str) -> ResponseReturnValue:
    place, given = own(public_id), request.form
    try:
        marks.give(db(), place, attempt, given.get("component", ""), given.get("value", ""),
                   given.get("note", ""), auth.viewer().id, now())  # fmt: skip
    except Refusal as problem:
        return forms.again(PERSON, problem, typed=given, **_person(place, attempt))
    return redirect(url_for("ranking.person", public_id=public_id, attempt=attempt), 303)


@bp.post("/<public_id>/person/<attempt>/gate")
@auth.open_to(auth.STAFF)
def gate(public_id: str, attempt: str) -> ResponseReturnValue:
    place, given = own(public_id), request.form
    position = given.get("requirement", 0, type=int)
    try:
        marks.check_gate(db(), place, attempt, position, given.get("met") == "yes", given.get("note", ""),
                         auth.viewer().id, now())  # fmt: skip
    except Refusal as problem:
        return forms.again(PERSON, problem, typed=given, **_person(place, attempt))
    return redirect(url_for("ranking.person", public_id=public_id, attempt=attempt), 303)


def _read() -> tuple[str, list[Row]]:
    sent = request.files.get("file")
    name = (sent.filename or "")[:120] if sent else ""
    data = sent.stream.read(MOST_BYTES + 1) if sent else b""
    url = db().engine.url.render_as_string(hide_password=False)
    rows: list[Row] = house().run_blocking(mark_files.read, url, name, data)
    return name, rows


def _rows_back() -> list[Row]:
    """The rows as the first press showed them: each is checked again; raises BadRequest."""
    try:
        said = json.loads(request.form.get("rows", ""))
        return [_row(one) for one in said[: mark_files.MOST_ROWS]]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
        raise BadRequest from problem


def _row(said: dict[str, Any]) -> Row:
    number, name, value, note = (str(said[part]) for part in ("number", "name", "value", "note"))
    cells = {str(key): str(cell) for key, cell in said["cells"].items()}
    return Row(int(said["line"]), number, name, value, note, cells)


def _marks(place: Ground, chosen: str = "") -> dict[str, Any]:
    common = shared(place)
    recorded = common["where"].plan.criteria
    parts = [one for one in recorded.criteria.components if one.key.startswith(MARK)] if recorded else []
    sought = request.args.get("q", "").strip()[:80]
    found = desk.worklist(db(), place, page_number(), sought)
    return common | {"parts": parts, "found": found, "q": sought, "chosen": chosen, "kept": None,
                     "columns": [names[0] for names in mark_files.COLUMNS.values()]}  # fmt: skip


def _person(place: Ground, attempt: str) -> dict[str, Any]:
    return shared(place) | persons.look(db(), house().run_blocking, place, attempt)
