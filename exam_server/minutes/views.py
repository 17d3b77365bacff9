"""The berita acara on a page, as a file to print, and as the very text that its hash was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from exam_server import auth, forms, instants
from exam_server.errors import NotFound, Refusal
from exam_server.extensions import db, house, now
from exam_server.language import sentence
from exam_server.minutes import service
from exam_server.minutes.records import Version
from exam_server.minutes.rules import Document, Mark
from exam_server.minutes.service import Minutes
from exam_server.pages import language

bp = Blueprint("minutes", __name__, url_prefix="/minutes")
PAGE = "minutes/page.html"
DRAFT = "draft"


@dataclass(frozen=True)
class Shown:
    """One version, or the draft (no version)."""

    document: Document
    content: str
    sha256: str
    version: Version | None


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    minutes = _own(public_id)
    return render_template(PAGE, problems={}, **_page(minutes, _shown(minutes)))


@bp.post("/<public_id>/fix")
@auth.open_to(auth.STAFF)
def fix(public_id: str) -> ResponseReturnValue:
    """Again = the version that is there already."""
    minutes = _own(public_id)
    try:
        service.fix(db(), public_id, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(PAGE, problem, **_page(minutes, _draft(minutes)))
    return redirect(url_for("minutes.page", public_id=public_id), 303)


@bp.get("/<public_id>/pdf")
@auth.open_to(auth.STAFF)
def file(public_id: str) -> ResponseReturnValue:
    """For printing and signing; drawn in a real thread, since a long list takes a while."""
    minutes = _own(public_id)
    shown = _shown(minutes)
    version = shown.version
    mark = Mark(_status(minutes, version), shown.sha256, version.made_at if version else now())
    drawn = house().run_blocking(_draw, shown.document, mark)
    return _sent(
        drawn, "application/pdf", f"berita-acara-{public_id}-{version.number if version else 'konsep'}.pdf"
    )


@bp.get("/<public_id>/content")
@auth.open_to(auth.STAFF)
def content(public_id: str) -> ResponseReturnValue:
    """Byte for byte what the hash was made of: anybody can make it again."""
    minutes = _own(public_id)
    shown = _shown(minutes)
    number = shown.version.number if shown.version else "konsep"
    return _sent(shown.content.encode(), "application/json", f"berita-acara-{public_id}-{number}.json")


def _own(public_id: str) -> Minutes:
    return service.own(db(), public_id, auth.viewer(), now())


def _shown(minutes: Minutes) -> Shown:
    """`?version=2`, `?version=draft`, or the newest there is; raises NotFound."""
    wanted = request.args.get("version", "")
    if not wanted:
        return _fixed(minutes.newest) if minutes.newest else _draft(minutes)
    if wanted == DRAFT:
        return _draft(minutes)
    for one in minutes.versions:
        if str(one.number) == wanted:
            return _fixed(one)
    raise NotFound


def _page(minutes: Minutes, shown: Shown) -> dict[str, Any]:
    return {"minutes": minutes, "shown": shown, "now": now(), "zone": minutes.ground.zone,
            "open": [sentence(one, language()) for one in minutes.open]}  # fmt: skip


def _draft(minutes: Minutes) -> Shown:
    return Shown(minutes.draft, minutes.content, minutes.sha256, None)


def _fixed(version: Version) -> Shown:
    return Shown(version.document, version.content, version.sha256, version)


def _status(minutes: Minutes, version: Version | None) -> str:
    zone = minutes.ground.zone
    if version is None:
        return f"KONSEP, keadaan {instants.moment(now(), zone, 'id')}"
    return (
        f"Versi {version.number}, ditetapkan {instants.moment(version.made_at, zone, 'id')} oleh {version.by}"
    )


def _sent(body: bytes, kind: str, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _draw(document: Document, mark: Mark) -> bytes:
    from exam_server.minutes import pdf  # long to read, and seldom needed

    return pdf.draw(document, mark)
