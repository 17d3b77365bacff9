"""The page put together is the rendered page, and nothing of one candidate stands in another's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template
from markupsafe import Markup

from exam_server import auth, pages
from exam_server.bank.service import Shown
from exam_server.db import Database
from exam_server.exam import paper_page
from exam_server.exam.paper_page import PaperPages
from exam_server.exam.papers import PaperShelf, ShownItem
from question_bank.blueprint import Drawn
from tests.client import Client
from tests.conftest import MakeApp, SetClock
from tests.factories import Scene, add_booked, add_running, add_scene

STATE: dict[str, Any] = {"attempt": "</script>%s", "lease": 3, "responses": [{"position": 1, "seq": 2}]}
SHOWN = {
    7: Shown("<p>50% dari %(n)s &lt; 9</p>", ("<b>a</b>", "b", "c", "100%"), None, ""),
    8: Shown("Soal kedua", ("ya", "tidak"), 1, 'Peta "A" & B'),
    9: Shown("Soal ketiga", ("a", "b", "c", "d"), None, ""),
}
MARKS = (
    paper_page.POSITION, paper_page.VERSION, paper_page.QUESTIONS, paper_page.LABEL, paper_page.STATE
)  # fmt: skip
DRAWN = (Drawn(7, (3, 1, 0, 2)), Drawn(8, (1, 0)), Drawn(9, (0, 1, 2, 3)))


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> PaperShelf:
    """A shelf with three wordings, one of them with a picture."""
    shelf = PaperShelf()
    monkeypatch.setattr(shelf, "_shown", SHOWN)
    return shelf


def rendered(items: list[ShownItem], version: str, label: str, state: dict[str, Any]) -> str:
    """What the page would be if both templates were rendered for this candidate."""
    questions = "\n".join(
        render_template(
            "exam/item.html", item=item, total=len(items), version=version, first=item.position == 1
        )
        for item in items
    )
    return render_template(
        "exam/paper.html",
        questions=Markup(questions),  # noqa: S704
        total=len(items),
        label=label,
        state=state,
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_put_together_is_the_rendered_page(app: Flask, language: str, shelf: PaperShelf) -> None:
    paper_pages = PaperPages(app, shelf)
    items = [shelf.item(place, one) for place, one in enumerate(DRAWN, 1)]
    for visit in ("visit=one", "visit=another"):
        with app.test_request_context(headers={"Cookie": f"{visit}; language={language}"}):
            page = paper_pages.page(DRAWN, "abc123", "Sesi <1>", STATE)
            assert page == rendered(items, "abc123", "Sesi <1>", STATE)
            assert auth.csrf_token() in page
            assert pages.nonce() in page


def test_the_page_of_a_candidate_shows_the_drawn_items_and_nothing_of_the_candidate_before(
    db: Database, make_app: MakeApp, clock: SetClock
) -> None:
    scene: Scene = add_scene(db)
    app = make_app()
    runs = [add_running(db, scene), add_running(db, scene)]
    bodies = [Client(app).sign_in(run.candidate_id).get("/exam").text for run in runs]
    for own, other, body in ((runs[0], runs[1], bodies[0]), (runs[1], runs[0], bodies[1])):
        assert own.public_id in body
        assert other.public_id not in body
        assert body.count('<section class="q"') == 4
        for mark in MARKS:
            assert str(mark) not in body


def test_the_lobby_is_shown_before_the_start(db: Database, make_app: MakeApp) -> None:
    run = add_booked(db, add_scene(db))
    body = Client(make_app()).sign_in(run.candidate_id).get("/exam").text
    assert '<section class="q"' not in body
