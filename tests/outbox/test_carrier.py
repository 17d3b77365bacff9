"""The ways to a mail server: plain, with TLS, with a login; and what an untrusted server gets (nothing)."""

from __future__ import annotations

from datetime import timedelta
from email.headerregistry import Address
from urllib.parse import quote

import pytest

from exam_server.outbox.carrier import Carrier, Route, Unreachable, route
from exam_server.outbox.message import compose
from exam_server.outbox.service import Claimed
from tests.factories import START
from tests.mailbox import Mailbox

HERE = "https://ujian.example.go.id"
LETTER = Claimed(1, "surat-1", "ayu@surel.example", "Halo", "Isi surat", 1)


def carry(way: Route) -> None:
    with Carrier(way) as carrier:
        carrier.carry(compose(LETTER, way.sender, HERE, START + timedelta(hours=1)), LETTER.recipient)


def test_everything_in_the_address_is_understood() -> None:
    way = route("smtp+starttls://kantor%40bps:p%2Fw%3A1@surat.example.go.id:2525"
                "?from=Panitia%20Mitra%20%3Cpanitia%40example.go.id%3E", HERE)  # fmt: skip
    assert way == Route("smtp+starttls", "surat.example.go.id", 2525, "kantor@bps", "p/w:1",
                        Address("Panitia Mitra", addr_spec="panitia@example.go.id"),
                        "ujian.example.go.id")  # fmt: skip


@pytest.mark.parametrize(("scheme", "port"), [("smtp", 25), ("smtp+starttls", 587), ("smtps", 465)])
def test_what_is_not_said_is_the_usual(scheme: str, port: int) -> None:
    way = route(f"{scheme}://localhost", HERE + ":8443")
    assert (way.port, way.user, str(way.sender)) == (port, "", "no-reply@ujian.example.go.id")


@pytest.mark.parametrize("security", ["smtp", "smtp+starttls", "smtps"])
@pytest.mark.parametrize("login", [None, ("kantor@bps", "sandi/rahasia:1")])
def test_each_way_delivers(
    security: str, login: tuple[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mailbox(security, login) as mailbox:
        monkeypatch.setenv("SSL_CERT_FILE", mailbox.ca_file)
        carry(route(mailbox.url, HERE))
        assert mailbox.wait_for(LETTER.recipient, "halo").text == "Isi surat\n"


@pytest.mark.parametrize("security", ["smtp+starttls", "smtps"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_no_letter(security: str) -> None:
    with Mailbox(security) as mailbox:
        with pytest.raises(Unreachable):
            carry(route(mailbox.url, HERE))
        assert mailbox.letters() == []


def test_a_server_without_tls_gets_no_letter_where_tls_is_wanted() -> None:
    with Mailbox() as mailbox:
        with pytest.raises(Unreachable):
            carry(route(mailbox.url.replace("smtp://", "smtp+starttls://"), HERE))
        assert mailbox.letters() == []


def test_a_wrong_password_is_nobodys_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    with Mailbox("smtps", ("kantor", "benar")) as mailbox:
        monkeypatch.setenv("SSL_CERT_FILE", mailbox.ca_file)
        monkeypatch.setattr(
            "exam_server.outbox.carrier.PATIENCE", 2.0
        )  # this mail server answers no second wrong password
        with pytest.raises(Unreachable):
            carry(route(mailbox.url.replace("benar", "salah"), HERE))
        assert mailbox.letters() == []


def test_why_no_letter_leaves_is_told_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    password = "rahasia-kelé"
    with Mailbox("smtps", ("kantor", "benar")) as mailbox:
        monkeypatch.setenv("SSL_CERT_FILE", mailbox.ca_file)
        with pytest.raises(Unreachable) as told:
            carry(route(mailbox.url.replace("benar", quote(password)), HERE))
    assert "rahasia" in repr(told.value.__cause__), "the fault itself quotes the password"
    assert told.value.cause == "UnicodeEncodeError ordinal not in range(128)"
