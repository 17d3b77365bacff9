"""What the pages of announcements share: one shelf and one press per process, and a page of a long list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from exam_server.announcements import downloads, method
from exam_server.announcements.document import OUTCOME, Row
from exam_server.announcements.press import Press
from exam_server.announcements.reading import Read, Shelf
from exam_server.pages import language

bp = Blueprint("announcements", __name__)

SHELF = Shelf()
PRESS = Press(SHELF)
"""What is kept in them is found by the name or hash of an announcement, and never changes."""

AT_ONCE = 200
"""Rows of one page."""

GROUPS = {"accepted": "accepted", "offered": "waiting", "reserve": "waiting", "not_accepted": "others"}


def sheet_of(read: Read, page: int = 1) -> dict[str, Any]:
    """What the template of an announcement needs: one page of its rows, group by group."""
    content, rows = read.content, read.content["rows"]
    pages = max(1, -(-len(rows) // AT_ONCE))
    number = min(max(page, 1), pages)
    shown = rows[(number - 1) * AT_ONCE : number * AT_ONCE]
    groups: dict[str, list[Row]] = {}
    for row in shown:
        groups.setdefault(GROUPS[row[OUTCOME]], []).append(downloads.cells(content, row, language()))
    counts: dict[str, int] = {}
    for row in rows:
        group = GROUPS[row[OUTCOME]]
        counts[group] = counts.get(group, 0) + 1
    return {
        "content": content, "sha256": read.sha256, "groups": groups, "counts": counts, "page": number,
        "pages": pages, "several": len(content["quotas"]) > 1, "said": told(read),
    }  # fmt: skip


@bp.app_template_filter("in_thousandths")
def in_thousandths(points: float) -> str:
    """87,250: all three places, so that ranks can be followed down a column."""
    return method.decimal(f"{points:.3f}", language())


def told(read: Read) -> list[str]:
    """The method as it was sealed, or in the reader's language."""
    content = read.content
    return list(content["method"]) if language() == "id" else method.sentences(content, language())
