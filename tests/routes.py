"""Every route, who may use it according to the checked-in matrix, and a request that fits it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.documents import files
from exam_server.models import Account, Document, Picture, SittingProctor
from tests.analysis.samples import add_answered
from tests.client import Client
from tests.corrections.samples import ask_form, preview_of
from tests.extra_time.samples import TIME_FORM, add_outage, add_rescue_file, rescue_file
from tests.factories import (
    HOUR,
    PASSWORD,
    START,
    Run,
    Scene,
    SignedIn,
    add,
    add_account,
    add_official,
    add_other_scene,
    add_running,
    add_scene,
    assign,
    make_document,
    make_item,
    make_picture,
)
from tests.imports.samples import add_import_batch, add_import_draft, imports_bodies, is_waiting, seen_of
from tests.messages.samples import add_message
from tests.placings.cast import END, PLACES, frozen_for
from tests.practice.samples import FACTS, add_practising
from tests.questions.samples import add_draft_item, add_planned
from tests.questions.samples import bodies as bank_bodies
from tests.ranking.cast import MINE as RANKING
from tests.ranking.cast import bodies as ranking_bodies
from tests.ranking.cast import stand_for
from tests.ranking.stand import Stand
from tests.recovery.samples import add_link, add_request
from tests.recruitments.samples import add_draft, add_guide, next_year
from tests.recruitments.samples import bodies as desk_bodies
from tests.restored import once
from tests.screening.cast import agree_to_all, file_application
from tests.selection.samples import card_token
from tests.signup.samples import activation_token, email_token, reset_token
from tests.sittings.samples import SERIES_FORM, add_empty_sitting, add_question, count_sittings
from tests.staff.samples import add_equipped, add_invitation, add_letter

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
        self.db = db
        self.scene: Scene = add_scene(db, items=0)
        items = [
            make_item(
                number,
                picture="peta.png",
                picture_alt="Peta",
                stem=f'Soal {number} <img src="peta.png" alt="Peta">',
            )
            for number in range(1, 5)
        ]
        bank.import_items(db, self.scene.office.id, items, {"peta.png": make_picture()}, START)
        self.run: Run = add_running(db, self.scene)
        self.timed, self.rescue, self.outage = self.run, "", ""
        add_account(db, PASSWORD, email=KNOWN_EMAIL)
        sent = make_document(self.run.candidate_id, "ijazah", media_type="application/pdf")
        seat = SignedIn(self.run.token, self.run.session_id)
        self.practice = add_practising(db, self.run.candidate_id, seat)
        with db.read() as tx:
            candidate = tx.get_one(Account, self.run.candidate_id)
        self.links = {
            "/activate/<token>": activation_token(add_account(db, activated_at=None)),
            "/password/new/<token>": reset_token(add_account(db)),
            "/account/email/<token>": email_token(candidate),
            "/check/<token>": card_token(db, self.run.candidate_id),
        }
        self.person = candidate.public_id
        self.document: Document = add(db, sent)
        self.request = add_request(db, self.scene.office)
        self.email_link = add_link(db, self.scene.office)
        self.letter = add_letter(db)
        self.guide = add_guide(db, self.scene.recruitment)
        _, self.links["/join/<token>"] = add_invitation(db, self.scene.office)
        self.application = file_application(db, self.scene, START).public_id
        elsewhere = add_other_scene(db)
        self.sitting = add_empty_sitting(db, self.scene)
        self.question = add_question(db, self.scene, sitting=self.sitting)
        proctor = add_official(db, "proctor", self.scene.office)
        self.proctor = proctor.public_id
        add(db, SittingProctor(sitting_id=self.scene.sitting.id, account_id=proctor.id, assigned_at=START))
        self.accounts = {
            "candidate": self.run.candidate_id,
            "proctor": proctor.id,
            "screener": add_official(db, "screener", self.scene.office).id,
            "admin": add_official(db, "admin", self.scene.office).id,
            "other": add_official(db, "proctor", elsewhere.office).id,
            "superadmin": add_official(db, "superadmin", None).id,
        }
        self.message = add_message(db, self.run, self.accounts["admin"])
        self.item = self._draft_item()
        self.waiting = self.imported = self._waiting()
        self.looked_at: Stand | None = None
        self.acted_on: Stand | None = None
        self.frozen: dict[str, str] = {}
        self.paths: dict[str, str] = {}

    def client(self, app: Flask, viewer: str) -> Client:
        """Signed in as that viewer; the candidate in the browser that holds the lease."""
        _lay_down(app, self.document)
        client = Client(app)
        if viewer == "candidate":
            client.set_cookie("exam", self.run.token)
        elif viewer != "anyone":
            client.sign_in(self.accounts[viewer])
        return client

    def path(self, route: str) -> str:
        """Where it is; what is only looked at stays the same thing."""
        if not route.startswith("GET"):
            return self._path(route)
        if route not in self.paths:
            self.paths[route] = self._path(route)
        return self.paths[route]

    def _path(self, route: str) -> str:
        values = {
            "slug": self.scene.office.slug,
            "public_id": self.scene.selection.public_id,
            "position": "1",
            "kind": "ktp",
            "page": "1",
            "step": "means",
            "filename": "common/live.js",
            "year": str(self.scene.recruitment.year),
            "section": "channels",
            "code": "TIDA-KADA-TIDA-KADA-TIDA",
            "attempt": self.run.public_id,
            "item_id": str(self._written(route)[0]) if route.split()[1].startswith("/bank/") else "",
            "format": "csv",
            "export": "tidak-ada-di-sini",
            "number": "1",
        }
        if "/bank/imports/" in route:
            values["public_id"] = self._import(route)
        if route == "POST /bank/blueprint/<public_id>":
            values["public_id"] = add_planned(self.db, self.scene)
        if route.endswith("/publish"):
            values["year"] = str(
                add_draft(self.db, self.scene.office, next_year(self.db, self.scene.office)).year
            )
        if "/guides/<" in route:
            values["public_id"] = self.guide.public_id
        if "/requests/" in route:
            values["public_id"] = self._request(route)
        if "/help/email/" in route:
            values["token"] = self.email_link if route.startswith("GET") else self._fresh_email_link()
        if route.split()[1] in self.links:
            values["token"] = self.links[route.split()[1]]
        if "/attempts/" in route and "/activity/" not in route:
            values["public_id"] = self._timed(route)
        if "/result.<kind>" in route:
            values["kind"] = "csv"
        if "/minutes/" in route:
            values["public_id"] = self._over() if route.startswith("POST") else self.scene.sitting.public_id
        if "/analysis/items/<" in route:
            values["revision_id"] = str(add_answered(self.db, self.scene))
        if route in RANKING:
            ranked = self._ranked(route)
            values["public_id"] = ranked.scene.selection.public_id
            values["attempt"] = ranked.people[0].run.public_id
        if route in PLACES:
            values |= self._frozen(route)
        if "/timeline/" in route:
            values["public_id"] = self.run.public_id
        if "/staff/" in route and "<public_id>" in route:
            values["public_id"] = self._official(route)
        if route == "POST /join/<token>":
            _, values["token"] = add_invitation(self.db, self.scene.office)
        if "/approvals/" in route:
            values["public_id"] = self._question(route)
        if "/desk/sittings/" in route:
            fresh = route.startswith("POST")
            values["public_id"] = (
                add_empty_sitting(self.db, self.scene) if fresh else self.sitting
            ).public_id
        if "/practice/picture/" in route:
            values["position"] = "2"
        if "<sha256>" in route:
            with self.db.read() as tx:
                values["sha256"] = tx.scalars(sa.select(Picture.sha256)).one()
        if "/outbox/" in route:
            values["public_id"] = self.letter
        if "/documents/" in route:
            values["public_id"] = self.document.public_id
        if "/people/" in route:
            values["public_id"] = self.person
        if "/screening/" in route:
            values["public_id"] = self._screened(route)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route.split()[1])
        if path.endswith("/corrections/preview"):
            return f"{path}?{urlencode(preview_of(self.db, self.scene))}"
        return path + (f"?sitting={self.scene.sitting.public_id}" if path == "/choose/confirm" else "")

    def body(self, route: str) -> dict[str, Any]:
        """What the route wants to be sent: form fields, or `json`."""
        mine = {"attempt": self.run.public_id, "lease": self.run.lease}
        practised = {"attempt": self.practice.public_id, "lease": self.practice.lease}
        item = {"position": 1, "seq": 1, "option": 1, "flagged": False}
        bodies: dict[str, dict[str, Any]] = {
            "POST /login": {"email": KNOWN_EMAIL, "password": PASSWORD},
            "POST /profile/<step>": {"devices": "smartphone", "experienced": "no"},
            "POST /signup": {"name": "Ayu", "email": "baru@surel.example", "password": PASSWORD},
            "POST /activation": {"email": KNOWN_EMAIL},
            "POST /password/forgotten": {"email": KNOWN_EMAIL},
            "POST /password/new/<token>": {"password": PASSWORD},
            "POST /choose": {"sitting": self.scene.sitting.public_id},
            "POST /documents/<kind>": {"file": (io.BytesIO(make_picture()), "ktp.png")},
            "POST /help": {
                "kind": "email",
                "name": "Rara",
                "nik": "3320011705980001",
                "email": "rara@surel.example",
                "office": self.scene.office.slug,
                "explanation": "Ponsel hilang.",
            },
            "POST /requests/<public_id>/grant": {"answer": "Cocok."},
            "POST /requests/<public_id>/refuse": {"answer": "Tidak cocok."},
            "POST /approvals/<public_id>/refuse": {"answer": "Belum perlu."},
            "POST /desk/<slug>/<int:year>/sittings/series": SERIES_FORM
            | {"act": "create", "seen": str(count_sittings(self.db, self.scene))},
            "POST /desk/sittings/<public_id>/proctors": {"person": self.proctor},
            "POST /desk/sittings/<public_id>/move": {
                "day": "2026-11-10",
                "starts": "08.00",
                "minutes": "120",
                "reason": "Listrik padam",
            },
            "POST /screening/<public_id>/bulk": {"count": "0"},
            "POST /screening/applications/<public_id>/check": {
                "version": "1",
                "field": "nik",
                "verdict": "agrees",
            },
            "POST /screening/applications/<public_id>/accept": {"version": "1"},
            "POST /screening/applications/<public_id>/correction": {
                "version": "1",
                "ask": "desa",
                "note-desa": "Tulis nama desa",
                "due": "2026-11-09T12:00",
            },
            "POST /screening/applications/<public_id>/reject": {
                "version": "1",
                "reason": "outside_requirements",
                "sure": "yes",
            },
            "POST /staff/invitations": {
                "name": "Rina",
                "email": "rina@kantor.example",
                "role": "proctor",
                "office": self.scene.office.slug,
            },
            "POST /staff/<public_id>/role": {"role": "screener", "office": self.scene.office.slug},
            "POST /staff/<public_id>/role/end": {
                "role": "proctor",
                "office": self.scene.office.slug,
                "reason": "Pindah tugas",
            },
            "POST /staff/<public_id>/disable": {"reason": "Pindah tugas"},
            "POST /staff/<public_id>/second-factor/reset": {"reason": "Ponsel hilang"},
            "POST /join/<token>": {"name": "Rina Lestari", "password": PASSWORD},
            "POST /attempts/<public_id>/time": TIME_FORM,
            "POST /attempts/<public_id>/accommodation": {"act": "grant", "reason": "Tunanetra"},
            "POST /attempts/<public_id>/rescue": {
                "file": (io.BytesIO(rescue_file(self.db, self.timed)), "penyelamat.json")
            },
            "POST /attempts/<public_id>/rescue/count": {"file": self.rescue, "reason": "Jaringan mati"},
            "POST /attempts/sitting/<public_id>/outage": {"outage": self.outage},
            "POST /attempts/sitting/<public_id>/time": TIME_FORM,
            "POST /results/<public_id>/places/<attempt>/end": END,
            "POST /exam/save": {"json": mine | {"items": [item]}},
            "POST /exam/submit": {"json": mine},
            "POST /exam/join": {"json": {"attempt": self.run.public_id}},
            "POST /exam/seen": {"json": mine | {"message": self.message}},
            "POST /exam/got": {"json": mine | {"messages": [self.message]}},
            "POST /board/<public_id>/acts": {
                "json": {"act": "message", "attempts": [self.run.public_id], "text": "Tenang"}
            },
            "POST /board/<public_id>/attention": {"page_events": "on"},
            "POST /practice/save": {"json": practised | {"items": [item]}},
            "POST /practice/submit": {"json": practised},
            "POST /practice/join": {"json": practised},
            "POST /practice/device": {"json": FACTS},
        }
        bodies |= bank_bodies(self.item)
        if route in RANKING:
            bodies |= ranking_bodies(self.acted_on or self._ranked(route))
        bodies |= imports_bodies(seen_of(self.db, self.imported) if route.endswith("/import") else "")
        if route.endswith("/corrections/ask"):
            return ask_form(self.db, self.scene)
        return bodies.get(route) or desk_bodies(self.db, self.scene).get(route, {})

    def _frozen(self, route: str) -> dict[str, str]:
        """A place; one that an act could end is a new one each time."""
        if route.startswith("POST"):
            return frozen_for(self.db, self.scene.office)
        self.frozen = self.frozen or frozen_for(self.db, self.scene.office)
        return self.frozen

    def _ranked(self, route: str) -> Stand:
        """An activity whose exam is over; one on which an act is done is a new one each time."""
        if route.startswith("POST"):
            self.acted_on = stand_for(self.db, self.scene.office, route)
            return self.acted_on
        self.looked_at = self.looked_at or stand_for(self.db, self.scene.office, route)
        return self.looked_at

    def _waiting(self) -> str:
        """A file that waits to be imported."""
        return add_import_draft(self.db, self.scene.office.id, self.accounts["admin"])

    def _import(self, route: str) -> str:
        """A file that waits, or an import; an act gets one that nobody else needs, and that still waits."""
        if route.endswith("/undo"):
            return add_import_batch(self.db, self.scene.office.id, self.accounts["admin"])
        if route.startswith("GET"):
            return self.waiting
        if self.imported == self.waiting or not is_waiting(self.db, self.imported):
            self.imported = self._waiting()
        return self.imported

    def _draft_item(self) -> tuple[int, str, int]:
        """Nobody's of the cast, so that each of them may review it."""
        return add_draft_item(self.db, self.scene.office.id, add_account(self.db).id)

    def _written(self, route: str) -> tuple[int, str, int]:
        """A draft item; one that an act could change is a new one each time."""
        if route.startswith("POST"):
            self.item = self._draft_item()
        return self.item

    def _timed(self, route: str) -> str:
        """The scene's sitting, or the running attempt; one on which an act is done is a new one each time."""
        if route.startswith("GET"):
            return self.scene.sitting.public_id if "/sitting/" in route else self.run.public_id
        if "/sitting/" in route:
            sitting = add_empty_sitting(self.db, self.scene, starts_at=START, ends_at=START + 2 * HOUR)
            assign(self.db, sitting.id, self.accounts["proctor"])
            add_running(self.db, replace(self.scene, sitting=sitting))
            self.outage = add_outage(self.db, START, 155).public_id
            return sitting.public_id
        self.timed = add_running(self.db, self.scene)
        if route.endswith("/count"):
            self.rescue = add_rescue_file(self.db, self.timed, self.accounts["superadmin"])
        return self.timed.public_id

    def _over(self) -> str:
        """A sitting that has ended, a new one each time: its berita acara is fixed once."""
        past = add_empty_sitting(self.db, self.scene, starts_at=START - 5 * HOUR, ends_at=START - 3 * HOUR)
        assign(self.db, past.id, self.accounts["proctor"])
        return past.public_id

    def _official(self, route: str) -> str:
        """Whom an act may stop is somebody new each time."""
        if "/invitations/" in route:
            return add_invitation(self.db, self.scene.office)[0]
        return add_equipped(self.db, self.scene.office).public_id

    def _question(self, route: str) -> str:
        """What is decided once is a new one each time; the admin of the cast takes back only their own."""
        if route.startswith("GET"):
            return self.question
        asker = self.accounts["admin"] if route.endswith("/withdraw") else None
        return add_question(self.db, self.scene, asker)

    def _request(self, route: str) -> str:
        """What is decided once is a new one each time."""
        if route.startswith("GET"):
            return self.request.public_id
        return add_request(self.db, self.scene.office).public_id

    def _screened(self, route: str) -> str:
        """The activity, or an application; one that an act could decide is a new one each time."""
        if "/applications/" not in route:
            return self.scene.registration.public_id
        if route.startswith("GET"):
            return self.application
        filed = file_application(self.db, self.scene, START)
        if route.endswith("/accept"):
            agree_to_all(self.db, filed, self.accounts["admin"], START)
        return filed.public_id

    def _fresh_email_link(self) -> str:
        return add_link(self.db, self.scene.office)

    def send(self, client: Client, route: str, csrf: str | None = None) -> TestResponse:
        if route.startswith("GET"):
            return client.get_json(self.path(route))
        return client.post(self.path(route), csrf=csrf, **self.body(route))


def cast_of(db: Database) -> Cast:
    """The cast in an empty database."""
    return once(db, "cast", lambda: Cast(db))


def _lay_down(app: Flask, document: Document) -> None:
    """The files of a row that was made without any."""
    folder = files.place(app.extensions["house"].settings.data_dir, document.stored_name)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("page-1.jpg", "thumb.jpg", files.ORIGINAL):
        if not (folder / name).exists():
            (folder / name).write_bytes(make_picture(kind="JPEG"))


def outcome(response: TestResponse) -> str:
    """The matrix's word for an answer; an answer it has no word for stays a number."""
    if response.status_code == 401 or "/login" in response.headers.get("Location", ""):
        return "login"
    if response.status_code == 403:
        return "no"
    return "yes" if response.status_code < 400 else str(response.status_code)
