"""Who may do what: every route against the matrix, CSRF, cookies, and sessions that end at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.http import parse_cookie

from exam_server import auth
from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.models import Base
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    PASSWORD,
    START,
    add_account,
    add_booked,
    add_official,
    add_scene,
    assign,
)
from tests.routes import KNOWN_EMAIL, VIEWERS, Cast, cast_of, matrix, outcome, routes

LAST = ["POST /exam/submit", "POST /exam/join", "POST /login", "POST /logout"]
"""What ends an exam, a lease or a session comes after everything that needs one."""


@pytest.fixture
def cast(db: Database) -> Cast:
    return cast_of(db)


def test_every_route_stands_in_the_matrix(app: Flask) -> None:
    assert routes(app) - set(matrix()) == set(), "say in route_matrix.txt who may use it"
    assert set(matrix()) - routes(app) == set()


def test_every_view_declares_its_audience(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items()
              if name != "static" and not hasattr(view, "__audience__")]  # fmt: skip
    assert silent == []


ON_BOTH = ("candidate", "admin")
"""Whoever else asks is turned away before a question that PostgreSQL could answer otherwise."""


@pytest.mark.parametrize(
    ("db", "viewer"),
    [("sqlite", viewer) for viewer in VIEWERS] + [("postgresql", viewer) for viewer in ON_BOTH],
    indirect=["db"],
)
def test_every_route_serves_whom_the_matrix_names(app: Flask, cast: Cast, viewer: str) -> None:
    wanted = {route: outcomes[viewer] for route, outcomes in matrix().items()}
    order = [route for route in wanted if route not in LAST] + LAST
    assert {route: outcome(cast.send(cast.client(app, viewer), route)) for route in order} == wanted


def test_a_view_that_declares_nothing_serves_nobody(app: Flask, cast: Cast) -> None:
    app._got_first_request = False  # the fixture's workers run already
    app.add_url_rule("/silent", "silent", lambda: "secret")
    assert {
        viewer: outcome(cast.client(app, viewer).get_json("/silent"))
        for viewer in ("anyone", "candidate", "admin")
    } == {
        "anyone": "login",
        "candidate": "no",
        "admin": "no",
    }


@pytest.mark.parametrize(
    "token", ["", "0" * 64, "kanari-é", "x" * 5000], ids=["missing", "invented", "letters", "huge"]
)
def test_no_unsafe_route_acts_without_the_token_of_a_page(app: Flask, cast: Cast, token: str) -> None:
    answers = {}
    for route, outcomes in matrix().items():
        if route.startswith("POST"):
            viewer = next((name for name, word in outcomes.items() if word not in ("login", "no")), "anyone")
            client = cast.client(app, viewer)
            client.csrf()  # a stranger has visited a page before
            answer = cast.send(client, route, csrf=token)
            answers[route] = (answer.status_code, answer.get_json()["code"])
    assert set(answers.values()) == {(400, "csrf_missing")}, answers


def test_the_token_of_one_person_is_no_use_to_another(app: Flask, cast: Cast) -> None:
    stranger = cast.client(app, "proctor").csrf()
    assert cast.client(app, "candidate").post("/exam/beat", csrf=stranger).status_code == 400
    assert cast.client(app, "candidate").post("/exam/beat").status_code == 200


def test_a_page_carries_the_token_that_its_forms_need(client: Client, cast: Cast) -> None:
    page = client.get("/login").get_data(as_text=True)
    token = page.split('<meta name="csrf" content="')[1].split('"')[0]
    assert client.post("/login", csrf=token, email=KNOWN_EMAIL, password=PASSWORD).status_code == 303


def test_a_token_outlives_the_longest_exam(client: Client, cast: Cast, clock: SetClock) -> None:
    client.set_cookie("exam", cast.run.token)
    token = client.csrf()
    for minutes in (61, 120):
        clock.pass_by(minutes=minutes)
        assert client.post("/exam/beat", csrf=token).status_code == 200


def fingerprint(db: Database) -> dict[str, Any]:
    """Every row but two kinds kept on purpose: that somebody looked at a file, and how often at receipts."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "audit"]
    with db.read() as tx:
        rows = {table.name: tx.execute(sa.select(table)).all() for table in tables}
    rows["throttle"] = [row for row in rows["throttle"] if not row.key.startswith("receipt:from:")]
    return rows


def test_looking_changes_nothing(app: Flask, db: Database, cast: Cast) -> None:
    waiting = add_booked(db, cast.scene)
    clients = [cast.client(app, viewer) for viewer in (VIEWERS if db.sqlite else ON_BOTH)]
    clients.append(Client(app))
    clients[-1].set_cookie("exam", waiting.token)
    looks = [route for route in matrix() if route.startswith("GET")]
    for route in looks:
        cast.path(route)  # what it is about is there from now on
    before = fingerprint(db)
    for client in clients:
        for route in looks:
            assert cast.send(client, route).status_code < 500
    assert fingerprint(db) == before


@pytest.fixture
def person(db: Database) -> int:
    add_scene(db, items=0)
    return add_account(db, PASSWORD, email=KNOWN_EMAIL).id


def sign_in(client: Client, **changed: str) -> Any:
    return client.post("/login", **({"email": KNOWN_EMAIL, "password": PASSWORD} | changed))


def cookies(response: Any) -> dict[str, str]:
    return {line.split("=", 1)[0]: line for line in response.headers.getlist("Set-Cookie")}


def test_cookies_in_production_are_pinned_to_host_and_tls(secure_client: Client, person: int) -> None:
    for answer, name in (
        (secure_client.get("/login"), "__Host-visit"),
        (sign_in(secure_client), "__Host-exam"),
    ):
        parts = {part.strip().lower() for part in cookies(answer)[name].split(";")[1:]}
        assert parts == {"secure", "httponly", "samesite=lax", "path=/"}


def test_cookies_of_the_demo_are_kept_from_scripts_too(client: Client, person: int) -> None:
    parts = {part.strip().lower() for part in cookies(sign_in(client))["exam"].split(";")[1:]}
    assert parts == {"httponly", "samesite=lax", "path=/"}


def test_signing_in_trims_what_was_copied_along(client: Client, person: int) -> None:
    assert sign_in(client, email=f"  {KNOWN_EMAIL.upper()} ", password=f" {PASSWORD}\n").status_code == 303


@pytest.mark.parametrize(
    ("email", "password"), [(KNOWN_EMAIL, "salah"), ("tidak-ada@surel.example", PASSWORD), ("", "")]
)
def test_wrong_credentials_look_the_same_whoever_was_meant(
    client: Client, person: int, email: str, password: str
) -> None:
    answer = sign_in(client, email=email, password=password)
    assert answer.status_code == 401
    assert "exam" not in cookies(answer)
    page, other = answer.get_data(as_text=True), sign_in(client, email="x@y.example").get_data(as_text=True)
    assert password not in page or not password
    assert abs(len(page) - len(other)) < 100


def test_a_planted_session_is_not_taken_over_at_sign_in(client: Client, person: int) -> None:
    client.set_cookie("exam", "planted-by-somebody")
    assert sign_in(client).status_code == 303
    assert client.token != "planted-by-somebody"
    stranger = Client(client.app)
    stranger.set_cookie("exam", "planted-by-somebody")
    assert stranger.get_json("/status").status_code == 401


def test_signing_out_kills_the_session_itself(client: Client, person: int) -> None:
    client.sign_in(person)
    token = client.token
    assert client.get_json("/status").status_code == 200
    assert client.post("/logout").status_code == 303
    assert client.token == ""
    client.set_cookie("exam", token)
    assert client.get_json("/status").status_code == 401


def test_signing_out_twice_is_no_error(client: Client, person: int) -> None:
    assert client.post("/logout").status_code == 303
    assert client.post("/logout").status_code == 303


def test_disabling_acts_on_the_next_request(client: Client, db: Database, person: int) -> None:
    client.sign_in(person)
    assert client.get_json("/status").status_code == 200
    accounts.disable(db, person, START)
    assert client.get_json("/status").status_code == 401


def test_a_new_role_acts_on_the_next_request(client: Client, db: Database, person: int) -> None:
    client.sign_in(person)
    assert client.get_json("/board").status_code == 403
    accounts.grant_role(db, person, "superadmin", None, START)
    assert client.get_json("/board").status_code == 200
    assert client.get_json("/status").status_code == 403


def test_an_ended_role_is_no_role(client: Client, db: Database) -> None:
    scene = add_scene(db, items=0)
    official = add_official(db, "proctor", scene.office)
    assign(db, scene.sitting.id, official.id)
    client.sign_in(official.id)
    assert client.get_json(f"/board/{scene.selection.public_id}").status_code == 200
    with db.write() as tx:
        tx.execute(sa.text("UPDATE role_grant SET ended_at = granted_at"))
    assert client.get_json(f"/board/{scene.selection.public_id}").status_code == 403


def test_an_idle_browser_is_asked_again_and_led_back(client: Client, person: int, clock: SetClock) -> None:
    client.sign_in(person)
    clock.at += accounts.SESSION_LIFE
    answer = client.get("/status")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/status"


ELSEWHERE = (
    "https://jahat.example",
    "//jahat.example",
    "///jahat.example",
    "/\\jahat.example",
    "\\\\jahat.example",
    "/\t/jahat.example",
    "/\n/jahat.example",
    "/\r/jahat.example",
    "\t//jahat.example",
    "javascript:alert(1)",
    "jahat.example",
    "http:jahat.example",
    " //jahat.example",
    "/ /jahat.example",
    "",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_host(client: Client, person: int, target: str) -> None:
    for answer in (sign_in(client, next=target), client.post("/language", language="en", next=target)):
        assert answer.status_code == 303
        location = answer.headers["Location"]
        as_browsers_read_it = "".join(c for c in location if c not in "\t\r\n").replace("\\", "/").strip()
        assert not as_browsers_read_it.startswith("//")
        assert urlsplit(as_browsers_read_it).netloc in ("", "localhost")
        assert as_browsers_read_it.startswith("/")


def test_who_came_from_a_page_is_led_back_to_it(client: Client, person: int) -> None:
    assert sign_in(client, next="/exam?from=mail").headers["Location"] == "/exam?from=mail"


def test_a_refusal_is_json_for_programs_and_a_page_for_people(client: Client, person: int) -> None:
    told = client.get_json("/exam").get_json()
    assert (told["ok"], told["code"]) == (False, "sign_in_needed")
    assert told["now"] == int(START.timestamp() * 1000)
    page = client.get("/offices/tidak-ada")
    assert page.status_code == 404
    assert page.mimetype == "text/html"
    assert "Kantor ini tidak terdaftar" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/tidak-ada", "/.env", "/../config.py", "/static/../config.py", "/static/%2e%2e/config.py"]
)
def test_what_is_not_there_is_a_calm_404(client: Client, person: int, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_forwarded_address_is_believed_only_from_a_trusted_proxy(client: Client, person: int) -> None:
    answer = client.get(
        "/status", headers={"X-Forwarded-Host": "jahat.example", "X-Forwarded-Proto": "https"}
    )
    assert "jahat" not in answer.headers["Location"]


def test_a_form_that_is_too_large_is_refused(client: Client, person: int) -> None:
    assert sign_in(client, email="x" * 2_000_000).status_code == 413


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "é" * 50, "'; DROP TABLE account; --", "%00", "\N{GRINNING FACE}"]
)
def test_odd_characters_break_nothing(client: Client, person: int, text: str) -> None:
    assert sign_in(client, email=text).status_code in (400, 401)
    assert client.get(f"/offices/{text.replace('%', '%25').replace(chr(0), '%00')}").status_code in (400, 404)


def test_a_superadmin_may_everything_and_a_role_only_its_office() -> None:
    def viewer(*roles: tuple[str, int | None]) -> auth.Viewer:
        return auth.Viewer(1, 1, "x", "x", frozenset(roles))

    assert viewer(("superadmin", None)).may(7, "proctor")
    assert viewer(("proctor", 7)).may(7, "proctor", "admin")
    assert not viewer(("proctor", 8)).may(7, "proctor")
    assert not viewer(("screener", 7)).may(7, "proctor")
    assert viewer().is_candidate
    assert not viewer(("screener", 7)).is_candidate


def test_the_language_is_kept_and_nothing_else(client: Client, person: int) -> None:
    assert parse_cookie(cookies(client.post("/language", language="en"))["language"])["language"] == "en"
    assert "language" not in cookies(client.post("/language", language="<script>"))
