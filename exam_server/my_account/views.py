"""Akun saya: password, e-mail address, second step of officials, and where one is signed in."""

from __future__ import annotations

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth, forms
from exam_server.accounts import credentials
from exam_server.accounts.passwords import hash_password
from exam_server.accounts.rules import typed_password, usable_password
from exam_server.accounts.second_factor import Proposal, WrongCode
from exam_server.errors import Forbidden, Refusal
from exam_server.extensions import db, house, now
from exam_server.instants import ELSEWHERE
from exam_server.my_account import codes, service
from exam_server.throttle import TooMany
from exam_server.tokens import LinkExpired, LinkUnknown

bp = Blueprint("my_account", __name__)
PAGE, FACTOR, EMAIL = "my_account/page.html", "my_account/second_factor.html", "my_account/email.html"
OVER = "my_account/link_over.html"


@bp.get("/account")
@auth.open_to(auth.SIGNED_IN)
def page() -> ResponseReturnValue:
    return render_template(PAGE, problems={}, email="", at="", done=request.args.get("done"), **_facts())


@bp.post("/account/password")
@auth.open_to(auth.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    person = auth.viewer()
    try:
        new = usable_password(_typed("password"), person.name, person.email)
        proof = _proof()
        hashed = house().run_blocking(hash_password, new)
        service.change_password(db(), proof, person.session_id, hashed, now())
    except Refusal as problem:
        return _again(problem, "password", "")
    return redirect(url_for("my_account.page", done="password"), 303)


@bp.post("/account/email")
@auth.open_to(auth.SIGNED_IN)
def ask_for_email() -> ResponseReturnValue:
    typed = request.form.get("email", "")
    try:
        email = service.another_email(typed, auth.viewer().email)
        service.ask_for_email(db(), _secret(), _proof(), email, now())
    except Refusal as problem:
        return _again(problem, "email", typed)
    return redirect(url_for("my_account.page", done="email"), 303)


@bp.get("/account/email/<token>")
@auth.open_to(auth.SIGNED_IN)
def new_email(token: str) -> ResponseReturnValue:
    try:
        email = service.wanted_email(db(), _secret(), auth.viewer().id, token, now())
    except (LinkExpired, LinkUnknown) as problem:
        return forms.again(OVER, problem)
    return render_template(EMAIL, token=token, email=email)


@bp.post("/account/email/<token>")
@auth.open_to(auth.SIGNED_IN)
def change_email(token: str) -> ResponseReturnValue:
    try:
        service.change_email(db(), _secret(), auth.viewer().id, token, now())
    except (LinkExpired, LinkUnknown) as problem:
        return forms.again(OVER, problem)
    return redirect(url_for("my_account.page", done="new-email"), 303)


@bp.post("/account/sessions/end")
@auth.open_to(auth.SIGNED_IN)
def end_others() -> ResponseReturnValue:
    service.end_others(db(), auth.viewer().id, auth.viewer().session_id, now())
    return redirect(url_for("my_account.page", done="sessions"), 303)


@bp.get("/account/second-factor")
@auth.open_to(auth.SIGNED_IN)
def second_factor() -> ResponseReturnValue:
    fresh = codes.propose(db(), _secret(), _official(), now())
    token, proposal = fresh or ("", None)
    return render_template(FACTOR, problems={}, token=token, **_picture(proposal))


@bp.post("/account/second-factor")
@auth.open_to(auth.SIGNED_IN)
def confirm_second_factor() -> ResponseReturnValue:
    account_id, token = _official(), request.form.get("token", "")
    try:
        proposal = codes.proposed(db(), _secret(), account_id, token, now())
    except (LinkExpired, LinkUnknown):
        return redirect(url_for("my_account.second_factor"), 303)  # a fresh proposal, as for the first time
    try:
        codes.confirm(db(), account_id, proposal, request.form.get("code", ""), now())
    except (WrongCode, TooMany) as problem:
        return forms.again(FACTOR, problem, token=token, **_picture(proposal))
    return redirect(url_for("my_account.page", done="factor"), 303)


@bp.post("/account/second-factor/remove")
@auth.open_to(auth.SIGNED_IN)
def remove_second_factor() -> ResponseReturnValue:
    try:
        codes.remove(db(), _official(), request.form.get("code", ""), now())
    except (WrongCode, TooMany) as problem:
        if codes.propose(db(), _secret(), auth.viewer().id, now()):
            return redirect(url_for("my_account.second_factor"), 303)  # there is none to remove
        return forms.again(FACTOR, problem, token="", **_picture(None))
    return redirect(url_for("my_account.page", done="no-factor"), 303)


def _proof() -> credentials.Proof:
    """The password typed beside the change is the account's; raises WrongCurrentPassword, TooMany."""
    who = service.count_try(db(), auth.viewer().id, now())
    try:
        proof: credentials.Proof = house().run_blocking(credentials.check_password, who, _typed("current"))
    except credentials.WrongCredentials as problem:
        raise service.WrongCurrentPassword from problem
    return proof


def _again(problem: Refusal, at: str, email: str) -> ResponseReturnValue:
    """The page with the problem in the form `at` which it stood; TooMany and the like above its fields."""
    return forms.again(PAGE, problem, at=at, email=email, done=None, **_facts())


def _facts() -> dict[str, object]:
    person = auth.viewer()
    return {"browsers": service.browsers(db(), person.id, person.session_id, now()), "zone": ELSEWHERE}


def _official() -> int:
    """The signed-in official; candidates have no second step (Forbidden)."""
    if auth.viewer().is_candidate:
        raise Forbidden
    return auth.viewer().id


def _picture(proposal: Proposal | None) -> dict[str, object]:
    """What the page shows of a proposal: the QR code drawn into the page itself, and the secret to type."""
    if proposal is None:
        return {"qr": None, "spoken": None}
    drawn = segno.make(proposal.uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return {"qr": drawn, "spoken": proposal.spoken}


def _typed(field: str) -> str:
    return typed_password(request.form.get(field, ""))


def _secret() -> str:
    return house().settings.secret_key
