"""Receipts over HTTP: one's own for printing, and a page on which anybody may check a code."""

from __future__ import annotations

import segno
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from exam_server import auth
from exam_server.exam import lookups
from exam_server.extensions import db, house, now
from exam_server.receipts import service
from exam_server.receipts.service import Slip

bp = Blueprint("receipts", __name__)


@bp.app_template_global()
def receipt_of(attempt_id: int) -> Slip | None:
    """For the page that says that an attempt is closed."""
    return service.newest(db(), attempt_id)


@bp.app_template_global()
def receipt_address(code: str = "") -> str:
    """Where a receipt is checked, as it is printed and as the picture says it."""
    where = url_for("receipts.check", code=code) if code else url_for("receipts.form")
    return house().settings.base_url + where


@bp.app_template_global()
def receipt_picture(code: str) -> str:
    """The address of a receipt as a QR code inside the page."""
    picture: str = segno.make(receipt_address(code), error="m").svg_data_uri(
        scale=4, border=4, dark="#000", light="#fff"
    )
    return picture


@bp.get("/receipt/mine")
@auth.open_to(auth.CANDIDATE)
def mine() -> ResponseReturnValue:
    own = lookups.own_attempt(db(), auth.viewer().id)
    if own.phase(now())[0] not in ("submitted", "closed"):
        return redirect(url_for("exam.room"))
    return render_template("receipts/mine.html", own=own)


@bp.get("/receipt")
@auth.open_to(auth.ANYONE)
def form() -> ResponseReturnValue:
    typed = request.args.get("code")
    if typed is None:
        return render_template("receipts/check.html", checked=None, typed="")
    return _checked(typed)


@bp.get("/receipt/<code>")
@auth.open_to(auth.ANYONE)
def check(code: str) -> ResponseReturnValue:
    return _checked(code)


def _checked(typed: str) -> ResponseReturnValue:
    """The same page and status for what is malformed, mistyped and forged; raises TooMany."""
    service.count_look(db(), request.remote_addr or "", now())
    checked = service.check(db(), house().settings.secret_key, typed)
    page = render_template("receipts/check.html", checked=checked, typed=typed)
    return make_response(page, 404 if checked.outcome == "unknown" else 200)


@bp.after_request
def keep_out_of_searches(response: Response) -> Response:
    """What one person shows another is nothing that a search engine should find."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
