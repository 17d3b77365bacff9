"""The menu Tes Kompetensi: choose one sitting, see it named, press once more, keep the receipt."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.extensions import db, now
from exam_server.selection import service

bp = Blueprint("selection", __name__)


@bp.app_template_global()
def doors() -> service.Doors:
    """For the menu of every page that a candidate opens."""
    return service.doors(db(), auth.viewer().id)


@bp.get("/choose")
@auth.open_to(auth.CANDIDATE)
def choose() -> ResponseReturnValue:
    if service.booking_of(db(), auth.viewer().id):
        return redirect(url_for("selection.receipt"))
    cards = service.offered(db(), auth.viewer().id, now())
    return render_template("selection/choose.html", cards=cards, now=now())


@bp.get("/choose/seats")
@auth.open_to(auth.CANDIDATE)
def seats() -> ResponseReturnValue:
    """Seats left per sitting, for the page to refresh itself."""
    cards = service.offered(db(), auth.viewer().id, now())
    return jsonify({"ok": True, "left": {card.public_id: card.left for card in cards}})


@bp.get("/choose/confirm")
@auth.open_to(auth.CANDIDATE)
def confirm() -> ResponseReturnValue:
    if service.booking_of(db(), auth.viewer().id):
        return redirect(url_for("selection.receipt"))
    wanted = request.args.get("sitting", "")
    cards = [card for card in service.offered(db(), auth.viewer().id, now()) if card.public_id == wanted]
    if not cards:
        raise service.UnknownSitting
    return render_template("selection/confirm.html", card=cards[0], now=now())


@bp.post("/choose")
@auth.open_to(auth.CANDIDATE)
def choose_for_good() -> ResponseReturnValue:
    service.choose_sitting(db(), auth.viewer().id, request.form.get("sitting", ""), now())
    return redirect(url_for("selection.receipt"), 303)


@bp.get("/booking")
@auth.open_to(auth.CANDIDATE)
def receipt() -> ResponseReturnValue:
    booked = service.booking_of(db(), auth.viewer().id)
    if booked is None:
        return redirect(url_for("selection.choose"))
    return render_template("selection/receipt.html", receipt=booked)
