"""Petugas: who serves which office, whom to invite, and what to do when somebody leaves or loses a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from exam_server import auth, forms
from exam_server.accounts.passwords import hash_password
from exam_server.accounts.rules import typed_password, usable_name, usable_password
from exam_server.db import Database
from exam_server.errors import Forbidden, Refusal
from exam_server.extensions import db, house, now
from exam_server.instants import ELSEWHERE
from exam_server.offices import service as offices
from exam_server.staff import acts, joining, letters, people, rules, service
from exam_server.staff.refusals import OfficeMissing
from exam_server.staff.rules import Actor

bp = Blueprint("staff", __name__)
TYPED = ("email", "name", "role", "office", "reason")


@bp.app_template_global()
def role_word(role: str) -> str:
    """What people call a role: a sentence for gettext."""
    return letters.WORDS[role]


@bp.get("/staff")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    return render_template("staff/index.html", problems={}, at="", typed={}, **_shown())


@bp.post("/staff/invitations")
@auth.open_to(auth.STAFF)
def invite() -> ResponseReturnValue:
    actor = _actor()

    def act() -> None:
        typed = {name: request.form.get(name, "") for name in ("email", "name", "role")}
        wanted = service.Wanted(**typed, office_id=_office(typed["role"]))
        service.invite(db(), house().settings.secret_key, wanted, actor, now())

    return _done(act, "invited", "invite")


@bp.post("/staff/invitations/<public_id>/withdraw")
@auth.open_to(auth.STAFF)
def withdraw(public_id: str) -> ResponseReturnValue:
    actor = _actor()
    return _done(lambda: service.withdraw(db(), actor, public_id, now()), "withdrawn", public_id)


@bp.post("/staff/invitations/<public_id>/resend")
@auth.open_to(auth.STAFF)
def resend(public_id: str) -> ResponseReturnValue:
    actor, secret = _actor(), house().settings.secret_key

    def act() -> None:
        service.resend(db(), secret, actor, public_id, now())

    return _done(act, "resent", public_id)


@bp.post("/staff/<public_id>/role")
@auth.open_to(auth.STAFF)
def grant(public_id: str) -> ResponseReturnValue:
    actor = _actor()

    def act() -> None:
        role = request.form.get("role", "")
        acts.grant(db(), actor, public_id, role, _office(role), now())

    return _done(act, "granted", f"{public_id}/role")


@bp.post("/staff/<public_id>/role/end")
@auth.open_to(auth.STAFF)
def end_role(public_id: str) -> ResponseReturnValue:
    actor, role, reason = _actor(), request.form.get("role", ""), request.form.get("reason", "")

    def act() -> None:
        acts.end_role(db(), actor, public_id, role, _office(role), reason, now())

    return _done(act, "ended", f"{public_id}/role/end/{role}/{request.form.get('office', '')}")


@bp.post("/staff/<public_id>/disable")
@auth.open_to(auth.STAFF)
def disable(public_id: str) -> ResponseReturnValue:
    return _with_reason(acts.disable, public_id, "disabled", "disable")


@bp.post("/staff/<public_id>/second-factor/reset")
@auth.open_to(auth.STAFF)
def reset_second_factor(public_id: str) -> ResponseReturnValue:
    return _with_reason(acts.reset_second_factor, public_id, "reset", "second-factor")


@bp.get("/join/<token>")
@auth.open_to(auth.ANYONE)
def join_form(token: str) -> ResponseReturnValue:
    opened = joining.look(db(), house().settings.secret_key, token, now())
    return render_template("staff/join.html", problems={}, opened=opened, token=token, name=opened.name)


@bp.post("/join/<token>")
@auth.open_to(auth.ANYONE)
def join(token: str) -> ResponseReturnValue:
    """A GET changes nothing: programs that look into mails open links too."""
    secret = house().settings.secret_key
    opened = joining.look(db(), secret, token, now())
    name = request.form.get("name", "")
    problems: forms.Problems = {}
    try:
        if opened.has_account:
            joining.accept(db(), secret, token, auth.viewer().id, now())
        else:
            typed = typed_password(request.form.get("password", ""))
            usable = forms.heard(problems, usable_name, name)
            password = forms.heard(problems, usable_password, typed, name, opened.email)
            if not problems:
                hashed = house().run_blocking(hash_password, password)
                joining.join(db(), secret, token, usable, hashed, now())
    except Refusal as problem:
        problems[forms.field_of(problem)] = problem
    if problems:
        return forms.again("staff/join.html", problems, opened=opened, token=token, name=name)
    return render_template("staff/joined.html", opened=opened)


Stop = Callable[[Database, Actor, str, str, datetime], None]


def _with_reason(stop: Stop, public_id: str, said: str, form: str) -> ResponseReturnValue:
    actor, reason = _actor(), request.form.get("reason", "")
    return _done(lambda: stop(db(), actor, public_id, reason, now()), said, f"{public_id}/{form}")


def _done(act: Callable[[], None], said: str, at: str) -> ResponseReturnValue:
    """Back to the list with a word about it; a refusal stands in the form `at` that was sent."""
    try:
        act()
    except Refusal as problem:
        if problem.status == 404:
            raise
        typed = {name: request.form.get(name, "") for name in TYPED}
        return forms.again("staff/index.html", problem, at=at, typed=typed, **_shown())
    return redirect(url_for("staff.index", done=said), 303)


def _shown() -> dict[str, object]:
    actor = _actor()
    own = [office for office in offices.offices(db()) if actor.looks_after(office.id)]
    roles = [role for role in rules.ROLES if actor.is_superadmin or role != "superadmin"]
    return {
        "people": people.people(db(), actor), "waiting": people.waiting(db(), actor), "actor": actor,
        "offices": own, "roles": roles, "now": now(),
        "zone": own[0].zone if len(own) == 1 else ELSEWHERE,
        "may_stop": rules.may_stop, "may_reset": rules.may_reset, "may_end": rules.may_end,
        "done": request.args.get("done", ""),
    }  # fmt: skip


def _actor() -> Actor:
    """The viewer, who must be an admin of some office or a superadmin; raises Forbidden."""
    person = auth.viewer()
    if person.offices("admin") == []:
        raise Forbidden
    return Actor(person.id, person.name, person.roles)


def _office(role: str) -> int | None:
    """The office that was chosen, by its slug; a superadmin has none. Raises OfficeMissing."""
    slug = request.form.get("office", "")
    if role == "superadmin":
        return None
    found = next((office.id for office in offices.offices(db()) if office.slug == slug), None)
    if found is None:
        raise OfficeMissing
    return found


@bp.app_template_global()
def looks_after_officials() -> bool:
    """For the menu: does the viewer have this page?"""
    return bool(current_user.is_authenticated and current_user.offices("admin") != [])
