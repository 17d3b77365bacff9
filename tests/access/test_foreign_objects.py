"""Whoever asks for another person's or another office's thing finds nothing, and the trail keeps the try."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import AuditEntry, Base, Mail, Office, SecondFactor
from tests.client import Client
from tests.conftest import MakeApp
from tests.factories import START, add, add_account, add_official
from tests.routes import Cast, cast_of, routes

APPLICATION = "/screening/applications/<public_id>"
OBJECTS = {
    "GET /documents/<public_id>/thumbnail": "document",
    "GET /documents/<public_id>/pages/<int:page>": "document",
    "GET /documents/<public_id>/original": "document",
    "GET /requests/<public_id>": "help_request",
    "POST /requests/<public_id>/grant": "help_request",
    "POST /requests/<public_id>/refuse": "help_request",
    "GET /screening/<public_id>": "activity",
    "POST /screening/<public_id>/next": "activity",
    "GET /screening/<public_id>/bulk": "activity",
    "POST /screening/<public_id>/bulk": "activity",
    f"GET {APPLICATION}": "application",
    f"POST {APPLICATION}/claim": "application",
    f"POST {APPLICATION}/release": "application",
    f"POST {APPLICATION}/check": "application",
    f"POST {APPLICATION}/accept": "application",
    f"POST {APPLICATION}/correction": "application",
    f"POST {APPLICATION}/reject": "application",
    "GET /approvals/<public_id>": "approval",
    "POST /approvals/<public_id>/grant": "approval",
    "POST /approvals/<public_id>/refuse": "approval",
    "POST /approvals/<public_id>/withdraw": "approval",
    "GET /desk/sittings/<public_id>": "sitting",
    "POST /desk/sittings/<public_id>/proctors": "sitting",
    "GET /desk/sittings/<public_id>/move": "sitting",
    "POST /desk/sittings/<public_id>/move": "sitting",
    "GET /bank/item/<int:item_id>": "item",
    "GET /bank/item/<int:item_id>/edit": "item",
    "POST /bank/item/<int:item_id>/edit": "item",
    "POST /bank/item/<int:item_id>/review": "item",
    "POST /bank/item/<int:item_id>/state": "item",
    "GET /bank/picture/<sha256>": "picture",
    "GET /bank/imports/<public_id>": "import_draft",
    "POST /bank/imports/<public_id>/file": "import_draft",
    "POST /bank/imports/<public_id>/choices": "import_draft",
    "POST /bank/imports/<public_id>/import": "import_draft",
    "POST /bank/imports/<public_id>/discard": "import_draft",
    "POST /bank/imports/<public_id>/undo": "import_batch",
    "GET /bank/imports/<public_id>/progress": "import_draft",
    "GET /bank/imports/<public_id>/pictures/<sha256>": "import_draft",
    "GET /bank/blueprint/<public_id>": "activity",
    "POST /bank/blueprint/<public_id>": "activity",
    "GET /bank/blueprint/<public_id>/paper": "activity",
    "GET /results/<public_id>": "activity",
    "POST /results/<public_id>/open": "activity",
    "POST /results/<public_id>/freeze": "activity",
    "GET /results/<public_id>/list": "activity",
    "GET /results/<public_id>/what-if": "activity",
    "GET /results/<public_id>/criteria": "activity",
    "POST /results/<public_id>/criteria": "activity",
    "GET /results/<public_id>/quotas": "activity",
    "POST /results/<public_id>/quotas": "activity",
    "GET /results/<public_id>/marks": "activity",
    "POST /results/<public_id>/marks": "activity",
    "GET /results/<public_id>/person/<attempt>": "activity",
    "POST /results/<public_id>/person/<attempt>/mark": "activity",
    "POST /results/<public_id>/person/<attempt>/gate": "activity",
    "GET /results/<public_id>/corrections": "activity",
    "GET /results/<public_id>/corrections/version/<int:number>": "activity",
    "GET /results/<public_id>/corrections/new": "activity",
    "GET /results/<public_id>/corrections/preview": "activity",
    "POST /results/<public_id>/corrections/ask": "activity",
    "GET /results/<public_id>/analysis": "activity",
    "GET /results/<public_id>/analysis/fairness": "activity",
    "GET /results/<public_id>/analysis/items": "activity",
    "GET /results/<public_id>/analysis/items/<int:revision_id>": "activity",
    "GET /results/<public_id>/announcement": "activity",
    "GET /results/<public_id>/announcement/preview": "activity",
    "POST /results/<public_id>/announcement": "activity",
    "GET /results/<public_id>/archives": "activity",
    "POST /results/<public_id>/archives": "activity",
    "GET /results/<public_id>/archives/candidate": "activity",
    "GET /results/<public_id>/places": "activity",
    "GET /results/<public_id>/places/<attempt>": "activity",
    "POST /results/<public_id>/places/<attempt>/end": "activity",
    "GET /people/<public_id>": "account",
    "GET /minutes/<public_id>": "sitting",
    "POST /minutes/<public_id>/fix": "sitting",
    "GET /minutes/<public_id>/pdf": "sitting",
    "GET /minutes/<public_id>/content": "sitting",
    "GET /timeline/<public_id>": "attempt",
    "GET /attempts/<public_id>": "attempt",
    "POST /attempts/<public_id>/time": "attempt",
    "POST /attempts/<public_id>/accommodation": "attempt",
    "POST /attempts/<public_id>/rescue": "attempt",
    "POST /attempts/<public_id>/rescue/count": "attempt",
    "GET /attempts/sitting/<public_id>": "sitting",
    "POST /attempts/sitting/<public_id>/outage": "sitting",
    "POST /attempts/sitting/<public_id>/time": "sitting",
    "POST /staff/invitations/<public_id>/withdraw": "invitation",
    "POST /staff/invitations/<public_id>/resend": "invitation",
    "POST /staff/<public_id>/role": "account",
    "POST /staff/<public_id>/role/end": "account",
    "POST /staff/<public_id>/disable": "account",
    "POST /staff/<public_id>/second-factor/reset": "account",
}
"""Route -> what the trail calls the thing; an admin of another office asks for it."""

NOT_YET = {
    "GET /results/<public_id>/announcement/preview": "not_frozen",
    "POST /results/<public_id>/announcement": "policy_unknown",
    "POST /results/<public_id>/archives": "export_unknown",
    "GET /results/<public_id>/archives/candidate": "scores_not_opened",
}
"""What its own official hears instead of an answer, so early in a recruitment."""

CANDIDATES_OWN = [route for route, kind in OBJECTS.items() if kind == "document"]
"""Another candidate is not kept from these by the audience alone."""

EXCUSED = {
    "GET /desk/<slug>/office": "a public office; who is not its admin is told so (403)",
    "POST /desk/<slug>/office": "a public office; who is not its admin is told so (403)",
    "POST /desk/<slug>/desa": "a public office; who is not its admin is told so (403)",
    "GET /desk/<slug>/recruitments/new": "a public office; who is not its admin is told so (403)",
    "POST /desk/<slug>/recruitments/new": "a public office; who is not its admin is told so (403)",
    "GET /desk/<slug>/<int:year>": "a public office; who is not its admin is told so (403)",
    "GET /desk/<slug>/<int:year>/preview": "a public office; who is not its admin is told so (403)",
    "POST /desk/<slug>/<int:year>/publish": "a public office; who is not its admin is told so (403)",
    "GET /desk/<slug>/<int:year>/notice": "a public office; who is not its admin is told so (403)",
    "POST /desk/<slug>/<int:year>/notice": "a public office; who is not its admin is told so (403)",
    "GET /desk/<slug>/<int:year>/guides": "a public office; who is not its admin is told so (403)",
    "POST /desk/<slug>/<int:year>/guides": "a public office; who is not its admin is told so (403)",
    "GET /desk/<slug>/<int:year>/<section>": "a public office; who is not its admin is told so (403)",
    "POST /desk/<slug>/<int:year>/<section>": "a public office; who is not its admin is told so (403)",
    "GET /guides/<public_id>": "public; of a draft its own office's, see tests/recruitments",
    "GET /static/<path:filename>": "files of the program itself",
    "GET /offices/<slug>": "public",
    "GET /apply/<slug>": "a public office",
    "POST /apply/<slug>": "a public office",
    "GET /profile/<step>": "a step of one's own profile",
    "POST /profile/<step>": "a step of one's own profile",
    "POST /documents/<kind>": "one's own file of this kind",
    "GET /exam/picture/<int:position>": "a position of one's own paper",
    "GET /exam/picture/<int:position>/<sha256>": "the same; the hash only picks among its pictures",
    "GET /activate/<token>": "a signed link",
    "POST /activate/<token>": "a signed link",
    "GET /password/new/<token>": "a signed link",
    "POST /password/new/<token>": "a signed link",
    "GET /account/email/<token>": "a signed link, tied to the signed-in account",
    "POST /account/email/<token>": "a signed link, tied to the signed-in account",
    "GET /help/email/<token>": "a signed link",
    "POST /help/email/<token>": "a signed link",
    "GET /join/<token>": "a signed link",
    "GET /check/<token>": "a signed code; officials of another office are tried beside it",
    "POST /join/<token>": "a signed link",
    "GET /receipt/<code>": "a signed code, made to be shown to anybody; it names nobody",
    "GET /desk/<slug>/<int:year>/sittings": "a public office and year; who may not plan is told so (403)",
    "GET /desk/<slug>/<int:year>/sittings/seats": "as its page",
    "GET /desk/<slug>/<int:year>/sittings/series": "as its page",
    "POST /desk/<slug>/<int:year>/sittings/series": "as its page",
    "GET /board/<public_id>": "announced to everybody; who may not watch is told so (403)",
    "GET /board/<public_id>/snapshot": "as its board",
    "GET /board/<public_id>/wall": "as its board",
    "GET /board/<public_id>/progress": "as its board",
    "GET /board/<public_id>/photo/<attempt>": "as its board; see tests/board/test_board_photos.py",
    "POST /board/<public_id>/acts": "as its board; foreign attempts: tests/acts/test_act_reach.py",
    "GET /board/<public_id>/attention": "as its board; who is not its admin is told so (403)",
    "POST /board/<public_id>/attention": "as its board; who is not its admin is told so (403)",
    "GET /attempts/activity/<public_id>/offers": "as its board",
    "GET /outbox/<public_id>": "the demo's letters are every admin's to read; see below for production",
    "GET /results/<public_id>/archives/<export>/file": "as its page; another's: tests/archives",
    "GET /results/<public_id>/archives/<export>/progress": "as its page; another's: tests/archives",
    "GET /offices/<slug>/result": "public once it is announced",
    "GET /offices/<slug>/result.<kind>": "public once it is announced",
    "GET /verify/result/<code>": "public: the hash of something public",
    "GET /bank/export/<format>": "the bank of one's own office; another's is refused, see tests/questions",
    "GET /practice/picture/<int:position>": "the same pictures for everybody, made for practising",
}
"""Routes with a variable in their path which names nobody's thing, each with its reason."""


@pytest.fixture
def cast(db: Database) -> Cast:
    return cast_of(db)


@pytest.fixture
def stranger(app: Flask, db: Database, cast: Cast) -> tuple[Client, int]:
    """An admin of the other office, signed in, and the account's id."""
    with db.read() as tx:
        elsewhere = tx.scalars(sa.select(Office).where(Office.id != cast.scene.office.id)).one()
    account = add_official(db, "admin", elsewhere)
    return Client(app).sign_in(account.id), account.id


def refused(db: Database, account_id: int) -> list[str]:
    """What this account was refused, in the trail's words."""
    with db.read() as tx:
        rows = sa.select(AuditEntry).where(
            AuditEntry.act == "access.refused", AuditEntry.actor_id == account_id
        ).order_by(AuditEntry.id)  # fmt: skip
        return [row.object_kind for row in tx.scalars(rows)]


def everything(db: Database) -> dict[str, Any]:
    with db.read() as tx:
        return {table.name: tx.execute(sa.select(table)).all()
                for table in Base.metadata.sorted_tables if table.name != "audit"}  # fmt: skip


def test_every_route_with_a_variable_is_tried_or_excused(app: Flask) -> None:
    named = {route for route in routes(app) if "<" in route}
    assert named - set(OBJECTS) - set(EXCUSED) == set(), "whose thing is it, and who must not reach it?"
    assert (set(OBJECTS) | set(EXCUSED)) - named == set(), "these routes are gone"
    assert set(OBJECTS) & set(EXCUSED) == set()


def test_another_offices_official_finds_nothing_and_the_trail_keeps_the_try(
    app: Flask, db: Database, cast: Cast, stranger: tuple[Client, int]
) -> None:
    client, account_id = stranger
    for tries, route in enumerate(OBJECTS, 1):
        path = cast.path(route)
        before = everything(db)
        answer = ask(cast, client, route, path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found"), route
        kept = refused(db, account_id)
        assert (len(kept), kept[-1]) == (tries, OBJECTS[route]), route
        assert everything(db) == before, route


@pytest.mark.parametrize("route", CANDIDATES_OWN)
def test_another_candidate_finds_nothing_and_the_trail_keeps_the_try(
    app: Flask, db: Database, cast: Cast, route: str
) -> None:
    other = add_account(db).id
    answer = Client(app).sign_in(other).get_json(cast.path(route))
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert refused(db, other) == [OBJECTS[route]]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("route", OBJECTS)
def test_control_the_own_official_reaches_it(app: Flask, db: Database, cast: Cast, route: str) -> None:
    official = cast.client(app, "admin")
    answer = ask(cast, official, route, cast.path(route))
    reached = answer.status_code < 400 or answer.get_json()["code"] == NOT_YET.get(route)
    assert reached, answer.get_data(as_text=True)
    assert refused(db, cast.accounts["admin"]) == []


def test_what_is_not_there_is_nobodys_and_leaves_no_row(
    app: Flask, db: Database, cast: Cast, stranger: tuple[Client, int]
) -> None:
    client, account_id = stranger
    for route in OBJECTS:
        path = route.split()[1].replace("<public_id>", "tidak-ada").replace("<int:page>", "1")
        path = path.replace("<int:item_id>", "999999999").replace("<sha256>", "0" * 64)
        path = path.replace("<int:number>", "1").replace("<attempt>", "tidak-ada")
        answer = ask(cast, client, route, path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found"), route
        assert refused(db, account_id) == [], route


def test_nobody_reads_other_peoples_letters_in_production(
    make_app: MakeApp, db: Database, cast: Cast
) -> None:
    address = "https://ujian.example.go.id"
    secure = make_app(env="production", base_url=address, origins=(address,))
    chief = cast.accounts["superadmin"]
    add(db, SecondFactor(account_id=chief, secret="JBSWY3DPEHPK3PXP", confirmed_at=START, last_step=0))
    letter = add(
        db, Mail(recipient="a@surel.example", subject="x", body="y", written_at=START, next_at=START)
    )
    client = Client(secure).sign_in(chief)
    assert client.get("/requests").status_code == 200
    for path in ("/outbox", f"/outbox/{letter.public_id}"):
        assert client.get_json(path).get_json()["code"] == "not_found"


def ask(cast: Cast, client: Client, route: str, path: str) -> Any:
    if route.startswith("GET"):
        return client.get_json(path)
    return client.post(path, **cast.body(route))
