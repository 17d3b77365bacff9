"""Somebody who signs up, and what the server then holds."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.db import Database
from exam_server.models import Account
from tests.client import Client
from tests.factories import PASSWORD
from tests.signup.samples import letters_to, link_in

EMAIL = "ayu@surel.example"
TYPED = {"name": "Ayu Lestari", "email": EMAIL, "password": PASSWORD}


def sign_up(client: Client, **changed: str) -> TestResponse:
    return client.submit("/signup", **(TYPED | changed))


def accounts(db: Database) -> list[Account]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Account)))


def activation_link(db: Database, email: str = EMAIL) -> str:
    return link_in(letters_to(db, email)[-1], "/activate/")


def can_sign_in(app: Flask, password: str = PASSWORD, email: str = EMAIL) -> bool:
    return Client(app).post("/login", email=email, password=password).status_code == 303


KNOWN, WAITING, UNKNOWN = "aktif@surel.example", "menunggu@surel.example", "tidak-ada@surel.example"
