"""The HTTP side of a virtual person: cookies, the CSRF token of the page, JSON answers, nothing guessed."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

import aiohttp

from exam_server.rehearsal.wire import Tap, Unknown

CSRF = re.compile(r'<meta\s+name="csrf"\s+content="([^"]+)"')
SIGN_IN_PAGE, HOME = "/login", "/"
NOT_FROM_THE_SERVER = (502, 503, 504)
"""What a proxy says when it has no answer to pass on: the act may have happened, or not."""

DEVICE = "Mozilla/5.0 (Linux; Android 13) Rehearsal"


class Refused(Exception):
    """The server said no; `code` is its own word for why."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.code = str(body.get("code") or f"http_{status}")
        super().__init__(self.code)
        self.status, self.body = status, body


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the JSON object (empty for a page or redirect), the raw body."""

    status: int
    body: dict[str, Any]
    content: bytes = b""

    @property
    def code(self) -> str:
        """The refusal's code; empty when nothing was refused."""
        return "" if self.status < 400 else str(self.body.get("code") or f"http_{self.status}")

    def accepted(self) -> Answer:
        """Itself; raises Refused."""
        if self.code:
            raise Refused(self.status, self.body)
        return self


class Door:
    """One browser's worth of HTTP: its cookies, its token, its patience in seconds."""

    def __init__(self, url: str, tap: Tap | None = None, patience: float = 10.0) -> None:
        self.url = url
        self._tap = tap
        self._csrf = ""
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # unsafe = cookies of an address without a name
            timeout=aiohttp.ClientTimeout(total=patience),
            headers={"User-Agent": DEVICE, "Accept-Encoding": "identity"},
        )

    async def sign_in(self, email: str, password: str) -> None:
        """Signed in afterwards, with the CSRF token of the new session; raises Refused, Unknown."""
        await self.read_token(SIGN_IN_PAGE)
        form = {"email": email, "password": password, "next": "/status"}
        (await self.post("/login", form=form)).accepted()
        await self.read_token(HOME)

    def adopt(self, token: str) -> None:
        """Carry a session that was opened elsewhere, as its cookie of the plain-HTTP demo."""
        self.session.cookie_jar.update_cookies({"exam": token})

    async def read_token(self, path: str) -> Answer:
        """The page, whose CSRF token is used from now on."""
        page = await self.page(path)
        found = CSRF.search(page.content.decode("utf-8", "replace"))
        if found:
            self._csrf = html.unescape(found.group(1))
        return page

    async def page(self, path: str) -> Answer:
        """A page as a browser asks for it; redirects are not followed."""
        return await self._ask("GET", path, {"Accept": "text/html,*/*;q=0.8"})

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path, {"Accept": "application/json"})

    async def post(
        self, path: str, form: dict[str, str] | None = None, payload: dict[str, Any] | None = None
    ) -> Answer:
        """One unsafe act with the token of the page; raises Unknown when its fate was not told."""
        return await self._ask(
            "POST", path, {"Accept": "application/json", "X-CSRF": self._csrf}, form, payload
        )

    async def close(self) -> None:
        await self.session.close()

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None,
        payload: dict[str, Any] | None = None,
    ) -> Answer:  # fmt: skip
        try:
            async with self.session.request(
                method, self.url + path, headers=headers, data=form, json=payload, allow_redirects=False
            ) as answer:
                content = await answer.read()
                self._show(f"{method} {path}", answer, content)
                if answer.status in NOT_FROM_THE_SERVER and answer.content_type != "application/json":
                    raise Unknown(f"{method} {path}: {answer.status} from in between")
                return Answer(answer.status, await _object(answer, content), content)
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            raise Unknown(f"{method} {path}") from problem

    def _show(self, where: str, answer: aiohttp.ClientResponse, content: bytes) -> None:
        if self._tap is not None:
            lines = [name + b": " + value for name, value in answer.raw_headers]
            self._tap(where, b"\n".join([str(answer.status).encode(), *lines, b"", content]))


async def _object(answer: aiohttp.ClientResponse, content: bytes) -> dict[str, Any]:
    if answer.content_type != "application/json" or not content:
        return {}
    said = await answer.json()
    return said if isinstance(said, dict) else {}
