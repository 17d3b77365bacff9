"""The demo's reading room: waiting letters, with links to follow; in production there is none."""

from __future__ import annotations

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from exam_server import auth
from exam_server.errors import Forbidden, NotFound
from exam_server.extensions import db, house, now
from exam_server.instants import ELSEWHERE
from exam_server.mail import ADDRESS
from exam_server.outbox import service

bp = Blueprint("outbox", __name__)
LINK = re.compile(re.escape(ADDRESS) + r"(/\S*)")


@bp.app_template_global()
def reads_letters() -> bool:
    """For the menu: does the viewer have this page?"""
    open_here = house().settings.env == "demo" and current_user.is_authenticated
    return bool(open_here and current_user.offices("admin") != [])


@bp.get("/outbox")
@auth.open_to(auth.STAFF)
def index() -> ResponseReturnValue:
    _must_be_open()
    letters, delivers = service.newest(db()), house().settings.mail_url is not None
    return render_template("outbox/index.html", letters=letters, zone=ELSEWHERE, now=now(), delivers=delivers)


@bp.get("/outbox/<public_id>")
@auth.open_to(auth.STAFF)
def letter(public_id: str) -> ResponseReturnValue:
    _must_be_open()
    found = service.one(db(), public_id)
    return render_template("outbox/letter.html", letter=found, pieces=pieces(found.body), zone=ELSEWHERE,
                           address=house().settings.base_url)  # fmt: skip


def pieces(body: str) -> list[tuple[str, bool]]:
    """The body in turn as text and as the path of a link to a page of this installation (true)."""
    parts = LINK.split(body)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def _must_be_open() -> None:
    """Links in letters open doors: only where everybody is fictive may somebody else read them."""
    if house().settings.env != "demo":
        raise NotFound
    if not reads_letters():
        raise Forbidden
