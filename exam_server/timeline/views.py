"""The candidate's own page for officials, with every event in order and a filter by kind."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.extensions import db, now
from exam_server.extra_time import words as time_words
from exam_server.pages import language
from exam_server.timeline import rules, service, words

bp = Blueprint("timeline", __name__, url_prefix="/timeline")


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def page(public_id: str) -> ResponseReturnValue:
    """`?kind=` shows events of one kind alone."""
    told = service.own(db(), public_id, auth.viewer(), now())
    kind = request.args.get("kind", "")
    facts, zone, speaking = told.attempt.facts, told.attempt.place.zone, language()
    return render_template(
        "timeline/page.html", told=told, now=now(), zone=zone, kind=kind if kind in rules.KINDS else "",
        counts=rules.counted(told.events), events=rules.narrowed(told.events, kind), filters=words.FILTERS,
        summed=time_words.summed(facts.allowed_seconds, facts.extra_seconds, speaking),
        kinds=time_words.KINDS, reasons=time_words.REASONS,
        tell=lambda event: words.tell(event, zone, speaking),
        fate=lambda event: words.fate(event, zone, speaking),
    )  # fmt: skip
