"""Meja kantor: what is missing where, a recruitment of a year from its draft to its publication."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.offices import service as offices
from exam_server.offices.service import OfficeCard
from exam_server.recruitments import office_views, progress, section_views, service
from exam_server.recruitments.refusals import FieldEmpty, NotComplete, YearUnreadable
from exam_server.recruitments.sections import SECTIONS
from exam_server.recruitments.web import EDITS, again, bp, own, own_offices, recruitment

__all__ = ["bp", "office_views", "section_views"]
"""The other two put their routes on the same blueprint."""

OVERVIEW, NOTICE, NEW = "recruitments/overview.html", "recruitments/notice.html", "recruitments/new.html"


@bp.get("/desk")
@auth.open_to(auth.STAFF)
def home() -> ResponseReturnValue:
    person = auth.viewer()
    found = progress.desks(db(), person.offices(EDITS), now())
    return render_template("recruitments/home.html", desks=found, chief=person.is_superadmin)


@bp.get("/desk/<slug>/recruitments/new")
@auth.open_to(auth.STAFF)
def new(slug: str) -> ResponseReturnValue:
    place = own(slug)
    return render_template(
        NEW, problems={}, year=str(now().astimezone(place.zone).year + 1), source="", **_new(place)
    )


@bp.post("/desk/<slug>/recruitments/new")
@auth.open_to(auth.STAFF)
def start(slug: str) -> ResponseReturnValue:
    place, year, source = own(slug), request.form.get("year", "").strip(), request.form.get("source", "")
    try:
        if not re.fullmatch(r"[0-9]{4}", year):
            raise YearUnreadable("year")
        copied = int(source) if re.fullmatch(r"[0-9]{1,9}", source) else -1 if source else None
        service.start(db(), place.id, int(year), copied, auth.viewer().id, now(), own_offices())
    except Refusal as problem:
        return forms.again(NEW, problem, year=year, source=source, **_new(place))
    return redirect(url_for("recruitments.overview", slug=slug, year=int(year)), 303)


@bp.get("/desk/<slug>/<int:year>")
@auth.open_to(auth.STAFF)
def overview(slug: str, year: int) -> ResponseReturnValue:
    return render_template(OVERVIEW, problems={}, **_overview(own(slug), year))


@bp.get("/desk/<slug>/<int:year>/preview")
@auth.open_to(auth.STAFF)
def preview(slug: str, year: int) -> ResponseReturnValue:
    place = own(slug)
    said = offices.preview(db(), place.id, year, now())
    return render_template("offices/announcement.html", said=said, preview=True, year=year)


@bp.post("/desk/<slug>/<int:year>/publish")
@auth.open_to(auth.STAFF)
def publish(slug: str, year: int) -> ResponseReturnValue:
    place = own(slug)
    try:
        service.publish(db(), place.id, year, auth.viewer().id, now())
    except Refusal as problem:
        missing = problem.missing if isinstance(problem, NotComplete) else []
        return again(OVERVIEW, problem, missing=missing, **_overview(place, year))
    return redirect(url_for("recruitments.overview", slug=slug, year=year, saved="published"), 303)


@bp.get("/desk/<slug>/<int:year>/notice")
@auth.open_to(auth.STAFF)
def notice(slug: str, year: int) -> ResponseReturnValue:
    return render_template(NOTICE, problems={}, typed={}, **recruitment(own(slug), year))


@bp.post("/desk/<slug>/<int:year>/notice")
@auth.open_to(auth.STAFF)
def add_notice(slug: str, year: int) -> ResponseReturnValue:
    place = own(slug)
    said = {"id": request.form.get("notice_id", ""), "en": request.form.get("notice_en", "")}
    try:
        if not said["id"].strip():
            raise FieldEmpty("notice_id")
        service.add_notice(db(), place.id, year, said, auth.viewer().id, now())
    except Refusal as problem:
        return again(NOTICE, problem, typed=request.form, **recruitment(place, year))
    return redirect(url_for("recruitments.overview", slug=slug, year=year, saved="notice"), 303)


def _new(place: OfficeCard) -> dict[str, Any]:
    return {"office": place, "sources": service.sources(db(), own_offices())}


def _overview(place: OfficeCard, year: int) -> dict[str, Any]:
    items = service.checklist(db(), place.id, year, now())
    return recruitment(place, year) | {
        "items": items, "sections": SECTIONS, "saved": request.args.get("saved", ""),
        "letters": request.args.get("letters", 0, type=int),
        "warnings": service.leftovers(db(), place.id, year),
        "following": next((item for item in items if not item.done), None),
    }  # fmt: skip
