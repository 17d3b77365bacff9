"""The sections of a recruitment and its guides: each a form that loses nothing of what was typed."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from exam_server import auth, forms
from exam_server.documents.refusals import NoFile
from exam_server.errors import NotFound, Refusal
from exam_server.extensions import db, now
from exam_server.offices.service import OfficeCard
from exam_server.recruitments import fields, guides, progress, rows, service
from exam_server.recruitments.changing import Wording
from exam_server.recruitments.refusals import FieldEmpty
from exam_server.recruitments.sections import BY_NAME, Section
from exam_server.recruitments.web import again, bp, edits, own, recruitment, sent

SECTION, GUIDES = "recruitments/section.html", "recruitments/guides.html"


@bp.get("/desk/<slug>/<int:year>/guides")
@auth.open_to(auth.STAFF)
def guide_list(slug: str, year: int) -> ResponseReturnValue:
    return render_template(GUIDES, problems={}, typed={}, **_guides(own(slug), year))


@bp.post("/desk/<slug>/<int:year>/guides")
@auth.open_to(auth.STAFF)
def add_guide(slug: str, year: int) -> ResponseReturnValue:
    """`remove` names a guide that goes; else a file comes."""
    place, reason, actor = own(slug), request.form.get("reason", ""), auth.viewer().id
    try:
        if gone := request.form.get("remove"):
            guides.remove(db(), place.id, year, gone, reason, actor, now())
        else:
            title, file = _title(), sent("file")
            if file is None:
                raise NoFile
            content = guides.examined(file.stream)
            guides.add(db(), place.id, year, title, _filename(file), content, reason, actor, now())
    except Refusal as problem:
        return again(
            GUIDES, {forms.field_of(problem) or "file": problem}, typed=request.form, **_guides(place, year)
        )
    return redirect(url_for("recruitments.guide_list", slug=slug, year=year, saved=1), 303)


@bp.get("/desk/<slug>/<int:year>/<section>")
@auth.open_to(auth.STAFF)
def edit(slug: str, year: int, section: str) -> ResponseReturnValue:
    place, chosen = own(slug), _section(section)
    sheet = service.sheet(db(), place.id, year, chosen.name)
    typed = rows.with_a_row(chosen.form, fields.written(chosen.form, sheet.values))
    return render_template(SECTION, problems={}, seen=sheet.seen, **_edited(place, year, chosen, typed))


@bp.post("/desk/<slug>/<int:year>/<section>")
@auth.open_to(auth.STAFF)
def save(slug: str, year: int, section: str) -> ResponseReturnValue:
    """Another row, a row less, rows in another order: only shown; otherwise the section is kept."""
    place, chosen, seen = own(slug), _section(section), request.form.get("seen", "")
    if turned := rows.turn(chosen.form, request.form, request.form.get("act", "")):
        shown = _edited(place, year, chosen, turned.typed)
        return render_template(SECTION, problems={}, seen=seen, focus=turned.focus, unsaved=True, **shown)
    values, problems, kept = fields.read(chosen.form, request.form)
    typed = rows.with_a_row(chosen.form, kept)
    if problems:
        return forms.again(
            SECTION, dict(problems), seen=seen, unsaved=True, **_edited(place, year, chosen, typed)
        )
    try:
        wanted = service.Save(chosen.name, values, request.form.get("reason", ""), seen)
        proposal = service.propose(db(), place.id, year, wanted, now())
        if proposal and request.form.get("about") != proposal.about:
            shown = _edited(place, year, chosen, typed)
            return render_template(SECTION, problems={}, seen=seen, proposal=proposal, unsaved=True, **shown)
        wanted = service.Save(chosen.name, values, wanted.reason, seen, _wording() if proposal else None)
        letters = service.save(db(), place.id, year, wanted, auth.viewer().id, now())
    except Refusal as problem:
        return again(
            SECTION,
            problem,
            seen=service.sheet(db(), place.id, year, chosen.name).seen,
            unsaved=True,
            proposal=None,
            **_edited(place, year, chosen, typed),
        )
    return redirect(
        url_for("recruitments.overview", slug=slug, year=year, saved=section, letters=letters), 303
    )


@bp.get("/guides/<public_id>")
@auth.open_to(auth.ANYONE)
def guide(public_id: str) -> ResponseReturnValue:
    """A file to be saved; of a draft only its own office sees it."""
    found = guides.offered(db(), public_id)
    if not found.published and not edits(found.office_id):
        raise NotFound
    response = Response(found.content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=found.filename)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def _filename(file: FileStorage) -> str:
    """Letters, digits, dots and dashes of the sender's name for it."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", (file.filename or "").rpartition(".")[0]).strip("-.")
    return (stem[:60] or "panduan") + ".pdf"


def _title() -> dict[str, str]:
    title = {name: fields.tidy(request.form.get(f"title_{name}", ""))[:200] for name in ("id", "en")}
    if not title["id"]:
        raise FieldEmpty("title_id")
    return {name: text for name, text in title.items() if text}


def _wording() -> Wording:
    """The notice as the official left it; raises FieldEmpty."""
    said = [fields.tidy(request.form.get(f"notice_{name}", ""), keep_lines=True) for name in ("id", "en")]
    if not said[0]:
        raise FieldEmpty("notice_id")
    return Wording(*said)


def _section(name: str) -> Section:
    if name not in BY_NAME:
        raise NotFound
    return BY_NAME[name]


def _guides(place: OfficeCard, year: int) -> dict[str, Any]:
    return recruitment(place, year) | {"guides": guides.of_recruitment(db(), place.id, year)}


def _edited(place: OfficeCard, year: int, chosen: Section, typed: Any) -> dict[str, Any]:
    numbers = {group.name: range(1, len(fields.rows_of(group, typed)) + 1) for group in chosen.form.groups}
    return recruitment(place, year) | {
        "section": chosen, "typed": typed, "numbers": numbers, "reason": request.form.get("reason", ""),
        "given": request.form,
        "topics": progress.topics(db(), place.id) if chosen.name == "activities" else [],
    }  # fmt: skip
