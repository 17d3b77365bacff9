"""Perbaikan kunci: versions of the results, what a correction would do, and the asking for it."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.bank.wording import shown_at
from exam_server.corrections import correcting, item, picture, rules, service, words
from exam_server.corrections.effect import Effect, Line, as_list, hundredths, points
from exam_server.corrections.item import Seen
from exam_server.corrections.refusals import ItemNotDrawn
from exam_server.corrections.rules import Wish
from exam_server.errors import Refusal
from exam_server.extensions import db, now, reckon_apart
from exam_server.language import say
from exam_server.pages import language
from exam_server.ranking import ground
from exam_server.ranking.ground import Ground
from question_bank.validate import LETTERS

bp = Blueprint("corrections", __name__, url_prefix="/results/<public_id>/corrections")
PAGE, FORM, PREVIEW = "corrections/index.html", "corrections/new.html", "corrections/preview.html"
ROWS = 50
SHOWN = ("status", "rank", "score", "all")
"""Which lines of the table: the narrowest first."""


@bp.get("")
@auth.open_to(auth.STAFF)
def index(public_id: str) -> ResponseReturnValue:
    place = _own(public_id)
    found = service.overview(db(), place, now())
    return render_template(PAGE, place=place, found=found, kinds=_words(words.KINDS), summary=_summary)


@bp.get("/version/<int:number>")
@auth.open_to(auth.STAFF)
def version(public_id: str, number: int) -> ResponseReturnValue:
    """Every score as that version of the results has it."""
    place = _own(public_id)
    page = service.scores_of(db(), place, number, _number("page") or 1)
    return render_template("corrections/version.html", place=place, number=number, page=page, points=_points)


@bp.get("/new")
@auth.open_to(auth.STAFF)
def new(public_id: str) -> ResponseReturnValue:
    """`item`: the code of the item whose key is wrong."""
    place, code = _own(public_id), request.args.get("item", "").strip()
    if not code:
        return render_template(FORM, problems={}, place=place, sought="", items=[])
    try:
        found = service.wordings(db(), place, code)
    except Refusal as problem:
        return forms.again(FORM, problem, place=place, sought=code, items=[])
    return render_template(FORM, problems={}, place=place, sought=code, **_wordings(place, found))


@bp.get("/preview")
@auth.open_to(auth.STAFF)
def preview(public_id: str) -> ResponseReturnValue:
    """`revision`, `kind`, `option` (from 0): what the correction would do; `show` and `page` of its table."""
    place = _own(public_id)
    revision, wish = _wish(request.args)
    try:
        effect = service.effect(db(), place, revision, wish, _desk(), reckon_apart)
    except Refusal as problem:
        return _not_previewed(place, revision, wish, problem)
    shown = _preview(place, revision, wish, effect)
    return render_template(PREVIEW, problems={}, typed={}, **shown)


@bp.post("/ask")
@auth.open_to(auth.STAFF)
def ask(public_id: str) -> ResponseReturnValue:
    """A second official decides about exactly what the preview said."""
    place = _own(public_id)
    revision, wish = _wish(request.form)
    typed = {name: request.form.get(name, "") for name in ("reason", "note_id", "note_en", "seen")}
    note = {one: typed[f"note_{one}"] for one in rules.LANGUAGES}
    try:
        effect = service.effect(db(), place, revision, wish, _desk(), reckon_apart)
    except Refusal as problem:
        return _not_previewed(place, revision, wish, problem)
    try:
        asked = correcting.ask(db(), place, revision, wish, effect, typed["seen"], typed["reason"], note,
                               auth.viewer().id, now())  # fmt: skip
    except Refusal as problem:
        return forms.again(PREVIEW, problem, typed=typed, **_preview(place, revision, wish, effect))
    return redirect(url_for("approvals.page", public_id=asked), 303)


def _own(public_id: str) -> Ground:
    return ground.own(db(), public_id, auth.viewer(), now())


def _desk() -> service.Desk:
    found: service.Desk = current_app.extensions["corrections"]
    return found


def _number(name: str) -> int | None:
    return _digits(request.args.get(name, ""))


def _digits(typed: str) -> int | None:
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None


def _wish(given: Any) -> tuple[int, Wish]:
    kind = given.get("kind", "")
    option = _digits(given.get("option", "")) if kind in rules.NEEDS_OPTION else None
    return _digits(given.get("revision", "")) or 0, Wish(kind, option)


def _not_previewed(place: Ground, revision: int, wish: Wish, problem: Refusal) -> ResponseReturnValue:
    """Back to the form of that item, or of any item where there is no such one."""
    found = service.wording(db(), place, revision)
    if found is None:
        return forms.again(FORM, problem, place=place, sought="", items=[])
    shown = _wordings(place, [found]) | {"chosen": wish}
    return forms.again(FORM, problem, place=place, sought=found.known.code, **shown)


def _wordings(place: Ground, found: list[Seen]) -> dict[str, Any]:
    """Wordings of one item, of which there is at least one."""
    service.viewed(db(), place, found[0], auth.viewer().id, now())
    return {"items": [_item(one) for one in found], "kinds": _words(words.KINDS), "does": _words(words.DOES)}


def _item(one: Seen) -> dict[str, Any]:
    """Its texts with addresses of their pictures; options by letter."""

    def address(sha256: str) -> str:
        return url_for("questions.picture", sha256=sha256)

    key = one.known.key
    return {
        "revision": one.known.revision_id, "code": one.known.code, "wording": one.known.wording,
        "item_id": one.known.item_id, "stem": shown_at(one.shown.stem, address),
        "options": [{"index": index, "letter": LETTERS[index], "text": shown_at(text, address),
                     "key": index in key.accepted}
                    for index, text in enumerate(one.shown.options)],
        "picture": address(one.picture) if one.picture else "", "picture_alt": one.shown.picture_alt,
        "counts_as": words.key_in_words(item.key_json(key), language()),
    }  # fmt: skip


def _preview(place: Ground, revision: int, wish: Wish, effect: Effect) -> dict[str, Any]:
    one = service.wording(db(), place, revision)
    if one is None:
        raise ItemNotDrawn
    service.viewed(db(), place, one, auth.viewer().id, now())
    became = rules.corrected(wish, one.known.key, one.known.options)
    shown = _shown(effect)
    lines = [line for line in effect.lines if _is_shown(line, shown)]
    page = min(_number("page") or 1, max(1, -(-len(lines) // ROWS)))
    some = lines[(page - 1) * ROWS : page * ROWS]
    names = service.names(db(), [line.attempt for line in some])
    return {
        "place": place, "item": _item(one), "wish": wish, "effect": effect, "became": became,
        "becomes": words.key_in_words(item.key_json(became), language()),
        "kind": say(words.KINDS[wish.kind], language()), "does": say(words.DOES[wish.kind], language()),
        "summary": words.summary(effect.sums, language()), "bars": _bars(effect),
        "width": picture.WIDTH, "height": picture.HEIGHT, "shown": shown, "count": len(lines), "page": page,
        "pages": max(1, -(-len(lines) // ROWS)), "rows": [_row(line, names) for line in some],
    }  # fmt: skip


def _shown(effect: Effect) -> str:
    """What was asked for, else the narrowest that has lines."""
    asked = request.values.get("show", "")
    if asked in SHOWN:
        return asked
    return next((one for one in SHOWN if any(_is_shown(line, one) for line in effect.lines)), SHOWN[-1])


def _is_shown(line: Line, shown: str) -> bool:
    changes = {"status": line.status_changed, "rank": line.rank_changed, "score": line.before != line.after}
    return changes.get(shown, True)


def _row(line: Line, names: dict[int, str]) -> dict[str, Any]:
    return {
        "number": line.number, "name": names.get(line.attempt, ""),
        "before": _points(*line.before), "after": _points(*line.after),
        "right": line.before[0], "of": line.before[1], "right_then": line.after[0], "of_then": line.after[1],
        "change": words.signed(hundredths(line.change), language()),
        "rank": line.stood and line.stood.rank, "rank_then": line.stands and line.stands.rank,
        "was": words.outcome(as_list(line.stood), language()),
        "becomes": words.outcome(as_list(line.stands), language()), "moves": line.status_changed,
    }  # fmt: skip


def _bars(effect: Effect) -> list[dict[str, Any]]:
    return [
        {"bar": one, "lowest": words.signed(one.lowest, language()),
         "highest": words.signed(one.highest, language())}
        for one in picture.bars(effect.steps)
    ]  # fmt: skip


def _points(correct: int, out_of: int) -> str:
    return words.decimal(hundredths(points((correct, out_of))), language())


def _words(table: dict[str, str]) -> dict[str, str]:
    return {name: say(word, language()) for name, word in table.items()}


def _summary(sums: dict[str, Any]) -> list[str]:
    return words.summary(service.sums_of(sums), language())
