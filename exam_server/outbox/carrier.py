"""The way to the mail server that MAIL_URL names, and whose fault it is when a letter cannot go that way.

`Unreachable`: no letter can leave now. `Refused`: this letter cannot, and others may.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

from exam_server.errors import N_

PATIENCE = 20.0
"""Seconds to wait for each word of the mail server."""

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}

AWAY = N_("Server surel tidak dapat dihubungi.")
SENDER = N_("Server surel menolak alamat pengirim.")
RECIPIENT = N_("Server surel menolak alamat penerima.")
CONTENT = N_("Server surel menolak surat ini.")
LOST = N_("Hubungan dengan server surel terputus di tengah pengiriman.")


class Unreachable(Exception):
    """The mail server is away, does not let us in, or has enough of us."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def cause(self) -> str:
        """For the log: the kind of fault and its reason or number; its text may quote MAIL_URL's password."""
        fault = self.__cause__
        known = (getattr(fault, name, None) for name in ("reason", "smtp_code", "errno"))
        why = next((str(one) for one in known if one), "")
        return f"{type(fault or self).__name__} {why}".strip()


class Refused(Exception):
    """The mail server did not take this letter; `code` is its answer (0: none), 5xx is its last word."""

    def __init__(self, problem: str, code: int) -> None:
        super().__init__(problem)
        self.problem, self.code = problem, code
        self.for_good = 500 <= code < 600


@dataclass(frozen=True)
class Route:
    """MAIL_URL, understood; `name` is what we call ourselves to the mail server."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: Address
    name: str


def route(mail_url: str, base_url: str) -> Route:
    """Promise: what config.py accepted as MAIL_URL can be gone; without `from` it is no-reply@ our host."""
    parts, ours = urlsplit(mail_url), urlsplit(base_url).hostname or "localhost"
    name, address = parseaddr(parse_qs(parts.query).get("from", [f"no-reply@{ours}"])[0])
    return Route(parts.scheme, parts.hostname or "localhost", parts.port or PORTS[parts.scheme],
                 unquote(parts.username or ""), unquote(parts.password or ""),
                 Address(name, addr_spec=address), ours)  # fmt: skip


class Carrier:
    """One connection, opened with the first letter and again when it was lost; closed at the end."""

    def __init__(self, way: Route) -> None:
        self._way = way
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Carrier:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.quit()
        self._close()

    def carry(self, message: EmailMessage, recipient: str) -> None:
        """The mail server has taken the letter when this returns; raises Unreachable, Refused."""
        line = self._line or self._open()
        try:
            line.send_message(message, self._way.sender.addr_spec, [recipient])
        except smtplib.SMTPRecipientsRefused as problem:
            self._refuse(RECIPIENT, *[code for code, _ in problem.recipients.values()])
        except smtplib.SMTPSenderRefused as problem:
            self._close()
            raise Unreachable(SENDER) from problem
        except smtplib.SMTPDataError as problem:
            self._refuse(CONTENT, problem.smtp_code)
        except smtplib.SMTPNotSupportedError:  # an address beyond ASCII, and a server that knows only ASCII
            self._refuse(RECIPIENT, 553)
        except OSError as problem:
            self._close()
            raise Refused(LOST, 0) from problem

    def _refuse(self, problem: str, *codes: int) -> None:
        if 421 in codes:  # it hangs up
            self._close()
            raise Unreachable(AWAY)
        raise Refused(problem, *codes)

    def _open(self) -> smtplib.SMTP:
        way = self._way
        try:
            if way.scheme == "smtps":
                self._line = smtplib.SMTP_SSL(way.host, way.port, way.name, timeout=PATIENCE,
                                              context=ssl.create_default_context())  # fmt: skip
            else:
                self._line = smtplib.SMTP(way.host, way.port, way.name, timeout=PATIENCE)
            if way.scheme == "smtp+starttls":
                self._line.starttls(context=ssl.create_default_context())
            if way.user:
                self._line.login(way.user, way.password)
        except (OSError, ValueError) as problem:
            self._close()
            raise Unreachable(AWAY) from problem
        return self._line

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None
