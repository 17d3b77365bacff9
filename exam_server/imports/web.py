"""What the pages of imports share: whose office, which draft, and how problems are told."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, request, url_for

from exam_server import auth
from exam_server.bank.batches import Batch
from exam_server.bank.usable import PICTURE_PROBLEMS
from exam_server.errors import N_, Forbidden
from exam_server.extensions import db, now
from exam_server.imports import places, service
from exam_server.imports.dry_run import Said
from exam_server.imports.refusals import ImportOver
from exam_server.imports.service import MANAGES, Draft
from exam_server.language import say
from exam_server.language import sentence as refused
from exam_server.offices import service as offices
from exam_server.offices.service import OfficeCard
from exam_server.pages import language
from question_bank.problems import Problem, sentence

bp = Blueprint("imports", __name__, url_prefix="/bank/imports")

FORMATS = {
    "csv": "CSV", "xlsx": "Excel (XLSX)", "gift": "GIFT", "aiken": "Aiken", "moodle_xml": "Moodle XML",
    "qti": "QTI", "qti12": "QTI 1.2", "qti20": "QTI 2.0", "qti21": "QTI 2.1", "qti22": "QTI 2.2",
    "qti30": "QTI 3.0",
}  # fmt: skip
DIFFICULTIES = {"easy": N_("Mudah"), "medium": N_("Sedang"), "hard": N_("Sulit")}


def own_offices() -> list[OfficeCard]:
    """The offices whose bank the viewer keeps, by name; raises Forbidden for none of them."""
    held = auth.viewer().offices(MANAGES)
    found = [one for one in offices.offices(db()) if held is None or one.id in held]
    if not found and held is not None:
        raise Forbidden
    return found


def own_office() -> OfficeCard:
    """The office that was asked for, else the first of one's own; raises NotFound, Forbidden."""
    if slug := request.form.get("office", ""):
        found = offices.find_office(db(), slug)
        auth.require(found.id, MANAGES)
        return found
    mine = own_offices()
    if not mine:
        raise Forbidden
    return mine[0]


def office_of(found: Draft | Batch) -> OfficeCard:
    return next(one for one in offices.offices(db()) if one.id == found.office_id)


def own(public_id: str) -> Draft | Batch:
    """Raises NotFound."""
    return service.find(db(), public_id, auth.viewer(), now())


def own_draft(public_id: str) -> Draft:
    """Raises NotFound, ImportOver."""
    found = own(public_id)
    return found if isinstance(found, Draft) else _over()


def _over() -> NoReturn:
    raise ImportOver


def place(where: str) -> str:
    """A place of a file in the page's language."""
    return places.place(where, language())


def page_of(public_id: str) -> str:
    return url_for("imports.page", public_id=public_id)


def told(said: Said) -> str:
    """A sentence in the page's language."""
    if isinstance(said, Problem):
        return sentence(said, lambda text: say(text, language()))
    return refused(PICTURE_PROBLEMS[said.code](**said.values), language())
