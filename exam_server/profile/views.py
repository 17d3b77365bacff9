"""Data diri: what a candidate tells of themselves, one step per page; what was typed is never lost."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from exam_server import auth, detour
from exam_server.errors import NotFound, Refusal
from exam_server.extensions import db, now
from exam_server.profile import rules, service, shown, words
from exam_server.profile.entries import ELSEWHERE, Typed

bp = Blueprint("profile", __name__)


@bp.app_template_filter("told")
def told(said: rules.Said) -> str:
    """A sentence with what fills it, in the language of the page."""
    return words.told(said, gettext)


@bp.app_template_global("spoken")
def spoken(name: str, value: object) -> str:
    """What a field of a profile says, in the language of the page."""
    return words.spoken(name, value, gettext)


@bp.get("/profile")
@auth.open_to(auth.CANDIDATE)
def overview() -> ResponseReturnValue:
    facts = service.facts_of(db(), auth.viewer().id)
    return render_template("profile/overview.html", facts=facts, steps=shown.progress(facts),
                           labels=rules.LABELS, first=shown.first_incomplete(facts))  # fmt: skip


@bp.get("/profile/<step>")
@auth.open_to(auth.CANDIDATE)
def step(step: str) -> ResponseReturnValue:
    chosen = _step(step)
    facts = service.facts_of(db(), auth.viewer().id)
    return _page(chosen, shown.as_typed(facts, chosen, service.places(db())))


@bp.post("/profile/<step>")
@auth.open_to(auth.CANDIDATE)
def save(step: str) -> ResponseReturnValue:
    """Another regency was chosen without scripts: the same page with its kecamatan; otherwise it is kept."""
    chosen = _step(step)
    typed = {name: request.form.getlist(name) for name in chosen.fields}
    if request.form.get("act") == "place":
        return _page(chosen, typed, turned=True)
    try:
        service.save_step(db(), auth.viewer().id, chosen.name, typed, now())
    except (service.WrongEntries, service.NikTaken) as refusal:
        if request.accept_mimetypes.best == "application/json":
            raise
        return _page(chosen, typed, refusal), refusal.status
    return redirect(_next_page(chosen), 303)


def _page(chosen: rules.Step, typed: Typed, refusal: Refusal | None = None, turned: bool = False) -> str:
    """The form of a step with what was typed; the focus goes to the first field that was refused."""
    problems = refusal.problems if isinstance(refusal, service.WrongEntries) else {}
    if isinstance(refusal, service.NikTaken):
        problems = {"nik": rules.Said(refusal.sentence)}
    first = next((name for name in chosen.fields if name in problems), None)
    return render_template(
        f"profile/{chosen.name}.html", step=chosen, typed=typed, problems=problems, codes=words.CODES,
        places=service.places(db()), taken=isinstance(refusal, service.NikTaken), back=detour.back(),
        number=rules.STEPS.index(chosen) + 1, count=len(rules.STEPS), labels=rules.LABELS,
        focus=_place_field(typed) if turned else first, desa=_desa(chosen, typed),
    )  # fmt: skip


def _desa(chosen: rules.Step, typed: Typed) -> dict[str, list[str]]:
    """What the chosen regency's office lists, for the step that asks where a person lives."""
    slug = (typed.get("office_id") or [""])[0]
    return service.desa(db(), slug) if "desa" in chosen.fields and slug else {}


def _place_field(typed: Typed) -> str:
    """What comes next once the regency is chosen."""
    return "regency" if list(typed.get("office_id", ())) == [ELSEWHERE] else "kecamatan"


def _step(name: str) -> rules.Step:
    found = next((one for one in rules.STEPS if one.name == name), None)
    if found is None:
        raise NotFound
    return found


def _next_page(chosen: rules.Step) -> str:
    """Back to what is being put right; else the step that follows, and the files after the last."""
    if there := detour.way_back():
        return there
    following = shown.after(chosen)
    return url_for("profile.step", step=following.name) if following else url_for("documents.index")
