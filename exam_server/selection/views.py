"""The menu Tes Kompetensi: choose one sitting, see it named, press once more, then receipt and card."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

import segno
from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from exam_server import auth, forms, pages
from exam_server.documents import files
from exam_server.errors import NotFound
from exam_server.extensions import db, house, now
from exam_server.language import sentence
from exam_server.selection import calendar_file, participant_card, service
from exam_server.selection.calendar_file import Event
from exam_server.selection.participant_card import Participant, Photo
from exam_server.tokens import LinkExpired, LinkUnknown

bp = Blueprint("selection", __name__)


@bp.app_template_global()
def doors() -> service.Doors:
    """For the menu of every page that a candidate opens."""
    return service.doors(db(), auth.viewer().id, now())


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
    moves = participant_card.moves(db(), booked.sitting.public_id)
    return render_template("selection/receipt.html", receipt=booked, moves=moves)


@bp.get("/booking/card")
@auth.open_to(auth.CANDIDATE)
def card() -> ResponseReturnValue:
    shown = participant_card.of_candidate(db(), auth.viewer().id)
    if shown is None:
        return redirect(url_for("selection.choose"))
    return render_template("selection/card.html", shown=shown, code=_drawn(shown))


@bp.get("/booking/sitting.ics")
@auth.open_to(auth.CANDIDATE)
def calendar() -> ResponseReturnValue:
    """The chosen sitting for the candidate's own calendar."""
    shown = participant_card.of_candidate(db(), auth.viewer().id)
    if shown is None:
        raise NotFound
    response = Response(calendar_file.write(_event(shown), now()), content_type=calendar_file.MEDIA_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="tes-kompetensi.ics"'
    return response


@bp.get("/check/<token>")
@auth.open_to(auth.STAFF)
def check(token: str) -> ResponseReturnValue:
    offices = auth.viewer().offices(*participant_card.AT_THE_DOOR)
    try:
        shown = participant_card.check(
            db(), house().settings.secret_key, token, auth.viewer().id, offices, now()
        )
    except (LinkUnknown, LinkExpired) as problem:
        if forms.wants_json():
            raise
        said = sentence(problem, pages.language())
        page = render_template("selection/check.html", shown=None, problem=problem, said=said)
        return make_response(page, problem.status)
    return render_template("selection/check.html", shown=shown, photo=_inside(shown.photo), now=now())


def _drawn(shown: Participant) -> str:
    """The code as a picture inside the page; it leads to the check of this card."""
    base, token = house().settings.base_url, participant_card.sign(house().settings.secret_key, shown)
    drawn = segno.make(base + url_for("selection.check", token=token), error="m")
    picture: str = drawn.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    return picture


def _inside(photo: Photo | None) -> str | None:
    """The small photo inside the page: a proctor sees it here, and no other file of the candidate."""
    if photo is None:
        return None
    path = files.place(house().settings.data_dir, photo.stored_name) / "thumb.jpg"
    try:
        return "data:image/jpeg;base64," + base64.b64encode(path.read_bytes()).decode()
    except FileNotFoundError:
        return None


def _event(shown: Participant) -> Event:
    sitting, base = shown.sitting, house().settings.base_url
    description = gettext(
        "Dibuka: %(starts)s\nMasuk paling lambat: sebelum %(last)s\n"
        "Siapa yang tidak mengikuti tes pada sesinya dianggap mengundurkan diri.\nRuang Ujian: %(room)s",
        starts=pages.moment(sitting.starts_at, sitting.zone),
        last=pages.moment(sitting.last_entry_at, sitting.zone), room=base + url_for("exam.room"),
    )  # fmt: skip
    return Event(
        uid=f"{shown.public_id}@{urlsplit(base).hostname}", sequence=len(shown.moves),
        starts_at=sitting.starts_at, ends_at=sitting.ends_at,
        summary=gettext("Tes Kompetensi %(office)s, %(label)s", office=sitting.office, label=sitting.label),
        place=sitting.place, description=description, url=base + url_for("selection.receipt"),
    )  # fmt: skip
