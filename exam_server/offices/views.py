"""Public pages: the offices of this installation and the announcement of each."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.extensions import db, now
from exam_server.offices import service

bp = Blueprint("offices", __name__)


@bp.get("/")
@auth.open_to(auth.ANYONE)
def home() -> ResponseReturnValue:
    return render_template("offices/home.html", headlines=service.headlines(db(), now()))


@bp.get("/offices/<slug>")
@auth.open_to(auth.ANYONE)
def announcement(slug: str) -> ResponseReturnValue:
    return render_template("offices/announcement.html", said=service.announcement(db(), slug, now()))


@bp.get("/healthz")
@auth.open_to(auth.ANYONE)
def healthz() -> ResponseReturnValue:
    """Answers while the process serves and the database reads."""
    return jsonify({"ok": True, "offices": len(service.offices(db()))})
