"""Daftar akun: a new account, its activation by e-mail, and a forgotten password.

Links are opened by machines too (mail scanners), so looking at one changes nothing: a button does.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.accounts.passwords import hash_password
from exam_server.accounts.rules import typed_password, usable_email, usable_name, usable_password
from exam_server.errors import Refusal
from exam_server.extensions import db, house, now
from exam_server.pages import language
from exam_server.signup import service
from exam_server.throttle import TooMany
from exam_server.tokens import LinkExpired, LinkUnknown

bp = Blueprint("signup", __name__)
FORM, SENT, OVER = "signup/form.html", "signup/sent.html", "signup/link_over.html"
ASK = {service.ACTIVATION: "signup/resend.html", service.RESET: "signup/forgotten.html"}
NEW_PASSWORD = "signup/new_password.html"  # noqa: S105 - the name of a page


@bp.get("/signup")
@auth.open_to(auth.ANYONE)
def form() -> ResponseReturnValue:
    return render_template(FORM, problems={}, name="", email="")


@bp.post("/signup")
@auth.open_to(auth.ANYONE)
def sign_up() -> ResponseReturnValue:
    typed = {"name": request.form.get("name", ""), "email": request.form.get("email", "")}
    problems: forms.Problems = {}
    name = forms.heard(problems, usable_name, typed["name"])
    email = forms.heard(problems, usable_email, typed["email"])
    password = forms.heard(problems, usable_password, _password(), *typed.values())
    if problems:
        return forms.again(FORM, problems, **typed)
    try:
        service.count_sign_up(db(), _address(), now())
    except TooMany as problem:
        return forms.again(FORM, problem, **typed)
    hashed = house().run_blocking(hash_password, password)
    service.sign_up(db(), _secret(), email, name, hashed, language(), now())
    return _sent(service.ACTIVATION, email)


@bp.get("/activate/<token>")
@auth.open_to(auth.ANYONE)
def activation(token: str) -> ResponseReturnValue:
    try:
        active = service.is_active(db(), _secret(), token, now())
    except (LinkExpired, LinkUnknown) as problem:
        return forms.again(OVER, problem, again=url_for("signup.resend_form"))
    return render_template("signup/activation.html", token=token, active=active)


@bp.post("/activate/<token>")
@auth.open_to(auth.ANYONE)
def activate(token: str) -> ResponseReturnValue:
    try:
        service.activate(db(), _secret(), token, now())
    except (LinkExpired, LinkUnknown) as problem:
        return forms.again(OVER, problem, again=url_for("signup.resend_form"))
    return redirect(url_for("signup.activation", token=token), 303)


@bp.get("/activation")
@auth.open_to(auth.ANYONE)
def resend_form() -> ResponseReturnValue:
    return render_template(ASK[service.ACTIVATION], problems={}, email="")


@bp.post("/activation")
@auth.open_to(auth.ANYONE)
def resend() -> ResponseReturnValue:
    typed = request.form.get("email", "")
    try:
        email = _asked(service.ACTIVATION, typed)
    except Refusal as problem:
        return forms.again(ASK[service.ACTIVATION], problem, email=typed)
    service.resend(db(), _secret(), email, language(), now())
    return _sent(service.ACTIVATION, email)


@bp.get("/password/forgotten")
@auth.open_to(auth.ANYONE)
def forgotten() -> ResponseReturnValue:
    return render_template(ASK[service.RESET], problems={}, email="")


@bp.post("/password/forgotten")
@auth.open_to(auth.ANYONE)
def send_reset() -> ResponseReturnValue:
    typed = request.form.get("email", "")
    try:
        email = _asked(service.RESET, typed)
    except Refusal as problem:
        return forms.again(ASK[service.RESET], problem, email=typed)
    service.send_reset(db(), _secret(), email, language(), now())
    return _sent(service.RESET, email)


@bp.get("/password/new/<token>")
@auth.open_to(auth.ANYONE)
def new_password(token: str) -> ResponseReturnValue:
    try:
        owner = service.owner_of(db(), _secret(), token, now())
    except (LinkExpired, LinkUnknown) as problem:
        return forms.again(OVER, problem, again=url_for("signup.forgotten"))
    return render_template(NEW_PASSWORD, token=token, email=owner.email, problems={})


@bp.post("/password/new/<token>")
@auth.open_to(auth.ANYONE)
def set_password(token: str) -> ResponseReturnValue:
    try:
        owner = service.owner_of(db(), _secret(), token, now())
        problems: forms.Problems = {}
        password = forms.heard(problems, usable_password, _password(), owner.name, owner.email)
        if problems:
            return forms.again(NEW_PASSWORD, problems, token=token, email=owner.email)
        hashed = house().run_blocking(hash_password, password)
        service.set_password(db(), _secret(), token, hashed, language(), now())
    except (LinkExpired, LinkUnknown) as problem:
        return forms.again(OVER, problem, again=url_for("signup.forgotten"))
    return render_template("signup/password_set.html")


def _asked(purpose: str, typed: str) -> str:
    """The address for which a letter may be asked now; raises EmailUnusable, TooMany."""
    email = usable_email(typed)
    service.count_ask(db(), purpose, email, _address(), now())
    return email


def _sent(purpose: str, email: str) -> ResponseReturnValue:
    """The one answer to whoever asks for a letter, whether or not the address is known."""
    settings = house().settings
    in_outbox = settings.env == "demo" and not settings.mail_url
    return render_template(SENT, purpose=purpose, email=email, in_outbox=in_outbox)


def _password() -> str:
    return typed_password(request.form.get("password", ""))


def _address() -> str:
    return request.remote_addr or ""


def _secret() -> str:
    return house().settings.secret_key
