"""One import: the dry run with its choices, how far it is, its pictures, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.bank.batches import Batch
from exam_server.bank.wording import shown_at
from exam_server.errors import NotFound, Refusal
from exam_server.exam.papers import ShownItem
from exam_server.extensions import db, house, now
from exam_server.imports import done, dry_run, service, uploads
from exam_server.imports.choosing import change
from exam_server.imports.dry_run import SHOWS, Line
from exam_server.imports.service import Draft
from exam_server.imports.web import DIFFICULTIES, FORMATS, bp, office_of, own, own_draft, page_of, place, told

PAGE, RESULT = "imports/page.html", "imports/result.html"


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    """The dry run, or what came of the import."""
    found = own(public_id)
    if isinstance(found, Batch):
        return result(found)
    return render_template(PAGE, problems={}, **_page(found))


@bp.post("/<public_id>/choices")
@auth.open_to(auth.STAFF)
def choose(public_id: str) -> ResponseReturnValue:
    """`act`: leave_out, take_in, label (with topic, difficulty, scope), leave_out_doubles."""
    draft = own_draft(public_id)
    try:
        doubled = dry_run.doubles(db(), draft, house().run_blocking) if _asks_for_doubles() else []
        service.choose(db(), draft, change(request.form, doubled), now())
    except Refusal as problem:
        return again(draft, problem)
    if forms.wants_json():
        return jsonify({"ok": True})
    show, number = (request.form.get(name) or None for name in ("show", "page"))
    return redirect(
        url_for("imports.page", public_id=public_id, show=show, page=number, _anchor="items"), 303
    )


@bp.get("/<public_id>/progress")
@auth.open_to(auth.STAFF)
def progress(public_id: str) -> ResponseReturnValue:
    """For the page that waits; every worker knows it."""
    found = own(public_id)
    if isinstance(found, Batch):
        return jsonify({"ok": True, "state": "done", "page": page_of(public_id)})
    done_so_far, total = found.progress or (0, 0)
    state = "importing" if found.progress else "open"
    return jsonify({"ok": True, "state": state, "done": done_so_far, "total": total})


@bp.post("/<public_id>/discard")
@auth.open_to(auth.STAFF)
def discard(public_id: str) -> ResponseReturnValue:
    draft = own_draft(public_id)
    try:
        service.discard(db(), draft, auth.viewer().id, now())
    except Refusal as problem:
        return again(draft, problem)
    if forms.wants_json():
        return jsonify({"ok": True})
    return redirect(url_for("imports.index"), 303)


@bp.get("/<public_id>/pictures/<sha256>")
@auth.open_to(auth.STAFF)
def picture(public_id: str, sha256: str) -> ResponseReturnValue:
    """A picture of this draft, by the hash of what the bank would keep."""
    found = own(public_id)
    if isinstance(found, Batch):
        raise NotFound
    for known, media_type, content, _, _ in service.report_of(db(), found).pictures.values():
        if known == sha256:
            response = Response(content, mimetype=media_type)
            response.headers["Cache-Control"] = "private, max-age=600"
            response.headers["Content-Security-Policy"] = (
                "sandbox; default-src 'none'; frame-ancestors 'none'"
            )
            return response
    raise NotFound


def own_batch(public_id: str) -> Batch:
    """Raises NotFound, for a draft as well: there is nothing to take back."""
    found = own(public_id)
    if isinstance(found, Draft):
        raise NotFound
    return found


def again(draft: Draft, problem: Refusal) -> ResponseReturnValue:
    """The dry run once more with the reason, and with what was typed."""
    if forms.wants_json():
        raise problem
    return forms.again(PAGE, problem, **_page(draft))


def result(batch: Batch, problem: Refusal | None = None) -> ResponseReturnValue:
    """What came of an import."""
    with db().read() as tx:
        shown = {"batch": batch, "office": office_of(batch), "formats": FORMATS,
                 "came": done.items(tx, batch.id), "unchanged": done.unchanged(tx, batch.id)}  # fmt: skip
    if problem:
        return forms.again(RESULT, problem, **shown)
    return render_template(RESULT, problems={}, **shown)


def _asks_for_doubles() -> bool:
    return request.form.get("act") == "leave_out_doubles"


def _page(draft: Draft) -> dict[str, Any]:
    # what was shown stays shown when an act on it is refused
    given = request.form if request.method == "POST" else request.args
    show = given.get("show", "all")
    show = show if show in SHOWS else "all"
    number = given.get("page", "")
    wanted = int(number) if re.fullmatch(r"[0-9]{1,6}", number) else 1
    service.opened(db(), draft, auth.viewer().id, now())
    run = dry_run.look(db(), draft, show, wanted, house().run_blocking)
    return {
        "draft": draft, "office": office_of(draft), "run": run, "show": show, "formats": FORMATS,
        "difficulties": DIFFICULTIES, "told": told, "place": place, "typed": request.form,
        "frame": _framer(draft, run.items),
        "at": _address(draft.public_id), "shown_at": shown_at, "topics": done.topics(db(), draft.office_id),
        "picked": set(request.form.getlist("item")), "limit": uploads.MOST_BYTES,
    }  # fmt: skip


def _framer(draft: Draft, total: int) -> Callable[[Line], str]:
    """A page of its own that shows an item as its candidates will see it."""
    address = _address(draft.public_id)

    def frame(line: Line) -> str:
        item = line.item
        shown = ShownItem(line.number, shown_at(item.stem, address),
                          tuple(shown_at(one, address) for one in item.options), bool(item.picture),
                          item.picture_alt)  # fmt: skip
        picture_at = address(item.picture) if item.picture else ""
        return render_template("questions/frame.html", item=shown, picture_at=picture_at, total=total)

    return frame


def _address(public_id: str) -> Callable[[str], str]:
    return lambda sha256: url_for("imports.picture", public_id=public_id, sha256=sha256)
