"""The analysis of a selection for its admins: overview, items, one item, papers and sittings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from exam_server import auth
from exam_server.analysis import charts, details, service, words
from exam_server.analysis.results import HALF, Analysis, ItemResult
from exam_server.analysis.service import Shelf, State
from exam_server.errors import NotFound
from exam_server.extensions import db, house, now
from exam_server.language import say
from exam_server.pages import language
from exam_server.questions.web import frame
from exam_server.ranking import ground as grounds
from exam_server.ranking.ground import Ground
from question_bank.validate import LETTERS

bp = Blueprint("analysis", __name__, url_prefix="/results/<public_id>/analysis")

MINUS = "\N{MINUS SIGN}"

SORTS: dict[str, Callable[[ItemResult], Any]] = {
    "signs": lambda one: (words.weight(one.flags), one.code),
    "code": lambda one: one.code,
    "answers": lambda one: one.numbers.n,
    "facility": lambda one: one.numbers.facility,
    "discrimination": lambda one: (one.numbers.discrimination is None, one.numbers.discrimination or 0.0),
}


@dataclass(frozen=True)
class Asked:
    """Whose analysis a page is about."""

    ground: Ground
    state: State
    analysis: Analysis


@bp.get("")
@auth.open_to(auth.STAFF)
def overview(public_id: str) -> ResponseReturnValue:
    asked = _asked(public_id, "overview")
    found = asked.analysis
    why = say(words.UNRELIABLE[found.unreliable], language()) if found.unreliable else ""  # type: ignore[index]
    counts = found.totals.histogram if found.totals else ()
    return render_template(
        "analysis/overview.html", why=why, chart=charts.histogram(counts), counts=charts.thin(counts),
        signs=sum(1 for one in found.items if not words.WEIGHTY.isdisjoint(flag.kind for flag in one.flags)),
        **_page(asked),
    )  # fmt: skip


@bp.get("/items")
@auth.open_to(auth.STAFF)
def items(public_id: str) -> ResponseReturnValue:
    """`sort` names a column, `down=1` turns it round."""
    asked = _asked(public_id, "items")
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else "signs"
    down = request.args.get("down") == "1"
    listed = sorted(asked.analysis.items, key=SORTS[sort], reverse=down)
    return render_template(
        "analysis/items.html", listed=listed, sort=sort, down=down, dots=charts.scatter(asked.analysis.items),
        weighty=words.WEIGHTY, **_page(asked),
    )  # fmt: skip


@bp.get("/items/<int:revision_id>")
@auth.open_to(auth.STAFF)
def item(public_id: str, revision_id: int) -> ResponseReturnValue:
    """One revision that somebody of this activity answered."""
    asked = _asked(public_id, "")
    one = service.item(asked.analysis, revision_id)
    wanted = details.wanted(db(), revision_id)
    _viewed(asked, "item", wanted.item_id)
    said = wanted.wording
    return render_template(
        "analysis/item.html", one=one, wanted=wanted, weighty=words.WEIGHTY,
        preview=frame(said.stem, said.options, said.picture, said.picture_alt),
        lines=charts.traces(one.numbers.options), **_page(asked),
    )  # fmt: skip


@bp.get("/fairness")
@auth.open_to(auth.STAFF)
def fairness(public_id: str) -> ResponseReturnValue:
    """Single candidates are told only after the scores were opened."""
    asked = _asked(public_id, "fairness")
    found = asked.analysis
    papers, pairs = found.papers, found.twins.pairs
    named = {one.attempt for one in papers.largest} if papers else set()
    named |= {attempt for pair in pairs for attempt in (pair.first, pair.second)}
    counts = papers.histogram if papers else ()
    return render_template(
        "analysis/fairness.html", chart=charts.histogram(counts, HALF),
        counts=[(value * HALF, count) for value, count in charts.thin(counts)],
        whiskers=charts.whiskers(found.sittings), rooms=details.rooms(db(), asked.ground.activity_id),
        numbers=details.numbers(db(), named) if asked.state.opened else {},
        named={one.numbers.revision: one.code for one in found.items},
        leaks=[one for one in found.drift.items if one.easier_later], **_page(asked),
    )  # fmt: skip


def _asked(public_id: str, page: str) -> Asked:
    """What `?version=` asks for, else the newest; raises NotFound. The trail keeps who looked."""
    ground = grounds.own(db(), public_id, auth.viewer(), now())
    wanted = request.args.get("version", "")
    if wanted and not re.fullmatch(r"[1-9][0-9]{0,5}", wanted):
        raise NotFound
    shelf: Shelf = current_app.extensions.setdefault("analyses", Shelf())
    state, analysis = house().run_blocking(
        service.look, db(), house().settings.database_url, shelf, ground.activity_id,
        int(wanted) if wanted else None,
    )  # fmt: skip
    asked = Asked(ground, state, analysis)
    if page:
        _viewed(asked, page)
    return asked


def _viewed(asked: Asked, page: str, item_id: int = 0) -> None:
    service.viewed(db(), asked.ground, page, asked.state.version, auth.viewer().id, now(), item_id)


def _page(asked: Asked) -> dict[str, Any]:
    """What every page of the analysis tells and is told with."""
    return {
        "ground": asked.ground, "state": asked.state, "found": asked.analysis, "zone": asked.ground.zone,
        "number": number, "percent": percent, "letters": LETTERS, "charts": charts,
        "told": lambda flag: words.told(flag, language(), lambda value: number(value, 0)),
    }  # fmt: skip


def number(value: float, digits: int = 2) -> str:
    """0,81"""
    # a rounded zero has no sign
    shown = round(value, digits) or 0.0
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return str(format_decimal(shown, pattern, locale=language())).replace("-", MINUS)


def percent(value: float, digits: int = 0) -> str:
    """81%"""
    return f"{number(100 * value, digits)}%"
