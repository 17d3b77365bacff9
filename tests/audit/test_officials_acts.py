"""Every act of an official on a candidate leaves who, what, when and why; trail and log name nobody."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from exam_server import auth
from exam_server.db import Database
from exam_server.models import AuditEntry, HelpRequest, Profile
from exam_server.recovery import lost_email
from tests.client import Client
from tests.factories import PASSWORD, START, add, add_account, make_nik, make_profile
from tests.routes import VIEWERS, Cast, cast_of, matrix

APPLICATION = "/screening/applications/<public_id>"
ACTS = {
    "POST /requests/<public_id>/grant": ("help.granted", "answer"),
    "POST /requests/<public_id>/refuse": ("help.refused", "answer"),
    f"POST {APPLICATION}/accept": ("application.accepted", ""),
    f"POST {APPLICATION}/correction": ("screening.correction", "fields"),
    f"POST {APPLICATION}/reject": ("screening.rejected", "reason_code"),
    "POST /board/<public_id>/attention": ("attention.on", ""),
    "POST /minutes/<public_id>/fix": ("minutes.fixed", ""),
    "POST /attempts/<public_id>/time": ("attempt.time_granted", "reason"),
    "POST /attempts/<public_id>/accommodation": ("attempt.time_granted", "reason"),
    "POST /attempts/<public_id>/rescue": ("rescue.loaded", ""),
    "POST /attempts/<public_id>/rescue/count": ("approval.asked", "reason"),
    "POST /attempts/sitting/<public_id>/outage": ("time.sitting_granted", "reason"),
    "POST /attempts/sitting/<public_id>/time": ("approval.asked", "reason"),
    "POST /results/<public_id>/corrections/ask": ("approval.asked", "reason"),
    "POST /results/<public_id>/open": ("scores.opened", ""),
    "POST /results/<public_id>/freeze": ("approval.asked", "reason"),
    "POST /results/<public_id>/criteria": ("criteria.recorded", ""),
    "POST /results/<public_id>/quotas": ("quota.recorded", ""),
    "POST /results/<public_id>/marks": ("marks.imported", ""),
    "POST /results/<public_id>/person/<attempt>/mark": ("mark.given", ""),
    "POST /results/<public_id>/person/<attempt>/gate": ("gate.checked", "reason"),
    "POST /results/<public_id>/places/<attempt>/end": ("place.withdrew", "reason"),
    "POST /approvals/<public_id>/grant": ("sitting.moved", "reason"),
    "POST /approvals/<public_id>/refuse": ("approval.refused", "reason"),
    "POST /approvals/<public_id>/withdraw": ("approval.withdrawn", "reason"),
    "POST /desk/sittings/<public_id>/move": ("approval.asked", "reason"),
    "POST /desk/sittings/<public_id>/proctors": ("sitting.proctor_assigned", ""),
    "POST /desk/<slug>/<int:year>/sittings/series": ("sittings.created", ""),
    "POST /staff/<public_id>/role/end": ("role.ended", "reason"),
    "POST /staff/<public_id>/disable": ("account.disabled", "reason"),
    "POST /staff/<public_id>/second-factor/reset": ("second_factor.reset", "reason"),
    "POST /staff/<public_id>/role": ("role.granted", ""),
    "POST /staff/invitations": ("invitation.sent", ""),
    "POST /staff/invitations/<public_id>/resend": ("invitation.resent", ""),
    "POST /staff/invitations/<public_id>/withdraw": ("invitation.withdrawn", ""),
    "POST /bank/several": ("bank.items_retired", ""),
    "POST /bank/new": ("bank.item_added", ""),
    "POST /bank/item/<int:item_id>/edit": ("bank.item_revised", "reason"),
    "POST /bank/item/<int:item_id>/review": ("bank.item_returned", "reason"),
    "POST /bank/item/<int:item_id>/state": ("bank.item_retired", ""),
    "POST /bank/imports": ("bank.file_read", ""),
    "POST /bank/imports/<public_id>/file": ("bank.file_read", ""),
    "POST /bank/imports/<public_id>/import": ("bank.imported", ""),
    "POST /bank/imports/<public_id>/discard": ("bank.file_discarded", ""),
    "POST /bank/imports/<public_id>/undo": ("bank.import_undone", ""),
    "POST /bank/blueprint/<public_id>": ("recruitment.saved", "fields"),
    "POST /desk/<slug>/office": ("office.changed", "fields"),
    "POST /desk/<slug>/desa": ("office.desa_replaced", ""),
    "POST /desk/<slug>/recruitments/new": ("recruitment.started", ""),
    "POST /desk/<slug>/<int:year>/publish": ("recruitment.published", ""),
    "POST /desk/<slug>/<int:year>/notice": ("notice.published", ""),
    "POST /desk/<slug>/<int:year>/guides": ("guide.added", "reason"),
    "POST /desk/<slug>/<int:year>/<section>": ("recruitment.changed", "reason"),
}
"""Route -> (act in the trail, where its reason stands; empty: what is done says why)."""

EXCUSED = {
    "POST /board/<public_id>/acts": "only tells what it would do; done: tests/acts/test_act_trail.py",
    "POST /bank/imports/<public_id>/choices": "labels of a file that is in no bank yet",
    "POST /bank/preview": "only shows what an item would look like; nothing is said about anybody",
    "POST /desk/offices/new": "superadmins only; its row is looked at in tests/recruitments",
    "POST /results/<public_id>/announcement": "needs a frozen list: tests/announcements/test_result_pages.py",
    "POST /results/<public_id>/archives": "needs opened scores; its rows: tests/archives/test_exports.py",
    "POST /account/second-factor": "one's own account",
    "POST /account/second-factor/remove": "one's own account",
    "POST /screening/<public_id>/next": "who works on it; nothing is said about the candidate",
    "POST /screening/<public_id>/bulk": "each of the accepted is an act of its own, as above",
    f"POST {APPLICATION}/claim": "who works on it; nothing is said about the candidate",
    f"POST {APPLICATION}/release": "who works on it; nothing is said about the candidate",
    f"POST {APPLICATION}/check": "kept per field with who and when; the trail keeps the last tick",
}
"""Officials' routes that decide nothing about a person, each with its reason."""

FORBIDDEN_WORDS = {
    "nik",
    "password",
    "token",
    "secret",
    "answer",
    "answers",
    "option",
    "responses",
    "email",
    "name",
}
"""What no detail of the trail has a place for."""


@pytest.fixture
def cast(db: Database) -> Cast:
    return cast_of(db)


def trail(db: Database) -> list[AuditEntry]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def of_officials() -> set[str]:
    """The unsafe routes that the matrix closes to candidates."""
    return {route for route, who in matrix().items() if route.startswith("POST") and who["candidate"] == "no"}


def test_every_route_on_which_officials_act_is_listed() -> None:
    assert of_officials() - set(ACTS) - set(EXCUSED) == set(), (
        "which row does it leave, and where is its reason?"
    )
    assert (set(ACTS) | set(EXCUSED)) - of_officials() == set(), "these routes are gone"


@pytest.mark.parametrize("route", ACTS)
def test_an_act_leaves_who_what_when_and_why(app: Flask, db: Database, cast: Cast, route: str) -> None:
    path, before = cast.path(route), len(trail(db))
    answer = cast.client(app, "admin").post(path, **cast.body(route))
    assert answer.status_code < 400, answer.get_data(as_text=True)
    act, why = ACTS[route]
    entry = next(row for row in trail(db)[before:] if row.act == act)
    assert (entry.actor_id, entry.at, entry.office_id) == (
        cast.accounts["admin"],
        START,
        cast.scene.office.id,
    )
    assert entry.object_id
    assert not why or reason(db, entry, why)


def reason(db: Database, entry: AuditEntry, why: str) -> Any:
    """In the row itself; of a request in its own row, which an erasure can reach and the trail seals."""
    if why != "answer":
        return entry.detail[why]
    with db.read() as tx:
        request = tx.get_one(HelpRequest, entry.object_id)
    return request.answer and entry.detail["answer_seal"]


def walked(app: Flask, db: Database, cast: Cast) -> set[str]:
    """Every route for every viewer (on PostgreSQL for who reaches most); what must be found nowhere then."""
    tokens = {cast.run.token}
    for viewer in VIEWERS if db.sqlite else ("admin",):
        for route in matrix():
            client = cast.client(app, viewer)
            tokens |= {client.token, client.csrf()}
            sent = cast.path(route)
            if "<token>" in route:
                tokens.add(sent.rpartition("/")[2])
            ask(client, route, sent, cast.body(route))
    with db.read() as tx:
        niks = {*tx.scalars(sa.select(Profile.nik)), *tx.scalars(sa.select(HelpRequest.nik))}
    return {one for one in {*niks, *tokens, PASSWORD} if one}


def ask(client: Client, route: str, path: str, body: dict[str, Any]) -> None:
    if route.startswith("GET"):
        client.get(path)
    else:
        client.post(path, **body)


def words(value: Any) -> set[str]:
    """Every name in a detail, however deep."""
    if isinstance(value, dict):
        return set(value) | {word for inner in value.values() for word in words(inner)}
    return {word for inner in value for word in words(inner)} if isinstance(value, list) else set()


def test_neither_the_trail_nor_the_log_carries_what_opens_doors_or_names_people(
    app: Flask, db: Database, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = walked(app, db, cast)
    assert len(canaries) > (len(VIEWERS) if db.sqlite else 2)
    rows = trail(db)
    assert len({row.act for row in rows}) > 8
    told = json.dumps([row.detail for row in rows])
    assert [canary for canary in canaries if canary in told or canary in caplog.text] == []
    assert re.findall(r"\b[0-9]{16}\b", told + caplog.text) == []
    assert {word for row in rows for word in words(row.detail)} & FORBIDDEN_WORDS == set()


def test_a_fault_in_the_log_carries_no_value_of_the_database(
    app: Flask, db: Database, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    nik = make_nik()
    add(db, make_profile(add_account(db).id, cast.scene.office.id, nik=nik))
    second = add_account(db).id

    @auth.open_to(auth.ANYONE)
    def careless() -> str:
        with db.write() as tx:
            tx.add(make_profile(second, cast.scene.office.id, nik=nik))
        return "never"

    app._got_first_request = False  # the fixture's workers run already
    app.add_url_rule("/careless", "careless", careless)
    assert Client(app).get("/careless").status_code == 500
    assert IntegrityError.__name__ in caplog.text
    assert nik not in caplog.text


def test_a_fault_behind_a_link_does_not_write_the_link_into_the_log(
    app: Flask, db: Database, cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(lost_email, "look", broken)
    assert Client(app).get(f"/help/email/{cast.email_link}").status_code == 500
    assert "GET /help/email/<token> failed" in caplog.text
    assert cast.email_link not in caplog.text
