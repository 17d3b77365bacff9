"""A candidate's own result: the page, the answer sheet, and the answer to an offered place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.exam.papers import PaperShelf
from exam_server.extensions import db, now
from exam_server.placings import answering, answers, desk_views, result, service
from exam_server.placings.rules import HOLDS
from exam_server.placings.web import bp

__all__ = ["bp", "desk_views"]
"""The pages of officials stand in a module of their own."""

PAGE, SURE = "placings/result.html", "placings/sure.html"


@bp.get("/result")
@auth.open_to(auth.CANDIDATE)
def own_result() -> ResponseReturnValue:
    return render_template(PAGE, problems={}, own=_own(), holds=HOLDS, now=now())


@bp.get("/result/answers")
@auth.open_to(auth.CANDIDATE)
def own_answers() -> ResponseReturnValue:
    """Only when the announcement's policy opens it: a key leaves the server here."""
    shelf = cast(PaperShelf, current_app.extensions["paper_shelf"])
    sheet = answers.own(db(), shelf, auth.viewer().id, now())
    return render_template("placings/answers.html", sheet=sheet, own=_own())


@bp.post("/result/take")
@auth.open_to(auth.CANDIDATE)
def take() -> ResponseReturnValue:
    return _done(answering.take)


@bp.get("/result/decline")
@auth.open_to(auth.CANDIDATE)
def decline_form() -> ResponseReturnValue:
    """What declining means, before anything is done."""
    return _sure("decline", ("offered",))


@bp.post("/result/decline")
@auth.open_to(auth.CANDIDATE)
def decline() -> ResponseReturnValue:
    return _done(answering.decline)


@bp.get("/result/withdraw")
@auth.open_to(auth.CANDIDATE)
def withdraw_form() -> ResponseReturnValue:
    """What withdrawing means, before anything is done."""
    return _sure("withdraw", HOLDS)


@bp.post("/result/withdraw")
@auth.open_to(auth.CANDIDATE)
def withdraw() -> ResponseReturnValue:
    return _done(service.withdraw)


def _own() -> result.OwnResult | None:
    return result.own(db(), auth.viewer().id, now())


def _sure(act: str, where: tuple[str, ...]) -> ResponseReturnValue:
    own = _own()
    if own is None or own.standing is None or own.standing.where not in where:
        return redirect(url_for("placings.own_result"))
    return render_template(SURE, own=own, act=act)


def _done(act: Callable[[Database, int, datetime], None]) -> ResponseReturnValue:
    """Back to the result; refused, the same page says why."""
    try:
        act(db(), auth.viewer().id, now())
    except Refusal as problem:
        return forms.again(PAGE, problem, own=_own(), holds=HOLDS, now=now())
    return redirect(url_for("placings.own_result"), 303)
