"""What the pages of the desk share: whose they are, what was uploaded, and how a refused form comes back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from exam_server import auth, forms
from exam_server.documents.rules import MOST_BYTES
from exam_server.errors import Forbidden, Refusal
from exam_server.extensions import db
from exam_server.offices import service as offices
from exam_server.offices.service import OfficeCard
from exam_server.recruitments import service

bp = Blueprint("recruitments", __name__)
EDITS = "admin"
AROUND_THE_FILE = 50_000
"""Bytes of a form besides its file."""

WITH_A_FILE = {"add_guide", "replace_desa", "save_office", "add_office"}


@bp.url_value_preprocessor
def _allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the form; every other form stays small."""
    if endpoint and endpoint.removeprefix("recruitments.") in WITH_A_FILE:
        request.max_content_length = MOST_BYTES + AROUND_THE_FILE


def own(slug: str) -> OfficeCard:
    """The office, whose admin the viewer must be; raises UnknownOffice, Forbidden."""
    found = offices.find_office(db(), slug)
    auth.require(found.id, EDITS)
    return found


def require_chief() -> None:
    if not auth.viewer().is_superadmin:
        raise Forbidden


def edits(office_id: int) -> bool:
    return bool(current_user.is_authenticated and current_user.may(office_id, EDITS))


def own_offices() -> list[int] | None:
    """The offices whose drafts the viewer may copy; None stands for all."""
    return auth.viewer().offices(EDITS)


def again(template: str, problem: Refusal | forms.Problems, **shown: Any) -> ResponseReturnValue:
    """As forms.again; what is not there at all has no page to come back to."""
    first = problem if isinstance(problem, Refusal) else next(iter(problem.values()))
    if first.status == 404:
        raise first
    return forms.again(template, problem, **shown)


def sent(name: str) -> FileStorage | None:
    """The uploaded file, unless none was chosen."""
    found = request.files.get(name)
    return found if found is not None and found.filename else None


def recruitment(own: OfficeCard, year: int) -> dict[str, Any]:
    return {"office": own, "year": year, "recruitment": service.look(db(), own.id, year)}
