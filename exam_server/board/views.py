"""The menu Seleksi Mitra: which boards there are, one board, its snapshot."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.board import service
from exam_server.clock import to_ms
from exam_server.extensions import db, now
from exam_server.instants import zone_name

bp = Blueprint("board", __name__, url_prefix="/board")
WATCHERS = ("proctor", "admin")


@bp.get("")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    person = auth.viewer()
    mine = [card for card in service.boards(db()) if person.may(card.office_id, *WATCHERS)]
    return render_template("board/index.html", boards=mine)


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    card = _watched(public_id)
    return render_template("board/board.html", board=card, zone_name=zone_name(card.zone))


@bp.get("/<public_id>/snapshot")
@auth.open_to(auth.STAFF)
def snapshot(public_id: str) -> ResponseReturnValue:
    card = _watched(public_id)
    rows = service.snapshot(db(), card.id, now())
    return jsonify({"ok": True, "now": to_ms(now()), "rows": rows})


def _watched(public_id: str) -> service.BoardCard:
    card = service.board(db(), public_id)
    auth.require(card.office_id, *WATCHERS)
    return card
