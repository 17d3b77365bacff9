"""Signing in and out, and choosing the language of the pages."""

from __future__ import annotations

import contextlib

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.accounts import service
from exam_server.errors import SignInNeeded
from exam_server.extensions import db, house, now
from exam_server.language import LANGUAGES

bp = Blueprint("accounts", __name__)


@bp.get("/login")
@auth.open_to(auth.ANYONE)
def login() -> ResponseReturnValue:
    return render_template(
        "accounts/login.html", next=_local(request.args.get("next")), email="", problem=None
    )


@bp.post("/login")
@auth.open_to(auth.ANYONE)
def sign_in() -> ResponseReturnValue:
    email, next_page = request.form.get("email", ""), _local(request.form.get("next"))
    try:
        token = _token(email, request.form.get("password", "").strip())
    except service.WrongCredentials as problem:
        page = render_template("accounts/login.html", next=next_page, email=email, problem=problem)
        return page, problem.status
    _end_former_session()
    response = redirect(next_page or url_for("offices.home"), 303)
    auth.set_cookie(response, auth.session_cookie(house().settings), token)
    return response


def _token(email: str, password: str) -> str:
    found = service.password_of(db(), email)
    # a real thread: hashing must not hold up the answers of others
    account_id = house().run_blocking(service.check_password, found, password)
    return service.open_session(db(), account_id, request.user_agent.string, now())


@bp.post("/logout")
@auth.open_to(auth.ANYONE)
def logout() -> ResponseReturnValue:
    _end_former_session()
    response = redirect(url_for("offices.home"), 303)
    response.delete_cookie(auth.session_cookie(house().settings), secure=house().settings.secure)
    return response


def _end_former_session() -> None:
    """A browser on a shared phone is one person's at a time: what its cookie said before is over."""
    with contextlib.suppress(SignInNeeded):  # nobody was signed in
        service.end_session(db(), auth.viewer().session_id, now())


@bp.post("/language")
@auth.open_to(auth.ANYONE)
def language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    response = redirect(_local(request.form.get("next")) or url_for("offices.home"), 303)
    if chosen in LANGUAGES:
        auth.set_cookie(response, "language", chosen)
    return response


def _local(target: str | None) -> str:
    """A path on this server, or nothing: a link must never lead a signed-in person elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return ""
    # browsers drop tabs and line ends, and read a backslash as a slash: "/<tab>/elsewhere" is another host
    return "" if any(sign <= " " or sign == "\\" for sign in target) else target


def ask_to_sign_in(wanted: str) -> ResponseReturnValue:
    """Lead a stranger to the sign-in page and back again."""
    return redirect(url_for("accounts.login", next=_local(wanted)), 302)
