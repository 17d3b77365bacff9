"""The paper page: a whole sitting opens it within seconds, so what is the same for many is rendered once.

Kept ready are the page around the questions (per language and number of items) and each question (per wording
and order of its options). Marks stand in them where words of one page belong, and a page is those words in
the places of the marks; a test holds it against the templates rendered outright.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask, render_template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from exam_server import auth, pages
from exam_server.exam.papers import PaperShelf
from question_bank.blueprint import Drawn

KEPT = 8192
"""Questions kept ready, about 1.5 KB each: a bank of 300 items of four options has 7,200 orders."""

# Nobody who writes an item can know a mark. That of a position is a number: an address is made from it.
POSITION = 10**15 + secrets.randbelow(10**15)
VERSION, QUESTIONS, LABEL, STATE = (secrets.token_hex(12) for _ in range(4))


class PaperPages:
    """The paper pages of one process."""

    def __init__(self, app: Flask, shelf: PaperShelf) -> None:
        self._app, self._shelf = app, shelf
        self._frame = functools.lru_cache(maxsize=64)(self._render_frame)
        self._question = functools.lru_cache(maxsize=KEPT)(self._render_question)

    def page(self, drawn: Sequence[Drawn], version: str, label: str, state: dict[str, Any]) -> str:
        """The page of a fetched paper, for the candidate of this request; `version` is of its pictures."""
        language, total = pages.language(), len(drawn)
        questions = [
            self._question(one, language, total, place == 1)
            .replace(str(POSITION), str(place)).replace(VERSION, version)
            for place, one in enumerate(drawn, 1)
        ]  # fmt: skip
        frame, csrf, nonce = self._frame(language, total)
        return (
            frame.replace(csrf, auth.csrf_token()).replace(nonce, pages.nonce())
            .replace(LABEL, escape(label))
            .replace(f'"{STATE}"', htmlsafe_json_dumps(state, dumps=self._app.json.dumps))
            .replace(QUESTIONS, "\n".join(questions))
        )  # fmt: skip

    def _render_question(self, one: Drawn, language: str, total: int, first: bool) -> str:
        """One wording in one order, in the language of this request, wherever it may come to stand."""
        item = self._shelf.item(POSITION, one)
        return render_template("exam/item.html", item=item, total=total, version=VERSION, first=first)

    def _render_frame(self, language: str, total: int) -> tuple[str, str, str]:
        """The page around the questions as a stranger would get it, and that stranger's token and nonce.

        A request of nobody, so that nothing of one candidate can ever stand in the page of another.
        """
        nobody = self._app.test_request_context(headers={"Cookie": f"language={language}"})
        with self._app.app_context(), nobody:
            html = render_template("exam/paper.html", questions=Markup(QUESTIONS), total=total,  # noqa: S704
                                   label=LABEL, state=STATE)  # fmt: skip
            return html, auth.csrf_token(), pages.nonce()
