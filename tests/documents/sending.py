"""Sending files as a browser and as a script do, and looking at what became of them."""

from __future__ import annotations

import io
from pathlib import Path

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from exam_server.db import Database
from exam_server.documents import files, service
from exam_server.documents.service import Held
from exam_server.models import AuditEntry, Document
from tests.client import Client


def send(client: Client, data: bytes, kind: str = "ktp", name: str = "ktp.jpg") -> TestResponse:
    """As the page's script does: refusals come as JSON."""
    return send_page(client, data, kind, name, Accept="application/json")


def send_page(
    client: Client, data: bytes, kind: str = "ktp", name: str = "ktp.jpg", **headers: str
) -> TestResponse:
    """As a browser without scripts does."""
    sent = FileStorage(io.BytesIO(data), name)
    # encoded here: the test client would leave its temporary file of a large body open
    boundary, body = encode_multipart({"file": sent, "csrf": client.csrf()})
    return client.client.post(
        f"/documents/{kind}", base_url=client.base_url, buffered=True, data=body, headers=headers,
        content_type=f'multipart/form-data; boundary="{boundary}"',
    )  # fmt: skip


def held(db: Database, account_id: int, kind: str = "ktp") -> Held | None:
    with db.read() as tx:
        return service.newest(tx, account_id).get(kind)


def folder(client: Client, db: Database, public_id: str) -> Path:
    """Where the files of this document lie."""
    with db.read() as tx:
        name = tx.scalars(sa.select(Document.stored_name).where(Document.public_id == public_id)).one()
    return files.place(client.house.settings.data_dir, name)


def trail(db: Database, act: str) -> list[AuditEntry]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id)))
