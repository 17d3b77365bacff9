"""An office's own data, and its list of desa."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from exam_server import auth, forms
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.offices.service import OfficeCard
from exam_server.recruitments import fields, office_form, places
from exam_server.recruitments.refusals import DesaRefused, FieldEmpty, ListUnreadable
from exam_server.recruitments.web import bp, own, require_chief, sent
from question_bank.formats.decode import decode
from question_bank.formats.loaded import Unreadable

OFFICE = "recruitments/office.html"


@bp.get("/desk/offices/new")
@auth.open_to(auth.STAFF)
def new_office() -> ResponseReturnValue:
    require_chief()
    return render_template(OFFICE, problems={}, **_office(None, {"zone": office_form.ZONES[0][0]}))


@bp.post("/desk/offices/new")
@auth.open_to(auth.STAFF)
def add_office() -> ResponseReturnValue:
    require_chief()
    return _keep_office(None)


@bp.get("/desk/<slug>/office")
@auth.open_to(auth.STAFF)
def office(slug: str) -> ResponseReturnValue:
    place = own(slug)
    typed = fields.written(office_form.FORM, _office_values(place))
    return render_template(OFFICE, problems={}, **_office(place, typed))


@bp.post("/desk/<slug>/office")
@auth.open_to(auth.STAFF)
def save_office(slug: str) -> ResponseReturnValue:
    return _keep_office(own(slug))


def _keep_office(place: OfficeCard | None) -> ResponseReturnValue:
    typed = request.form.to_dict()
    try:
        if file := sent("kecamatan_file"):
            typed["kecamatan"] = office_form.kecamatan_lines(_text(file))
        values, problems, kept = fields.read(office_form.FORM, typed)
        if problems:
            return forms.again(OFFICE, dict(problems), **_office(place, kept))
        if place is None:
            made = places.add_office(db(), values, auth.viewer().id, now())
        else:
            made = places.change_office(db(), place.id, values, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(OFFICE, problem, **_office(place, typed))
    return redirect(url_for("recruitments.office", slug=made.slug, saved=1), 303)


@bp.post("/desk/<slug>/desa")
@auth.open_to(auth.STAFF)
def replace_desa(slug: str) -> ResponseReturnValue:
    """`act=check` only says what the file would bring."""
    place, file = own(slug), sent("file")
    typed = fields.written(office_form.FORM, _office_values(place))
    try:
        if file is None:
            raise FieldEmpty("desa")
        data = file.read()
        if request.form.get("act") == "check":
            return render_template(OFFICE, problems={}, checked=places.check_desa(db(), place.id, data),
                                   **_office(place, typed))  # fmt: skip
        count = places.replace_desa(db(), place.id, data, auth.viewer().id, now())
    except Refusal as problem:
        faults = problem.faults if isinstance(problem, DesaRefused) else []
        return forms.again(OFFICE, problem, faults=faults, **_office(place, typed))
    return redirect(url_for("recruitments.office", slug=slug, desa=count, _anchor="desa"), 303)


def _text(file: FileStorage) -> str:
    try:
        return decode(file.read())[0]
    except Unreadable as problem:
        raise ListUnreadable("kecamatan") from problem


def _office_values(place: OfficeCard) -> dict[str, Any]:
    values = places.values_of(db(), place.id)
    return values | {"kecamatan": "\n".join(values["kecamatan"])}


def _office(place: OfficeCard | None, typed: Any) -> dict[str, Any]:
    return {
        "office": place, "typed": typed, "form": office_form.FORM,
        "desa": places.desa_of(db(), place.id) if place else {},
        "fixed": bool(place) and places.is_announced(db(), place.id if place else 0),
    }  # fmt: skip
