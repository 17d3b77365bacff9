"""What every answer says to the browser: nothing foreign, nothing inline, nothing kept, nobody's frame."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from exam_server.db import Database
from exam_server.offices import service as offices
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import HOUR, Run, add_accepted, add_booked, add_running
from tests.routes import Cast, cast_of, matrix

SELF_LABELLED = ("hidden", "submit", "radio", "checkbox")
NO_ICON = "data:,"
DRAWN_HERE = "data:image/svg+xml;"
"""A picture inside the page: a QR code, which no other place could draw without learning its secret."""
Tags = list[tuple[str, dict[str, str | None]]]


class Page(HTMLParser):
    """Collects what a browser would run, load or send."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Tags = []
        self._in_label = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_label = self._in_label or tag == "label"
        self.tags.append((tag, dict(attrs) | ({"in label": "yes"} if self._in_label else {})))

    def handle_endtag(self, tag: str) -> None:
        self._in_label = self._in_label and tag != "label"


def policy(answer: TestResponse) -> dict[str, list[str]]:
    header = answer.headers["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in header.split(";") if part.strip()}


@pytest.fixture
def cast(db: Database) -> Cast:
    return cast_of(db)


@pytest.fixture
def pages(app: Flask, db: Database, cast: Cast, clock: SetClock) -> dict[str, str]:
    """Every page as a person sees it: name -> HTML, its policy checked on the way."""
    accepted, booked = add_accepted(db, cast.scene), add_booked(db, cast.scene)
    shown: dict[str, str] = {}

    def look(client: Client, *paths: str, note: str = "") -> None:
        for path in paths:
            answer = client.get(path)
            assert answer.status_code in (200, 404), (path, answer.status_code)
            shown[f"{path} {note}"] = check(answer)

    public = ("/", "/offices/jepara", "/signup", "/activation", "/password/forgotten", "/tidak-ada")
    look(Client(app), *public, "/login")
    look(Client(app).sign_in(accepted.id), *public, "/account", "/status", "/choose", note="accepted")
    look(Client(app).sign_in(accepted.id), f"/choose/confirm?sitting={cast.scene.sitting.public_id}")
    look(Client(app).sign_in(booked.candidate_id), "/status", "/booking", "/exam", note="booked")
    look(cast.client(app, "candidate"), "/", "/status", "/exam", note="running")
    for viewer in ("proctor", "admin", "superadmin"):
        look(cast.client(app, viewer), "/account", "/account/second-factor", note=viewer)
        look(cast.client(app, viewer), "/", "/board", f"/board/{cast.scene.selection.public_id}", note=viewer)
    queue, application = (
        f"/screening/{cast.scene.registration.public_id}",
        f"/screening/applications/{cast.application}",
    )
    look(cast.client(app, "screener"), "/screening", queue, f"{queue}/bulk", application, note="screener")
    clock.at += 3 * HOUR
    look(cast.client(app, "candidate"), "/exam", note="closed")
    look(Client(app).sign_in(booked.candidate_id), "/exam", note="absent")
    return shown


def check(answer: TestResponse) -> str:
    """The page, after its own headers allowed everything in it and nothing else."""
    text: str = answer.get_data(as_text=True)
    allowed = policy(answer)
    nonces = set(re.findall(r"'nonce-([^']+)'", " ".join(allowed["script-src"])))
    for tag, attributes in Page(text).tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (
            tag,
            attributes,
        )
        if tag in ("script", "style"):
            inline = "src" not in attributes and attributes.get("type") != "application/json"
            assert not inline or attributes.get("nonce") in nonces, (tag, attributes)
        for name in ("src", "href", "action", "srcset"):
            target = attributes.get(name) or ""
            drawn = tag == "img" and target.startswith(DRAWN_HERE)
            if tag != "a" and target != NO_ICON and not drawn:
                assert not re.match(r"(?:https?:)?//|data:|javascript:", target), (tag, attributes)
            assert not target.lower().startswith("javascript:")
    return text


def test_every_page_obeys_its_own_policy_and_keeps_the_house_rules(pages: dict[str, str]) -> None:
    assert len(pages) >= 20
    for name, text in pages.items():
        tags = Page(text).tags
        must_have_language_title_and_token(name, tags)
        must_carry_tokens_in_forms(name, text)
        must_label_fields_and_pictures(name, tags)
        must_hold_no_key(name, text)


def must_have_language_title_and_token(name: str, tags: Tags) -> None:
    assert [attributes.get("lang") for tag, attributes in tags if tag == "html"] == ["id"], name
    assert [tag for tag, _ in tags].count("title") == 1, name
    metas = {attributes.get("name"): attributes.get("content") for tag, attributes in tags if tag == "meta"}
    assert metas.get("csrf"), name


def must_carry_tokens_in_forms(name: str, text: str) -> None:
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.IGNORECASE | re.DOTALL):
        assert 'name="csrf"' in form, (name, form[:200])


def must_label_fields_and_pictures(name: str, tags: Tags) -> None:
    labelled = {attributes.get("for") for tag, attributes in tags if tag == "label"}
    for tag, attributes in tags:
        assert tag != "img" or "alt" in attributes, name
        bare = tag in ("input", "select", "textarea") and attributes.get("type") not in SELF_LABELLED
        labels = attributes.get("id") in labelled or attributes.get("aria-label") or "in label" in attributes
        assert not bare or labels, (name, attributes)


def must_hold_no_key(name: str, text: str) -> None:
    assert "Pembahasan" not in text, name
    assert not re.search(r'"(key|accepted|kunci|explanation)"', text), name


def test_nothing_is_allowed_that_is_not_needed(client: Client, cast: Cast) -> None:
    allowed = policy(client.get("/"))
    assert allowed["default-src"] == ["'none'"]
    for name in ("base-uri", "object-src", "frame-ancestors"):
        assert allowed[name] == ["'none'"]
    everything = [source for sources in allowed.values() for source in sources]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & set(everything)
    assert set(allowed["connect-src"]) == {"'self'", "ws://localhost"}


def test_a_nonce_is_used_once(client: Client, cast: Cast) -> None:
    sources = {" ".join(policy(client.get("/login"))["script-src"]) for _ in range(5)}
    assert len(sources) in (1, 5)
    if len(sources) == 1:
        assert "nonce" not in sources.pop(), "a page without inline scripts needs none"


def test_every_route_answers_with_the_same_guards(app: Flask, cast: Cast) -> None:
    client = cast.client(app, "candidate")
    for route in matrix():
        if route.startswith("GET"):
            headers = cast.send(client, route).headers
            assert headers["X-Content-Type-Options"] == "nosniff", route
            assert headers["Referrer-Policy"] == "same-origin", route
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", route
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin", route
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], route
            assert "Strict-Transport-Security" not in headers, "the demo has no TLS"
            kept = headers.get("Cache-Control", "")
            assert "no-store" in kept or "static" in route or "private" in kept, route


def test_production_insists_on_tls(secure_client: Client, cast: Cast) -> None:
    headers = secure_client.get("/").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "wss://ujian.example.go.id" in headers["Content-Security-Policy"]
    assert "ws://" not in headers["Content-Security-Policy"].replace("wss://", "")


def test_errors_carry_the_guards_too(client: Client, cast: Cast) -> None:
    for answer in (client.get("/tidak-ada"), client.post("/exam/save", csrf=""), client.get_json("/exam")):
        assert answer.status_code >= 400
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_picture_is_kept_by_the_browser_of_its_candidate_only(app: Flask, cast: Cast) -> None:
    answer = cast.client(app, "candidate").get("/exam/picture/1")
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "private, max-age=7200"


@pytest.mark.usefixtures("broken_lookup")
def test_a_fault_of_ours_says_nothing_about_itself(app: Flask) -> None:
    for path in ("/", "/healthz"):
        answer = Client(app).get(path)
        assert answer.status_code == 500
        text = answer.get_data(as_text=True)
        assert "kanari-rahasia" not in text
        assert "Traceback" not in text


def test_a_database_that_is_away_is_told_as_a_disturbance(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(offices, "offices", away)
    answer = client.get_json("/healthz")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_unavailable")


@pytest.fixture
def broken_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("kanari-rahasia")

    monkeypatch.setattr(offices, "offices", fail)
    monkeypatch.setattr(offices, "headlines", fail)


def test_a_candidate_finds_only_the_own_attempt(app: Flask, db: Database, cast: Cast) -> None:
    neighbour: Run = add_running(db, cast.scene)
    text = cast.client(app, "candidate").get("/exam").get_data(as_text=True)
    assert cast.run.public_id in text
    assert neighbour.public_id not in text
