"""Signing in and out, and choosing the language of the pages."""

from __future__ import annotations

import contextlib

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.accounts import credentials, entrance, second_factor, service
from exam_server.accounts.devices import LIFE
from exam_server.accounts.entrance import Browser, Entry, Knock
from exam_server.accounts.rules import typed_password
from exam_server.errors import SignInNeeded
from exam_server.extensions import db, house, now
from exam_server.language import LANGUAGES
from exam_server.throttle import TooMany

bp = Blueprint("accounts", __name__)
LOGIN, CODE = "accounts/login.html", "accounts/code.html"


@bp.get("/login")
@auth.open_to(auth.ANYONE)
def login() -> ResponseReturnValue:
    next_page = _local(request.args.get("next"))
    with contextlib.suppress(SignInNeeded):
        person = auth.viewer()
        return redirect(next_page or _home(person.roles, person.second_factor))
    return render_template(LOGIN, next=next_page, email="", problems={})


@bp.post("/login")
@auth.open_to(auth.ANYONE)
def sign_in() -> ResponseReturnValue:
    email, next_page = request.form.get("email", ""), _local(request.form.get("next"))
    try:
        tried = entrance.knock(db(), email, _browser(), now())
        return _answer(tried, email, next_page)
    except (TooMany, credentials.WrongCredentials) as problem:
        return forms.again(LOGIN, problem, next=next_page, email=email)


def _answer(tried: Knock, email: str, next_page: str) -> ResponseReturnValue:
    """What the password is good for: a session, the page that asks for the code, or advice to activate."""
    password = typed_password(request.form.get("password", ""))
    try:
        # a real thread: hashing must not hold up the answers of others
        proof = house().run_blocking(credentials.check_password, tried.who, password)
    except credentials.WrongCredentials:
        entrance.failed(db(), tried, now())
        raise
    except credentials.NotActivated as problem:
        entrance.was_right(db(), tried)
        return forms.again("accounts/not_active.html", problem, email=email)
    if proof.who.second_factor:
        token = entrance.ask_second_step(db(), house().settings.secret_key, tried, proof, now())
        return render_template(CODE, token=token, next=next_page, problems={})
    return _let_in(entrance.enter(db(), tried, proof, _browser(), now()), next_page)


@bp.post("/login/code")
@auth.open_to(auth.ANYONE)
def second_step() -> ResponseReturnValue:
    token, next_page = request.form.get("token", ""), _local(request.form.get("next"))
    code, secret = request.form.get("code", ""), house().settings.secret_key
    try:
        entry = entrance.finish_second_step(db(), secret, token, code, _browser(), now())
    except entrance.SecondStepOver as problem:
        return forms.again(LOGIN, problem, next=next_page, email="")
    except (second_factor.WrongCode, TooMany) as problem:
        return forms.again(CODE, problem, token=token, next=next_page)
    return _let_in(entry, next_page)


def _let_in(entry: Entry, next_page: str) -> ResponseReturnValue:
    """The session that this browser had before is over; the new one and the device are its cookies."""
    _end_former_session()
    came = service.live_session(db(), entry.session, now())
    home = _home(came.roles, came.second_factor) if came else url_for("offices.home")
    response = redirect(next_page or home, 303)
    settings = house().settings
    auth.set_cookie(response, auth.session_cookie(settings), entry.session)
    auth.set_cookie(response, auth.device_cookie(settings), entry.device, LIFE)
    return response


def _home(roles: frozenset[tuple[str, int | None]], second_factor: bool) -> str:
    """The first page of who comes without a wish: a candidate's status, or what an official may open."""
    if not roles:
        return url_for("status.timeline")
    if house().settings.second_factor_needed and not second_factor:
        return url_for("my_account.second_factor")
    if {"admin", "superadmin"} & {role for role, _ in roles}:
        return url_for("recruitments.home")
    screens_only = {role for role, _ in roles} == {"screener"}
    return url_for("screening.index" if screens_only else "board.index")


def _browser() -> Browser:
    device = request.cookies.get(auth.device_cookie(house().settings), "")
    return Browser(request.remote_addr or "", request.user_agent.string, device)


@bp.post("/logout")
@auth.open_to(auth.ANYONE)
def logout() -> ResponseReturnValue:
    _end_former_session()
    response = redirect(url_for("offices.home"), 303)
    response.delete_cookie(auth.session_cookie(house().settings), secure=house().settings.secure)
    # Not "storage": answers that did not reach the server yet lie in IndexedDB until it has them on disk.
    # They are sent when their candidate signs in again; wiping them here would lose them for good.
    response.headers["Clear-Site-Data"] = '"cache"'
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
        with contextlib.suppress(SignInNeeded):  # a stranger has no letters coming
            service.choose_language(db(), auth.viewer().id, chosen)
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
