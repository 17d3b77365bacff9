"""Daftar kegiatan: what will be sent is shown first, then it is sent."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.errors import Refusal
from exam_server.extensions import db, now
from exam_server.profile.rules import FIELDS, LABELS, STEPS, step_of
from exam_server.registration import drafts, refusals, service
from exam_server.registration.letters import KINDS

bp = Blueprint("registration", __name__)

FIXABLE = (
    refusals.ProfileIncomplete,
    refusals.DocumentsMissing,
    refusals.NotEligible,
    refusals.StatementsMissing,
    refusals.RegistrationClosed,
)
"""Refusals after which the same page says what to do, with everything that was ticked."""


@bp.get("/apply/<slug>")
@auth.open_to(auth.CANDIDATE)
def form(slug: str) -> ResponseReturnValue:
    """Who has applied already this year sees where that stands."""
    draft = drafts.draft(db(), auth.viewer().id, slug, now())
    if draft.applied_to == draft.office.name:
        return redirect(url_for("status.timeline"))
    return _form(draft)


@bp.post("/apply/<slug>")
@auth.open_to(auth.CANDIDATE)
def send(slug: str) -> ResponseReturnValue:
    """Sent twice is sent once: the second time leads to where the first one led."""
    ticked = _ticked()
    draft = drafts.draft(db(), auth.viewer().id, slug, now(), ticked)
    try:
        service.apply(db(), auth.viewer().id, draft.activity_id, now(), ticked)
    except refusals.AlreadyApplied:
        if draft.applied_to not in (None, draft.office.name):
            raise
    except FIXABLE as refusal:
        if request.accept_mimetypes.best == "application/json":
            raise
        return _form(draft, refusal), refusal.status
    return redirect(url_for("status.timeline"), 303)


@bp.get("/correction")
@auth.open_to(auth.CANDIDATE)
def correction() -> ResponseReturnValue:
    return _correction()


@bp.post("/correction")
@auth.open_to(auth.CANDIDATE)
def resend() -> ResponseReturnValue:
    """Sent twice is sent once, as with the application itself."""
    try:
        service.resend(db(), auth.viewer().id, now(), _ticked())
    except refusals.NothingAsked:
        return redirect(url_for("status.timeline"), 303)
    except (
        *FIXABLE,
        refusals.NothingCorrected,
        refusals.CorrectionOver,
        refusals.ScreeningClosed,
    ) as refusal:
        if request.accept_mimetypes.best == "application/json":
            raise
        return _correction(refusal), refusal.status
    return redirect(url_for("status.timeline"), 303)


def _form(draft: drafts.Draft, refusal: Refusal | None = None) -> str:
    return render_template("registration/form.html", draft=draft, contents=draft.contents, refusal=refusal,
                           groups=_groups(), labels=LABELS, kinds=KINDS, step_of=step_of)  # fmt: skip


def _correction(refusal: Refusal | None = None) -> str:
    found = drafts.correction(db(), auth.viewer().id, now())
    return render_template("registration/correction.html", asked=found, refusal=refusal, labels=LABELS,
                           kinds=KINDS, step_of=step_of)  # fmt: skip


def _groups() -> list[tuple[str, str, list[str]]]:
    """(step, its title, the fields that people read), in the order of the profile."""
    return [
        (step.name, step.title, [one.name for one in FIELDS if one.name in step.fields]) for step in STEPS
    ]


def _ticked() -> set[int]:
    return {
        int(one)
        for one in request.form.getlist("statement")
        if one.isascii() and one.isdigit() and len(one) < 6
    }
