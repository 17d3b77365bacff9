"""The result as everybody reads it: page, search by number, files, and whether a printed hash is true."""

from __future__ import annotations

import hashlib

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from exam_server import auth
from exam_server.announcements import downloads, reading
from exam_server.announcements.reading import Standing, Version
from exam_server.announcements.refusals import NothingAnnounced, UnknownSeal
from exam_server.announcements.web import PRESS, SHELF, bp, sheet_of
from exam_server.extensions import db, house, now

PAGE_LIFE = 60
"""Seconds that a browser may show a page again without asking; the page is its reader's own."""

FILE_LIFE = 300
"""Seconds that anybody on the way may keep a file; a further version gets another address of its own."""


@bp.app_template_global()
def result_of(slug: str) -> Standing:
    """What an office has announced, for its own page."""
    return reading.of_office(db(), slug, now())


@bp.app_template_global()
def result_address(public_id: str) -> str:
    """Where an announcement is checked, as it is printed."""
    return house().settings.base_url + url_for("announcements.verify", code=public_id)


@bp.get("/offices/<slug>/result")
@auth.open_to(auth.ANYONE)
def result(slug: str) -> ResponseReturnValue:
    standing = reading.of_office(db(), slug, now())
    if not standing.newest and not request.args.get("version"):
        return _page("announcements/awaited.html", standing=standing, office=standing.office)
    version = _wanted(standing)
    read = SHELF.read(db(), version.public_id)
    typed = request.args.get("number", "")[:40].strip()
    found = read.find(typed) if typed else None
    return _page(
        "announcements/result.html", standing=standing, office=standing.office, version=version, typed=typed,
        found=downloads.cells(read.content, found, "id") if found else None,
        **sheet_of(read, _page_number()),
    )  # fmt: skip


@bp.get("/offices/<slug>/result.<kind>")
@auth.open_to(auth.ANYONE)
def file(slug: str, kind: str) -> ResponseReturnValue:
    """pdf, csv, xlsx, or json: the very bytes that the printed hash was made of."""
    if kind not in downloads.TYPES:
        raise NothingAnnounced
    version = _wanted(reading.of_office(db(), slug, now()))
    tag = hashlib.sha256(f"{version.sha256}.{kind}".encode()).hexdigest()[:32]
    answer = make_response() if _has(tag) else make_response(_bytes(version, kind))
    answer.headers["Content-Type"] = downloads.TYPES[kind]
    name = f"hasil-{slug}-{version.year}-{version.number}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = f"public, max-age={FILE_LIFE}"
    return answer.make_conditional(request)


@bp.get("/verify/result")
@auth.open_to(auth.ANYONE)
def verify_form() -> ResponseReturnValue:
    typed = "".join(request.args.get("code", "")[:200].split())
    if typed:
        return redirect(url_for("announcements.verify", code=typed))
    return _page("announcements/verify.html", verified=None, typed="")


@bp.get("/verify/result/<code>")
@auth.open_to(auth.ANYONE)
def verify(code: str) -> ResponseReturnValue:
    try:
        verified = reading.verify(db(), code[:200], now())
    except UnknownSeal:
        verified = None
    page = _page("announcements/verify.html", verified=verified, typed=code[:200])
    page.status_code = 200 if verified else 404
    return page


def _wanted(standing: Standing) -> Version:
    return standing.version(request.args.get("year", ""), request.args.get("version", ""))


def _page_number() -> int:
    said = request.args.get("page", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _has(tag: str) -> bool:
    """Whether who asks has that very file: then it need not be made."""
    return request.if_none_match.contains(tag)


def _bytes(version: Version, kind: str) -> bytes:
    here, address = house(), result_address(version.public_id)
    return PRESS.file(here.db, here.settings.data_dir, version, kind, address, here.run_blocking)


def _page(template: str, **shown: object) -> Response:
    answer = make_response(render_template(template, **shown))
    answer.headers["Cache-Control"] = f"private, max-age={PAGE_LIFE}"
    return answer
