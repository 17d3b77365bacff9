"""Jejak audit: searched page by page, taken away as a table; and one candidate's whole file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.errors import BadRequest, Forbidden
from exam_server.extensions import db, now
from exam_server.extra_time import attempts
from exam_server.instants import ELSEWHERE
from exam_server.language import say
from exam_server.offices import service as offices
from exam_server.pages import language
from exam_server.profile.rules import FIELDS, LABELS, spoken
from exam_server.screening.rules import DOCUMENTS, REASONS
from exam_server.trail import export, person, rules, service, words
from exam_server.trail.service import Reader

bp = Blueprint("trail", __name__)


@bp.get("/audit")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    reader = _reader("admin")
    sought, unread = rules.wanted(request.args)
    found = service.page(db(), reader, sought, rules.number(request.args.get("before", "")))
    page = render_template(
        "trail/index.html", found=found, sought=sought, typed=_typed(request.args), unread=unread,
        zone=reader.zone, acts=service.acts(db(), reader), kinds=sorted(words.THINGS), things=words.THINGS,
        told=_told, detail=export.detail, first=not request.args.get("before"),
    )  # fmt: skip
    return page, 422 if unread else 200


@bp.get("/audit/export.csv")
@auth.open_to(auth.STAFF)
def table() -> ResponseReturnValue:
    reader = _reader("admin")
    sought, unread = rules.wanted(request.args)
    if unread:
        raise BadRequest
    rows = service.exported(db(), reader, sought, now())
    response = Response(export.table(rows, reader.zone, language()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="jejak-audit-{_stamp(reader)}.csv"'
    return response


@bp.get("/people/<public_id>", endpoint="person")
@auth.open_to(auth.STAFF)
def person_file(public_id: str) -> ResponseReturnValue:
    reader = _reader("admin", "screener", anybody=True)
    found = person.open_file(db(), reader, auth.viewer().roles, public_id, now())
    return render_template(
        "trail/person.html", file=found, fields=FIELDS, labels=LABELS | DOCUMENTS, reasons=REASONS,
        speak=_speak, told=_told, kinds=DOCUMENTS, now=now(),
        attempts=attempts.of_person(db(), public_id, auth.viewer()),
    )  # fmt: skip


def _reader(*roles: str, anybody: bool = False) -> Reader:
    """The viewer with the offices where one of the roles is held; raises Forbidden for none of them."""
    held = auth.viewer().offices(*roles)
    if held == [] and not anybody:
        raise Forbidden
    zones = {one.zone for one in offices.offices(db()) if held is None or one.id in held}
    zone = zones.pop() if len(zones) == 1 else ELSEWHERE
    return Reader(auth.viewer().id, None if held is None else tuple(held), zone)


def _typed(args: Mapping[str, str]) -> dict[str, str]:
    """The filters as they were typed, empty ones left out: for the form and for links to further pages."""
    return {name: args[name] for name in rules.FIELDS if args.get(name)}


def _told(row: service.Row) -> str:
    return export.told(row, language())


def _speak(name: str, value: object) -> str:
    """A told value in words."""
    return spoken(name, value, lambda message: say(message, language()))


def _stamp(reader: Reader) -> str:
    local: datetime = now().astimezone(reader.zone)
    return f"{local:%Y%m%d-%H%M}"
