"""Who is asking, and may they: identity from the server-side session, permissions by declaration, CSRF.

It knows no feature: `create_app` hands it the function that turns a cookie's token into a Viewer.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, Request, current_app, g, request
from flask.sessions import SessionInterface, SessionMixin
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from config import Settings
from exam_server.errors import N_, BadRequest, Forbidden, SignInNeeded
from exam_server.extensions import house

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
ANYONE, SIGNED_IN, CANDIDATE, STAFF = "anyone", "signed in", "candidate", "staff"
EITHER = "candidate or staff"
"""A candidate's own thing that their office looks at too; the view says whose it is."""


@dataclass(frozen=True)
class Viewer(UserMixin):  # type: ignore[misc]
    """The signed-in person of this request: account, live session, and roles as (role, office id or None)."""

    id: int
    session_id: int
    name: str
    email: str
    roles: frozenset[tuple[str, int | None]]
    second_factor: bool = False

    @property
    def is_candidate(self) -> bool:
        """Officials do not sit exams: who holds a role is not a candidate with the same account."""
        return not self.roles

    @property
    def is_superadmin(self) -> bool:
        return ("superadmin", None) in self.roles

    def offices(self, *roles: str) -> list[int] | None:
        """Ids of the offices for which one of `roles` is held; None stands for every office."""
        if self.is_superadmin:
            return None
        return sorted({office_id for role, office_id in self.roles if role in roles and office_id})

    def may(self, office_id: int, *roles: str) -> bool:
        """True when one of `roles` is held for that office; a superadmin holds all of them."""
        return self.is_superadmin or any((role, office_id) in self.roles for role in roles)


class CsrfMissing(BadRequest):
    code = "csrf_missing"
    sentence = N_("Halaman ini sudah usang sehingga permintaan ditolak demi keamanan. Muat ulang halaman, "
                  "lalu coba lagi; isian yang sudah tersimpan tidak berubah.")  # fmt: skip


class SecondFactorNeeded(Forbidden):
    code = "second_factor_needed"
    sentence = N_("Akun petugas perlu langkah masuk kedua. Pasang dahulu di halaman Akun saya, "
                  "lalu lanjutkan.")  # fmt: skip


Loader = Callable[[str, datetime], Viewer | None]


class NoCookieSession(SessionInterface):
    """Flask's signed session cookie is neither read nor written: sessions are rows."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """Empty, and whoever writes to it is told so."""
        return self.make_null_session(app)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing is kept."""


def init_app(app: Flask, load_viewer: Loader) -> None:
    """Install identity, permission and CSRF checks in front of every route."""
    manager = LoginManager()
    manager.session_protection = None  # our session row is the protection
    manager.init_app(app)
    app.session_interface = NoCookieSession()

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load(request: Request) -> Viewer | None:
        token = request.cookies.get(session_cookie(house().settings))
        return load_viewer(token, g.now) if token else None

    app.before_request(check_permission)
    app.before_request(check_csrf)
    app.after_request(set_visit_cookie)
    app.add_template_global(csrf_token)


def session_cookie(settings: Settings) -> str:
    """`__Host-` pins the cookie to this host and TLS; the plain name serves the demo over plain HTTP."""
    return "__Host-exam" if settings.secure else "exam"


def visit_cookie(settings: Settings) -> str:
    """As above; it holds what the CSRF token of a stranger's page is tied to."""
    return "__Host-visit" if settings.secure else "visit"


def device_cookie(settings: Settings) -> str:
    """As above; it tells a browser in which somebody has signed in before from a stranger's."""
    return "__Host-device" if settings.secure else "device"


def viewer() -> Viewer:
    """The signed-in person; raises SignInNeeded for a stranger."""
    if not current_user.is_authenticated:
        raise SignInNeeded
    found: Viewer = current_user._get_current_object()
    return found


def forget_viewer() -> None:
    """This request is a stranger's now: a page about a broken database must not ask it who is there."""
    g._login_user = AnonymousUserMixin()


def open_to(audience: str) -> Callable[[View], View]:
    """Declare who may use a view: anyone, who is signed in, candidates, staff, or either of these.

    A view that declares nothing serves nobody. What is open to everybody who is signed in is about their own
    account, so that an official without a second factor can set it up there.
    """

    def declare(view: View) -> View:
        view.__audience__ = audience  # type: ignore[attr-defined]
        return view

    return declare


def check_permission() -> None:
    """Raises SignInNeeded for a stranger and Forbidden for whom the view does not name."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return
    audience = getattr(view, "__audience__", None)
    if audience == ANYONE:
        return
    person = viewer()
    if audience == SIGNED_IN:
        return
    if audience is None or (audience != EITHER and person.is_candidate is not (audience == CANDIDATE)):
        raise Forbidden
    if not person.is_candidate and house().settings.second_factor_needed and not person.second_factor:
        raise SecondFactorNeeded


def require(office_id: int, *roles: str) -> None:
    """Go on only when the viewer holds one of `roles` for that office; raises SignInNeeded, Forbidden."""
    if not viewer().may(office_id, *roles):
        raise Forbidden


def csrf_token() -> str:
    """Tied to the session row's own token (or, before signing in, to a visit cookie); it never expires."""
    return _sign(_bound() or g.setdefault("visit", secrets.token_urlsafe(24)))


def check_csrf() -> None:
    """Raises CsrfMissing for an unsafe request without the token of a page of ours."""
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get("X-CSRF") or request.form.get("csrf", "")
    bound = _bound()
    if not bound or not hmac.compare_digest(_sign(bound).encode(), given.encode()):
        raise CsrfMissing


def set_visit_cookie(response: Response) -> Response:
    """Keep what the CSRF token of a stranger's page was tied to."""
    if "visit" in g:
        set_cookie(response, visit_cookie(house().settings), g.visit)
    return response


def set_cookie(response: Response, name: str, value: str, life: timedelta | None = None) -> None:
    """A cookie that scripts cannot read and other sites cannot send along; it ends with its `life`, or with
    the browser.
    """
    response.set_cookie(name, value, max_age=life, secure=house().settings.secure, httponly=True,
                        samesite="Lax", path="/")  # fmt: skip


def _bound() -> str | None:
    """What the CSRF token of this browser is tied to; nothing at its very first visit."""
    settings, cookies = house().settings, request.cookies
    return cookies.get(session_cookie(settings)) or cookies.get(visit_cookie(settings))


def _sign(bound: str) -> str:
    key = house().settings.secret_key.encode()
    return hmac.new(key, b"csrf:" + bound.encode(), hashlib.sha256).hexdigest()
