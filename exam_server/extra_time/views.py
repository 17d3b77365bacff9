"""One attempt: its file, time that is told before it is given, the preset, and rescue files."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.extra_time import (
    alone,
    beyond,
    counting,
    filing,
    granting,
    records,
    rules,
    sitting_views,
    wanted,
    words,
)
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.web import ACCOMMODATES, bp, own_attempt
from exam_server.pages import language

PAGE = "extra_time/attempt.html"

__all__ = ["bp", "sitting_views"]
"""The pages of a sitting stand in a module of their own under the same address."""


@bp.get("/<public_id>")
@auth.open_to(auth.STAFF)
def attempt(public_id: str) -> ResponseReturnValue:
    return render_template(PAGE, problems={}, **_page(own_attempt(public_id)))


@bp.post("/<public_id>/time")
@auth.open_to(auth.STAFF)
def add_time(public_id: str) -> ResponseReturnValue:
    """The first press shows what it would do and who decides; the second one does it, or asks."""
    one = own_attempt(public_id)
    try:
        asked = wanted.read(request.form)
        if request.form.get("act") == "grant":
            granting.grant(db(), one.id, asked, auth.viewer().id, now())
            return _back(one, "time")
        effect = granting.effect(db(), one.id, asked.seconds, now())
    except Refusal as problem:
        return _refused(one, "time", problem)
    return render_template(PAGE, problems={}, **_page(one, about="time", effect=effect))


@bp.post("/<public_id>/accommodation")
@auth.open_to(auth.STAFF)
def accommodate(public_id: str) -> ResponseReturnValue:
    """As above; only an admin grants it."""
    one = own_attempt(public_id)
    auth.require(one.place.office_id, ACCOMMODATES)
    try:
        said = wanted.words(request.form)
        if request.form.get("act") == "grant":
            granting.accommodate(db(), one.id, said, auth.viewer().id, now())
            return _back(one, "time")
        seconds = rules.accommodation(one.facts.allowed_seconds)
        effect = granting.effect(db(), one.id, seconds, now(), preset=True)
    except Refusal as problem:
        return _refused(one, "accommodation", problem)
    return render_template(PAGE, problems={}, **_page(one, about="accommodation", effect=effect))


@bp.post("/<public_id>/rescue")
@auth.open_to(auth.STAFF)
def load_rescue(public_id: str) -> ResponseReturnValue:
    one = own_attempt(public_id)
    sent = request.files.get("file")
    content = sent.stream.read(rules.LARGEST_FILE + 1) if sent else b""
    try:
        filing.load(db(), one.id, content, auth.viewer().id, now())
    except Refusal as problem:
        return _refused(one, "rescue", problem)
    return _back(one, "rescue")


@bp.post("/<public_id>/rescue/count")
@auth.open_to(auth.STAFF)
def count_rescue(public_id: str) -> ResponseReturnValue:
    """Asks a second official; nothing counts yet."""
    one = own_attempt(public_id)
    file, reason = request.form.get("file", ""), request.form.get("reason", "")
    try:
        counting.ask(db(), one.id, file, reason, auth.viewer().id, now())
    except Refusal as problem:
        if problem.status == 404:
            raise
        return _refused(one, f"count-{file}", problem)
    return _back(one, "rescue")


def _back(one: OneAttempt, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("extra_time.attempt", public_id=one.public_id, _anchor=anchor), 303)


def _refused(one: OneAttempt, about: str, problem: Refusal) -> ResponseReturnValue:
    return forms.again(PAGE, problem, **_page(one, about=about))


def _page(one: OneAttempt, about: str = "", effect: granting.Effect | None = None) -> dict[str, Any]:
    """`about`: which form was sent; what was typed in it comes back."""
    facts, record = one.facts, records.record(db(), one.id)
    typed = {name: request.form.get(name, "") for name in ("minutes", "reason_code", "reason")}
    return {
        "attempt": one, "record": record, "phase": one.standing(now()), "now": now(), "about": about,
        "effect": effect, "typed": typed if about else dict.fromkeys(typed, ""),
        "files": filing.files(db(), one, now()),
        "summed": words.summed(facts.allowed_seconds, facts.extra_seconds, language()),
        "reasons": words.REASONS, "kinds": words.KINDS, "late_words": words.LATE,
        "waiting": beyond.waiting(db(), one.id, now()), "most_alone": alone.most(facts.allowed_seconds),
        "preset": rules.accommodation(facts.allowed_seconds), "percent": rules.ACCOMMODATION_PERCENT,
        "may_accommodate": auth.viewer().may(one.place.office_id, ACCOMMODATES),
        "accommodated": any(entry.kind == "accommodation" for entry in record.ledger),
    }  # fmt: skip
