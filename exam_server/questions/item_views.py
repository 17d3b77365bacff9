"""One item: as its candidates see it, its key, its past and its reviews; pictures for who writes items."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.bank.wording import shown_at
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.questions import pictures, service
from exam_server.questions.web import DIFFICULTY_WORDS, address, bp, frame, own_item, part_word

ITEM = "questions/item.html"
SAVED = ("revised", "labelled", "added", "accepted", "returned", "retired", "restored")


@bp.get("/item/<int:item_id>")
@auth.open_to(auth.STAFF)
def item(item_id: int) -> ResponseReturnValue:
    return render_template(ITEM, problems={}, note="", **_item(item_id))


@bp.post("/item/<int:item_id>/review")
@auth.open_to(auth.STAFF)
def review(item_id: int) -> ResponseReturnValue:
    """`act=accept`, or `act=return` with a note, of the `revision` that was on the page."""
    place, _ = own_item(item_id)
    given, note = request.form.get("revision", ""), request.form.get("note", "")
    revision = int(given) if re.fullmatch(r"[0-9]{1,9}", given) else 0
    returned = request.form.get("act") == "return"
    try:
        service.review(db(), place, revision, note if returned else None, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(ITEM, problem, note=note, **_item(item_id))
    return _back(item_id, "returned" if returned else "accepted")


@bp.post("/item/<int:item_id>/state")
@auth.open_to(auth.STAFF)
def turn(item_id: int) -> ResponseReturnValue:
    """`act=restore` brings back as a draft; anything else retires."""
    place, _ = own_item(item_id)
    back = request.form.get("act") == "restore"
    (service.bring_back if back else service.set_aside)(db(), place, auth.viewer().id, now())
    return _back(item_id, "restored" if back else "retired")


@bp.get("/picture/<sha256>")
@auth.open_to(auth.STAFF)
def picture(sha256: str) -> ResponseReturnValue:
    media_type, content = pictures.own(db(), auth.viewer(), sha256, now())
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = "private, max-age=7200"
    return response


def _back(item_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("questions.item", item_id=item_id, saved=done), 303)


def _item(item_id: int) -> dict[str, Any]:
    place, office = own_item(item_id)
    page = service.look(db(), place, auth.viewer().id, now())
    said, saved = page.newest.wording, request.args.get("saved", "")
    return {
        "page": page, "office": office, "difficulties": DIFFICULTY_WORDS, "part_word": part_word,
        "saved": saved if saved in SAVED else "", "mine": page.newest.author_id == auth.viewer().id,
        "preview": frame(said.stem, said.options, said.picture, said.picture_alt),
        "explanation": shown_at(said.explanation, address),
        "options": [shown_at(one, address) for one in said.options],
    }  # fmt: skip
