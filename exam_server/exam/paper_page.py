"""The paper page, filled instead of rendered: a whole sitting opens it within seconds, and only words differ.

Both templates are rendered once per language and shape, with marks where a paper's own words belong, and for
a stranger, so that nothing of one candidate can ever stand in the page of another. A page is then its words
put in the places of the marks; a test holds it against the templates rendered outright.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask, render_template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from exam_server import auth, pages
from exam_server.exam.papers import PaperShelf, ShownItem
from question_bank.blueprint import Drawn

POSITION = str(10**15 + secrets.randbelow(10**15))
"""The mark of a position: a number, because the address of a picture is made from it."""

RARE = secrets.token_hex(8)
"""Part of every other mark, so that no item's text can be taken for one."""

VERSION = f"{RARE}versionx"
KEPT = 8192
"""Questions kept ready, about 1.5 KB each: a bank of 300 items of four options has 7,200 orders."""


class Form:
    """A page with named gaps."""

    def __init__(self, html: str, marks: Mapping[str, str]) -> None:
        """`marks`: what stands in `html` in the place of each name."""
        gaps = {mark: f"%({name})s" for name, mark in marks.items()}
        found = re.compile("|".join(re.escape(mark) for mark in gaps))
        self._form = found.sub(lambda hit: gaps[hit[0]], html.replace("%", "%%"))

    def fill(self, words: Mapping[str, object]) -> str:
        """The page with `words` (HTML, safe already) in its gaps."""
        return self._form % words


class PaperPages:
    """The paper pages of one process; a form is made when it is first needed."""

    def __init__(self, app: Flask, shelf: PaperShelf) -> None:
        self._app, self._shelf = app, shelf
        self._page = functools.lru_cache(maxsize=64)(self._page_form)
        self._item = functools.lru_cache(maxsize=512)(self._item_form)
        self._question = functools.lru_cache(maxsize=KEPT)(self._question_form)

    def page(self, drawn: Sequence[Drawn], version: str, label: str, state: dict[str, Any]) -> str:
        """The page of a fetched paper, for the candidate of this request; `version` is of its pictures."""
        language, total, form = pages.language(), len(drawn), self._question
        questions = [
            form(one, language, total, place == 1).fill({"position": place, "version": version})
            for place, one in enumerate(drawn, 1)
        ]
        return self._page(language, total).fill({
            "questions": "\n".join(questions), "label": escape(label),
            "state": htmlsafe_json_dumps(state, dumps=self._app.json.dumps),
            "csrf": auth.csrf_token(), "nonce": pages.nonce(),
        })  # fmt: skip

    def _question_form(self, one: Drawn, language: str, total: int, first: bool) -> Form:
        """One wording in one order, whatever its position will be."""
        item = self._shelf.item(0, one)
        words = {f"option{place}": said for place, said in enumerate(item.options)}
        words |= {
            "stem": item.stem,
            "alt": escape(item.picture_alt),
            "position": POSITION,
            "version": VERSION,
        }
        form = self._item(language, total, len(item.options), item.has_picture, first)
        return Form(form.fill(words), {"position": POSITION, "version": VERSION})

    def _page_form(self, language: str, total: int) -> Form:
        marks = _marks("questions", "label", "state")
        with self._stranger(language):
            html = render_template("exam/paper.html", questions=Markup(marks["questions"]), total=total,  # noqa: S704
                                   label=marks["label"], state=marks["state"])  # fmt: skip
            own = {"csrf": auth.csrf_token(), "nonce": pages.nonce()}
        return Form(html, marks | own | {"state": f'"{marks["state"]}"'})

    def _item_form(self, language: str, total: int, options: int, has_picture: bool, first: bool) -> Form:
        places = [f"option{place}" for place in range(options)]
        marks = _marks("stem", "alt", *places)
        item = ShownItem(int(POSITION), marks["stem"], tuple(marks[place] for place in places), has_picture,
                         marks["alt"])  # fmt: skip
        with self._stranger(language):
            html = render_template("exam/item.html", item=item, total=total, version=VERSION,
                                   first=first)  # fmt: skip
        return Form(html, marks | {"position": POSITION, "version": VERSION})

    @contextmanager
    def _stranger(self, language: str) -> Iterator[None]:
        """A request of nobody, with nothing of the present one but its language."""
        asked = self._app.test_request_context(headers={"Cookie": f"language={language}"})
        with self._app.app_context(), asked:
            yield


def _marks(*names: str) -> dict[str, str]:
    return {name: f"{RARE}{name}x" for name in names}
