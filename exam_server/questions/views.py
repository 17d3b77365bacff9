"""Bank soal: the list with its filters, acts on what is ticked, and the whole bank as a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now
from exam_server.offices.service import OfficeCard
from exam_server.questions import edit_views, item_views, listing, several, taking_away
from exam_server.questions.listing import Sought
from exam_server.questions.several import Wish
from exam_server.questions.web import DIFFICULTY_WORDS, bp, own_office, own_offices, told

__all__ = ["bp", "edit_views", "item_views"]
"""The other two put their routes on the same blueprint."""

INDEX = "questions/index.html"
OUTCOMES = ("done", "own", "changed", "unfit")


@bp.get("")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    outcome = {name: request.args.get(name, 0, type=int) for name in OUTCOMES if name in request.args}
    return render_template(INDEX, problems={}, outcome=outcome, **_index(own_office(), request.args))


@bp.post("/several")
@auth.open_to(auth.STAFF)
def act() -> ResponseReturnValue:
    """`chosen`: <item>.<revision that was on the page>, as often as items are ticked."""
    office = own_office()
    wish = Wish(request.form.get("act", ""), _chosen(request.form.getlist("chosen")), _word(request.form))
    try:
        done = several.perform(db(), office.id, wish, auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(INDEX, problem, outcome={}, **_index(office, request.form, wish))
    kept = {name: request.form[name] for name in (*_names(), "page") if request.form.get(name)}
    told_there = {"office": office.slug} | kept | asdict(done)
    return redirect(url_for("questions.index") + "?" + urlencode(told_there), 303)


@bp.get("/export")
@auth.open_to(auth.STAFF)
def export() -> ResponseReturnValue:
    """What a file of each format would hold, and what it could not."""
    office = own_office()
    stock = house().run_blocking(taking_away.stock, db(), office.id)
    shown = {"office": office, "offices": own_offices(), "stock": stock, "told": told}
    return render_template("questions/export.html", **shown)


@bp.get("/export/<format>")
@auth.open_to(auth.STAFF)
def take(format: str) -> ResponseReturnValue:
    office, actor = own_office(), auth.viewer().id
    content = house().run_blocking(taking_away.take, db(), office.id, format, actor, now())
    ending, media_type = taking_away.FILES[format]
    response = Response(content, content_type=media_type)
    name = f"bank-soal-{office.slug}-{now().astimezone(office.zone):%Y%m%d-%H%M}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _index(office: OfficeCard, args: Mapping[str, str], wish: Wish | None = None) -> dict[str, Any]:
    sought = Sought(**{name: args.get(name, "").strip() for name in _names()})
    page = args.get("page", "")
    number = int(page) if re.fullmatch(r"[0-9]{1,6}", page) else 1
    found = listing.listing(db(), office.id, sought, number)
    return {
        "office": office, "offices": own_offices(), "listing": found, "sought": sought, "wish": wish,
        "difficulties": DIFFICULTY_WORDS, "without": listing.WITHOUT,
        "plans": listing.plans(db(), office.id),
        "kept": {name: word for name, word in asdict(sought).items() if word},
    }  # fmt: skip


def _names() -> list[str]:
    return [one.name for one in fields(Sought)]


def _chosen(given: list[str]) -> dict[int, int]:
    pairs = [found for one in given if (found := re.fullmatch(r"([0-9]{1,9})\.([0-9]{1,9})", one))]
    return {int(found[1]): int(found[2]) for found in pairs}


def _word(form: Mapping[str, str]) -> str:
    """What the chosen act wants besides: each has a field of its own."""
    field = {"topic": "new_topic", "difficulty": "new_difficulty", "tag": "new_tags", "untag": "new_tags"}
    return form.get(field.get(form.get("act", ""), ""), "")
