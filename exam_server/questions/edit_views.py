"""Writing an item: the form, its rows, its preview while one types, and saving without losing anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.bank import wording
from exam_server.bank.pictures import MOST_BYTES, BadPicture
from exam_server.bank.refusals import ItemChanged
from exam_server.bank.wording import Kept
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now
from exam_server.language import sentence as refused
from exam_server.offices.service import OfficeCard
from exam_server.pages import language
from exam_server.questions import entries, listing, pictures, service
from exam_server.questions.entries import Entry, Judged
from exam_server.questions.refusals import ItemWrong
from exam_server.questions.service import Place
from exam_server.questions.web import DIFFICULTY_WORDS, beside, bp, frame, own_item, own_office, part_word
from question_bank.validate import MAX_OPTIONS

FORM = "questions/edit.html"
AROUND_THE_FILE = 200_000
"""Bytes of a form besides its picture."""

WITH_A_FILE = {"questions.create", "questions.save", "questions.preview"}


@bp.url_value_preprocessor
def _allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the form; every other form stays small."""
    if endpoint in WITH_A_FILE:
        request.max_content_length = MOST_BYTES + AROUND_THE_FILE


@bp.get("/new")
@auth.open_to(auth.STAFF)
def new() -> ResponseReturnValue:
    return _form(own_office(), None, Entry())


@bp.post("/new")
@auth.open_to(auth.STAFF)
def create() -> ResponseReturnValue:
    office = own_office()
    entry, bad_picture = _entry()
    if shown := _only_shown(office, None, entry):
        return shown
    judged = entries.judge(entry, ())
    if bad_picture or judged.problems:
        return _refused(office, None, entry, judged, bad_picture)
    try:
        item_id = service.add(db(), office.id, entry, judged, auth.viewer().id, now())
    except Refusal as problem:
        return _refused(office, None, entry, judged, problem)
    return redirect(url_for("questions.item", item_id=item_id, saved="added"), 303)


@bp.get("/item/<int:item_id>/edit")
@auth.open_to(auth.STAFF)
def edit(item_id: int) -> ResponseReturnValue:
    place, office = own_item(item_id)
    page = service.look(db(), place, auth.viewer().id, now())
    return _form(office, place, service.entry(page), seen=page.seen)


@bp.post("/item/<int:item_id>/edit")
@auth.open_to(auth.STAFF)
def save(item_id: int) -> ResponseReturnValue:
    """Who saves over somebody else's work gets the form back, with what that was and `seen` as it is now."""
    place, office = own_item(item_id)
    entry, bad_picture = _entry()
    if shown := _only_shown(office, place, entry):
        return shown
    judged = entries.judge(entry, service.names(db(), item_id))
    if bad_picture or judged.problems:
        return _refused(office, place, entry, judged, bad_picture)
    try:
        seen = request.form.get("seen", "")
        number = service.save(db(), place, entry, judged, seen, auth.viewer().id, now())
    except Refusal as problem:
        return _refused(office, place, entry, judged, problem)
    done = "labelled" if number is None else "revised"
    return redirect(url_for("questions.item", item_id=item_id, saved=done), 303)


@bp.post("/preview")
@auth.open_to(auth.STAFF)
def preview() -> ResponseReturnValue:
    """JSON: the item as a page of its own, what still keeps it from being saved, the picture as kept."""
    office = own_office()
    entry, bad_picture = _entry()
    item_id = request.form.get("item", 0, type=int)
    names = service.names(db(), own_item(item_id)[0].id) if item_id else {}
    judged = entries.judge(entry, names)
    problems = beside(judged.problems)
    if bad_picture:
        problems["file"] = refused(bad_picture, language())
    return jsonify({"ok": True, "office": office.slug, "html": _preview(judged, entry, names),
                    "picture": entry.picture, "problems": list(problems.values())})  # fmt: skip


def _entry() -> tuple[Entry, BadPicture | None]:
    """What was typed, with the picture that came along kept already; a picture that cannot be is told."""
    entry = entries.entry_of(request.form)
    file = request.files.get("file")
    if file is None or not file.filename:
        return entry, None
    try:
        keep = house().run_blocking(pictures.keep, db(), file.filename[:100], file.read())
        return replace(entry, picture=keep), None
    except BadPicture as problem:
        return entry, problem


def _only_shown(office: OfficeCard, place: Place | None, entry: Entry) -> ResponseReturnValue | None:
    """A row more or less, or a look at the preview: nothing is kept."""
    act = request.form.get("act", "")
    turned = entry if act == "preview" else entries.turned(entry, act)
    if turned is None:
        return None
    return _form(office, place, turned, seen=request.form.get("seen", ""), unsaved=True)


def _refused(
    office: OfficeCard, place: Place | None, entry: Entry, judged: Judged, problem: Refusal | None
) -> ResponseReturnValue:
    if forms.wants_json():
        raise problem or _wrong(judged)
    said = beside(judged.problems)
    changed: tuple[Any, ...] = ()
    seen = request.form.get("seen", "")
    if problem:
        field = "file" if isinstance(problem, BadPicture) else forms.field_of(problem)
        said = {field: refused(problem, language())} | said
    if place and isinstance(problem, ItemChanged):
        page = service.look(db(), place, auth.viewer().id, now())
        changed, seen = (page.newest, page.since(seen)), page.seen
    response = make_response(_form(office, place, entry, said, seen, changed=changed))
    response.status_code = problem.status if problem else ItemWrong.status
    return response


def _wrong(judged: Judged) -> ItemWrong:
    problem = ItemWrong()
    problem.details["fields"] = beside(judged.problems)
    return problem


def _form(
    office: OfficeCard, place: Place | None, entry: Entry, problems: dict[str, str] | None = None,
    seen: str = "", unsaved: bool = False, changed: tuple[Any, ...] = (),
) -> str:  # fmt: skip
    names = service.names(db(), place.id) if place else {}
    judged = entries.judge(entry, names)
    return render_template(
        FORM, office=office, place=place, entry=entry, problems=problems or {}, seen=seen, unsaved=unsaved,
        changed=changed, part_word=part_word, warnings=beside(judged.warnings) if entry.stem else {},
        preview=_preview(judged, entry, names), names=names, most=MAX_OPTIONS,
        difficulties=DIFFICULTY_WORDS, topics=listing.topics(db(), office.id),
        reviewed=place is not None and service.is_reviewed(db(), place),
    )  # fmt: skip


def _preview(judged: Judged, entry: Entry, names: dict[str, Kept]) -> str:
    """As it would be kept; an option that is still empty shows its place."""
    item = judged.item
    stem, options = wording.by_hash(item.stem, names), [wording.by_hash(one, names) for one in item.options]
    return frame(stem or "…", tuple(options), entry.picture, item.picture_alt)
