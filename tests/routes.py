"""Every route, who may use it according to the checked-in matrix, and a request that fits it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from exam_server.bank import service as bank
from exam_server.db import Database
from tests.client import Client
from tests.factories import (
    PASSWORD,
    START,
    Run,
    Scene,
    add_account,
    add_official,
    add_other_scene,
    add_running,
    add_scene,
    make_item,
    make_picture,
)

MATRIX = Path(__file__).with_name("route_matrix.txt")
VIEWERS = ("anyone", "candidate", "proctor", "screener", "admin", "other", "superadmin")
KNOWN_EMAIL = "sudah-terdaftar@surel.example"


def matrix() -> dict[str, dict[str, str]]:
    """route ("POST /login") -> viewer -> outcome"""
    lines = [line for line in MATRIX.read_text().splitlines() if line and line[0] not in "#r"]
    found = {}
    for line in lines:
        method, path, *outcomes = line.split()
        found[f"{method} {path}"] = dict(zip(VIEWERS, outcomes, strict=True))
    return found


def routes(app: Flask) -> set[str]:
    return {f"{method} {rule.rule}" for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}  # fmt: skip


class Cast:
    """One person per kind of viewer, and one running exam whose every item has a picture."""

    def __init__(self, db: Database) -> None:
        self.scene: Scene = add_scene(db, items=0)
        items = [make_item(number, picture="peta.png", picture_alt="Peta") for number in range(1, 5)]
        bank.import_items(db, self.scene.office.id, items, {"peta.png": make_picture()}, START)
        self.run: Run = add_running(db, self.scene)
        add_account(db, PASSWORD, email=KNOWN_EMAIL)
        elsewhere = add_other_scene(db)
        self.accounts = {
            "candidate": self.run.candidate_id,
            "proctor": add_official(db, "proctor", self.scene.office).id,
            "screener": add_official(db, "screener", self.scene.office).id,
            "admin": add_official(db, "admin", self.scene.office).id,
            "other": add_official(db, "proctor", elsewhere.office).id,
            "superadmin": add_official(db, "superadmin", None).id,
        }

    def client(self, app: Flask, viewer: str) -> Client:
        """Signed in as that viewer; the candidate in the browser that holds the lease."""
        client = Client(app)
        if viewer == "candidate":
            client.set_cookie("exam", self.run.token)
        elif viewer != "anyone":
            client.sign_in(self.accounts[viewer])
        return client

    def path(self, route: str) -> str:
        values = {
            "slug": self.scene.office.slug,
            "public_id": self.scene.selection.public_id,
            "position": "1",
            "filename": "common/live.js",
        }
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route.split()[1])
        return path + (f"?sitting={self.scene.sitting.public_id}" if path == "/choose/confirm" else "")

    def body(self, route: str) -> dict[str, Any]:
        """What the route wants to be sent: form fields, or `json`."""
        mine = {"attempt": self.run.public_id, "lease": self.run.lease}
        item = {"position": 1, "seq": 1, "option": 1, "flagged": False}
        bodies: dict[str, dict[str, Any]] = {
            "POST /login": {"email": KNOWN_EMAIL, "password": PASSWORD},
            "POST /choose": {"sitting": self.scene.sitting.public_id},
            "POST /exam/save": {"json": mine | {"items": [item]}},
            "POST /exam/submit": {"json": mine},
            "POST /exam/join": {"json": {"attempt": self.run.public_id}},
        }
        return bodies.get(route, {})

    def send(self, client: Client, route: str, csrf: str | None = None) -> TestResponse:
        if route.startswith("GET"):
            return client.get_json(self.path(route))
        return client.post(self.path(route), csrf=csrf, **self.body(route))


def outcome(response: TestResponse) -> str:
    """The matrix's word for an answer; an answer it has no word for stays a number."""
    if response.status_code == 401 or "/login" in response.headers.get("Location", ""):
        return "login"
    if response.status_code == 403:
        return "no"
    return "yes" if response.status_code < 400 else str(response.status_code)
