"""A page of the screening queue over 5,000 applications, beside an empty signed-in page."""

from __future__ import annotations

import contextlib

import sqlalchemy as sa

from bench.arena import COOKIE, DEVICE, NO_PASSWORD, Arena
from bench.figures import BenchError, micros, ratios
from bench.http_load import Browsers, get
from bench.paper import rates_of
from bench.stage import Stage
from exam_server.accounts import service as accounts
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.models import Activity, Office
from tests.screening.crowd import Place, add_crowd

CONNECTIONS = 16
APPLICATIONS = 5_000
ROWS = 50


async def measure(stage: Stage) -> None:
    """`screening.queue_page_us` and `screening.queue_page_over_empty`, on SQLite."""
    with contextlib.ExitStack() as running:
        empty = stage.floor(running, "empty_page")
        arena = stage.arenas["sqlite"].copied_to(stage.fresh_folder("screening"))
        path, cookie = _fill(arena)
        exam = stage.exam(running, arena)
        body, _ = get(exam.url + path, cookie)
        if body.count('<th scope="row">') != ROWS:
            raise BenchError(f"{path} did not show {ROWS} applications: {body[:300]!r}")
        signed_in = [get(f"{empty.url}/login/{number}")[1] for number in range(1, CONNECTIONS + 1)]
        rates = await rates_of(stage, [
            Browsers("queue", exam.url, path, [cookie] * CONNECTIONS),
            Browsers("empty", empty.url, "/page", signed_in),
        ])  # fmt: skip
    over = ratios(rates["queue"], rates["empty"])
    stage.report.add("screening.queue_page_us", micros(rates["queue"]), "us per page")
    stage.report.add("screening.queue_page_over_empty", over, "of the empty page's rate")


def _fill(arena: Arena) -> tuple[str, str]:
    """The address of a queue with APPLICATIONS, and the cookie of a screener of its office."""
    db, now = Database(arena.url), Clock().now()
    with db.read() as tx:
        activity = tx.scalars(sa.select(Activity).where(Activity.kind == "registration")).one()
        office = tx.get_one(Office, activity.office_id)
    add_crowd(db, Place(activity, office), APPLICATIONS, now)
    screener = accounts.register(db, "pemeriksa@bench.example", "Pemeriksa", NO_PASSWORD, now)
    accounts.grant_role(db, screener, "screener", office.id, now)
    cookie = f"{COOKIE}={accounts.open_session(db, screener, DEVICE, now)}"
    db.close()
    return f"/screening/{activity.public_id}?state=all", cookie
