"""A browser without a screen: cookies, CSRF tokens and addresses as a real one would send them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from exam_server import auth
from exam_server.accounts import service as accounts
from exam_server.extensions import House

VISIT = "a-visit-that-is-only-a-test-0000"


class Client:
    """One cookie jar in front of one application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        house: House = app.extensions["house"]
        self.house, self.base_url = house, house.settings.base_url
        self.host = urlsplit(self.base_url).hostname or "localhost"

    def _cookie_name(self, which: str) -> str:
        return f"__Host-{which}" if self.house.settings.secure else which

    def sign_in(self, account_id: int) -> Client:
        """A live session for this account, its token in the cookie jar."""
        token = accounts.open_session(
            self.house.db, account_id, "Mozilla/5.0 (Android)", self.house.clock.now()
        )
        self.set_cookie(self._cookie_name("exam"), token)
        return self

    def set_cookie(self, name: str, value: str) -> None:
        self.client.set_cookie(name, value, domain=self.host, secure=self.house.settings.secure)

    def cookie(self, name: str) -> str | None:
        found = self.client.get_cookie(name, domain=self.host)
        return found.value if found else None

    @property
    def token(self) -> str:
        """The session token in the jar; empty when signed out."""
        return self.cookie(self._cookie_name("exam")) or ""

    def csrf(self) -> str:
        """The token that a page shown to this browser would carry."""
        if not self.token and not self.cookie(self._cookie_name("visit")):
            self.set_cookie(self._cookie_name("visit"), VISIT)
        names = (self._cookie_name("exam"), self._cookie_name("visit"))
        jar = "; ".join(f"{name}={value}" for name in names if (value := self.cookie(name)))
        with self.app.test_request_context("/", base_url=self.base_url, headers={"Cookie": jar}):
            return auth.csrf_token()

    def get(self, path: str, **named: Any) -> TestResponse:
        return self.client.get(path, base_url=self.base_url, buffered=True, **named)

    def get_json(self, path: str) -> TestResponse:
        """As a program asks: refusals come as JSON instead of pages."""
        return self.get(path, headers={"Accept": "application/json"})

    def post(self, path: str, json: Any = None, csrf: str | None = None, **form: str) -> TestResponse:
        """An unsafe request with the right CSRF token (or the one given), asking for JSON answers."""
        headers = {"X-CSRF": self.csrf() if csrf is None else csrf, "Accept": "application/json"}
        body: dict[str, Any] = {"data": form} if json is None else {"json": json}
        return self.client.post(path, base_url=self.base_url, headers=headers, buffered=True, **body)

    def submit(self, path: str, **form: str) -> TestResponse:
        """A form as a browser sends it: refusals come as pages."""
        data = form | {"csrf": self.csrf()}
        return self.client.post(path, base_url=self.base_url, buffered=True, data=data)
