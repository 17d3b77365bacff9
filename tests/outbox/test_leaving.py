"""The real server sends its letters, however its network calls wait."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exam_server import mail
from exam_server.db import Database
from exam_server.outbox.carrier import PATIENCE
from exam_server.schema import upgrade
from tests.mailbox import Mailbox
from tests.servers import ExamServer

LOOKS = 20
"""Pages that are asked for while the mail server keeps the postman waiting."""


def seconds_for_a_page(server: ExamServer) -> float:
    begun = time.monotonic()
    assert server.healthy()
    return time.monotonic() - begun


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An installation with one letter in its outbox."""
    db = Database(f"sqlite:///{tmp_path / 'exam.db'}")
    upgrade(db)
    with db.write() as tx:
        letter = mail.Letter("Halo", "Buka " + mail.link("/status"))
        mail.post(tx, letter, "ayu@surel.example", datetime.now(UTC))
    db.close()
    return tmp_path


@pytest.mark.parametrize(
    ("async_mode", "security"),
    [("eventlet", "smtp"), ("eventlet", "smtp+starttls"), ("eventlet", "smtps"), ("gevent", "smtps"),
     ("threading", "smtp+starttls")],
)  # fmt: skip
def test_letters_leave_and_pages_do_not_wait_for_a_slow_mail_server(
    database: Path, async_mode: str, security: str
) -> None:
    with Mailbox(security, ("kantor", "sandi")) as mailbox:
        asked: list[float] = []
        up = threading.Event()

        def look_at_pages(recipient: str) -> None:
            assert up.wait(PATIENCE), "the letter may leave before the server is known to be up"
            asked.extend(seconds_for_a_page(server) for _ in range(LOOKS))

        mailbox.at_the_door = look_at_pages
        env = {"MAIL_URL": mailbox.url.replace("127.0.0.1", "localhost"), "SSL_CERT_FILE": mailbox.ca_file}
        server = ExamServer(database, async_mode=async_mode, env=env)
        up.set()
        try:
            found = mailbox.wait_for("ayu@surel.example", "Halo")
        finally:
            server.close()
    assert found.links == [server.url + "/status"]
    assert len(asked) == LOOKS, "each was answered while the letter was still being handed over"


def test_a_mail_server_that_nobody_vouches_for_gets_nothing_from_the_real_server(database: Path) -> None:
    with Mailbox("smtps") as mailbox:
        server = ExamServer(database, async_mode="eventlet", env={"MAIL_URL": mailbox.url})
        try:
            end = time.monotonic() + 15
            while "mail server cannot be used" not in server.log and time.monotonic() < end:
                time.sleep(0.05)
            assert "CERTIFICATE_VERIFY_FAILED" in server.log
            assert mailbox.letters() == []
        finally:
            server.close()
