"""What the pages of the bank share: whose bank it is, sentences beside fields, the candidate's own view."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from exam_server import auth
from exam_server.bank.wording import shown_at
from exam_server.errors import N_, Forbidden, Refusal
from exam_server.exam.papers import ShownItem
from exam_server.extensions import db, now
from exam_server.language import say
from exam_server.language import sentence as refused
from exam_server.offices import service as offices
from exam_server.offices.service import OfficeCard
from exam_server.pages import language
from exam_server.questions import service
from exam_server.questions.entries import Said
from exam_server.questions.service import EDITS, Place
from question_bank.problems import Problem, sentence

bp = Blueprint("questions", __name__, url_prefix="/bank")

DIFFICULTY_WORDS = {"easy": N_("Mudah"), "medium": N_("Sedang"), "hard": N_("Sulit")}
PART_WORDS = {
    "stem": N_("Pokok soal"), "option": N_("Pilihan {letter}"), "key": N_("Kunci"),
    "explanation": N_("Pembahasan"), "picture": N_("Gambar soal diganti, ditambah, atau dihapus"),
    "picture_alt": N_("Keterangan gambar"), "shuffle": N_("Urutan pilihan sekarang diacak"),
    "no_shuffle": N_("Urutan pilihan sekarang tetap"),
}  # fmt: skip


def own_offices() -> list[OfficeCard]:
    """The offices whose bank the viewer keeps, by name; raises Forbidden for none of them."""
    held = auth.viewer().offices(EDITS)
    if held == []:
        raise Forbidden
    return [one for one in offices.offices(db()) if held is None or one.id in held]


def own_office() -> OfficeCard:
    """The office that was asked for, else the first of one's own; raises UnknownOffice, Forbidden."""
    if slug := request.values.get("office", ""):
        found = offices.find_office(db(), slug)
        auth.require(found.id, EDITS)
        return found
    mine = own_offices()
    if not mine:
        raise Forbidden
    return mine[0]


def own_item(item_id: int) -> tuple[Place, OfficeCard]:
    """The item and its office; raises NotFound."""
    place = service.own(db(), auth.viewer(), item_id, now())
    return place, next(one for one in offices.offices(db()) if one.id == place.office_id)


def told(said: Said) -> str:
    """A sentence in the page's language."""
    if isinstance(said, Problem):
        return sentence(said, lambda text: say(text, language()))
    return refused(said, language())


def beside(said: dict[str, list[Said]]) -> dict[str, str]:
    """By field, in one text."""
    return {name: " ".join(map(told, listed)) for name, listed in said.items()}


def part_word(change: Any) -> str:
    """What a change is about."""
    return say(PART_WORDS[change.part], language()).format(letter=change.letter)


def address(sha256: str) -> str:
    return url_for("questions.picture", sha256=sha256)


def frame(stem: str, options: tuple[str, ...], picture: str, picture_alt: str) -> str:
    """A page of its own that shows the item to whoever writes it as its candidates will see it."""
    item = ShownItem(1, shown_at(stem, address), tuple(shown_at(one, address) for one in options),
                     bool(picture), picture_alt)  # fmt: skip
    return render_template("questions/frame.html", item=item, picture_at=address(picture) if picture else "")


def refusals(problem: Refusal) -> dict[str, str]:
    """One refusal, beside its field."""
    return {str(getattr(problem, "field", "")): refused(problem, language())}
