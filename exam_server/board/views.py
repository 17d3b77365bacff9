"""The menu Seleksi Mitra: which boards there are, one board, its snapshot, progress, photos, and the wall."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.board import photos, rows, service
from exam_server.board.audience import Audience, rooms_of
from exam_server.board.progress import Saves, progress
from exam_server.clock import to_ms
from exam_server.extensions import db, house, now
from exam_server.instants import zone_name

bp = Blueprint("board", __name__, url_prefix="/board")

PHOTO_STAYS = "private, max-age=86400"
"""A day in the browser of whoever was allowed to see it: the same face on every row of a long morning."""


@bp.record
def _count_saves(state: Any) -> None:
    """One memory per application."""
    state.app.extensions["saves"] = Saves()


@bp.get("")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    person = auth.viewer()
    mine = service.boards(db(), person)
    return render_template("board/index.html", boards=mine, proctor=bool(person.offices("proctor")))


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    return _shown("board/board.html", public_id)


@bp.get("/<public_id>/wall")
@auth.open_to(auth.STAFF)
def wall(public_id: str) -> ResponseReturnValue:
    """For a projector: numbers and times, nobody's name."""
    return _shown("board/wall.html", public_id)


@bp.get("/<public_id>/snapshot")
@auth.open_to(auth.STAFF)
def snapshot(public_id: str) -> ResponseReturnValue:
    """Read and written in parts, so that ten thousand rows hold up nobody who saves an answer."""
    sight, audience = _sight(public_id), _audience()
    told = {
        "ok": True, "now": to_ms(now()), "columns": rows.COLUMNS, "whole": sight.whole,
        "frames": audience.streams.told(rooms_of(sight)),  # before the rows are read: they cover these
        "sittings": [
            {"id": one.public_id, "label": one.label, "starts_at": to_ms(one.starts_at),
             "ends_at": to_ms(one.ends_at)}
            for one in sight.sittings
        ],
    }  # fmt: skip
    parts = [_json(part)[1:-1] for part in rows.snapshot(db(), sight.card.id, now(), sight.only) if part]
    text = f'{_json(told)[:-1]},"rows":[{",".join(parts)}]}}'
    return Response(text, mimetype="application/json")


@bp.get("/<public_id>/progress")
@auth.open_to(auth.STAFF)
def progress_picture(public_id: str) -> ResponseReturnValue:
    sight = _sight(public_id)
    counted: Saves = current_app.extensions["saves"]
    shown = progress(db(), counted, sight.card.id, [one.id for one in sight.sittings], now())
    return jsonify({"ok": True, "now": to_ms(now())} | shown._asdict())


@bp.get("/<public_id>/photo/<attempt>")
@auth.open_to(auth.STAFF)
def photo(public_id: str, attempt: str) -> ResponseReturnValue:
    person, sight = auth.viewer(), _sight(public_id)
    role = next((role for role in ("proctor", "admin") if (role, sight.card.office_id) in person.roles),
                "superadmin")  # fmt: skip
    stored = photos.find(db(), sight, attempt, person.id, role, now())
    data = house().run_blocking(photos.small, house().settings.data_dir, stored)
    return Response(data, mimetype="image/jpeg", headers={"Cache-Control": PHOTO_STAYS})


def _shown(template: str, public_id: str) -> str:
    sight = _sight(public_id)
    zone, decides = zone_name(sight.card.zone), auth.viewer().may(sight.card.office_id, "admin")
    return render_template(template, board=sight.card, sight=sight, zone_name=zone, decides=decides)


def _sight(public_id: str) -> service.Sight:
    return service.sight(db(), auth.viewer(), public_id)


def _audience() -> Audience:
    found: Audience = current_app.extensions["audience"]
    return found


def _json(told: object) -> str:
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)
