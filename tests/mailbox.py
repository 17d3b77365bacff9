"""A real mail server on this machine that keeps what it is given, for the postman and for browser journeys.

    with Mailbox() as mailbox:
        server = ExamServer(folder, env={"MAIL_URL": mailbox.url})
        ...                                          # a person asks for something that is told by mail
        found = mailbox.wait_for("ayu@surel.example", "aktif")
        page.goto(found.links[0])

For tests that look at failures: `answers["budi@surel.example"] = "550 unknown"` refuses one recipient
("DATA 554" once the letter was told), `breaks` names those at whom the line breaks, `down()` and `up()`
take the server away and bring it back. `security` is `smtp`, `smtp+starttls` or `smtps` (its certificate
has only `ca_file` to vouch for it: give that as SSL_CERT_FILE), `login` a (user, password) to ask for,
`at_the_door` something to do while a letter is being handed over.
"""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.processes import free_port, missing

WITHIN = 60.0
"""Seconds in which a letter is expected."""


@dataclass(frozen=True)
class Found:
    """A letter as a person reads it; `links` are the addresses in its text, in their order."""

    subject: str
    text: str
    links: list[str]
    message: EmailMessage


class Mailbox:
    """Listens from the moment it is made until `close()`; use it with `with`."""

    def __init__(self, security: str = "smtp", login: tuple[str, str] | None = None) -> None:
        self._security, self._login = security, login
        self._folder = Path(tempfile.mkdtemp(prefix="mailbox-"))
        self._context = _own_certificate(self._folder) if security != "smtp" else None
        self._lock = threading.Lock()
        self._kept: list[tuple[str, EmailMessage]] = []
        self.port = free_port()
        self.answers: dict[str, str] = {}
        self.breaks: set[str] = set()
        self.at_the_door: Callable[[str], None] = lambda recipient: None
        self._controller: Controller | None = None
        self.up()

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """For MAIL_URL."""
        who = "".join(
            quote(part, safe="") + sign for part, sign in zip(self._login or (), ":@", strict=False)
        )
        return f"{self._security}://{who}127.0.0.1:{self.port}"

    @property
    def ca_file(self) -> str:
        """Who vouches for this server's certificate."""
        return str(self._folder / "certificate.pem")

    def up(self) -> None:
        """Listening."""
        wrapped = self._context if self._security == "smtps" else None
        offered = self._context if self._security == "smtp+starttls" else None
        self._controller = _Door(
            _Keeper(self), hostname="127.0.0.1", port=self.port, ssl_context=wrapped, tls_context=offered,
            require_starttls=offered is not None, auth_required=self._login is not None,
            authenticator=self._knows,
        )  # fmt: skip
        self._controller.start()

    def down(self) -> None:
        """Nobody answers any more; what came is kept."""
        if self._controller is not None:
            self._controller.stop()
        self._controller = None

    def close(self) -> None:
        self.down()
        shutil.rmtree(self._folder, ignore_errors=True)

    def letters(self, to: str | None = None) -> list[EmailMessage]:
        """What came for that address (or for anybody), in the order of its coming."""
        with self._lock:
            return [message for recipient, message in self._kept if to in (None, recipient)]

    def wait_for(self, to: str, subject_part: str = "", within: float = WITHIN) -> Found:
        """The newest letter to that address about that; raises TimeoutError saying what came instead."""
        end = time.monotonic() + within
        while True:
            fitting = [one for one in self.letters(to) if subject_part.lower() in one["Subject"].lower()]
            if fitting:
                return read(fitting[-1])
            if time.monotonic() > end:
                came = [(one["To"], one["Subject"]) for one in self.letters()]
                raise TimeoutError(f"no letter to {to} about {subject_part!r}; there came {came}")
            time.sleep(0.02)

    def keep(self, recipient: str, raw: bytes) -> None:
        """One more letter."""
        with self._lock:
            self._kept.append((recipient, message_from_bytes(raw, policy=default)))  # type: ignore[arg-type]

    def _knows(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self._login)


class _Door(Controller):
    """Takes a login on every line: aiosmtpd knows of STARTTLS only, and warns of the others."""

    def factory(self) -> SMTP:
        server = super().factory()
        server._auth_require_tls = False
        return server


class _Keeper:
    """What aiosmtpd asks for each letter."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = self._mailbox.answers.get(address)
        if refusal and not refusal.startswith("DATA "):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        for recipient in envelope.rcpt_tos:
            self._mailbox.at_the_door(recipient)
            if recipient in self._mailbox.breaks:
                server.transport.abort()
            refusal = self._mailbox.answers.get(recipient, "")
            if refusal.startswith("DATA "):
                return refusal.removeprefix("DATA ")
            self._mailbox.keep(recipient, bytes(envelope.content or b""))
        return "250 kept"


def read(message: EmailMessage) -> Found:
    """Subject, text and links of one letter."""
    text = message.get_content().replace("\r\n", "\n")
    links = [found.rstrip(".,;)>") for found in re.findall(r"https?://\S+", text)]
    return Found(str(message["Subject"]), text, links, message)


def _own_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for this machine, made for the occasion."""
    openssl = shutil.which("openssl") or missing("openssl", "openssl")
    key, certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
