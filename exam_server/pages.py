"""What every page shares: security headers, languages, and instants written out with weekday and zone."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from flask_babel import Babel
from werkzeug.wrappers import Response

from exam_server import instants
from exam_server.extensions import house
from exam_server.language import CATALOGUES, chosen


def init_app(app: Flask) -> None:
    """Give every template its language, nonce and written instants, and every answer its headers."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    Babel(app, default_locale="id", locale_selector=language)
    app.add_template_global(nonce)
    app.add_template_global(language)
    app.add_template_global(clock_step)
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(hour)
    app.add_template_filter(second)
    app.add_template_filter(own_words)
    app.after_request(set_security_headers)


def language() -> str:
    return chosen(request.cookies.get("language"))


def nonce() -> str:
    """One random value per answer: scripts and styles without it do not run."""
    value: str = g.setdefault("nonce", secrets.token_urlsafe(16))
    return value


def clock_step() -> str | None:
    """Signed whole seconds by which the clock we go by stepped, while that holds automatic closing."""
    clock = house().clock
    return f"{clock.last_step.total_seconds():+.0f}" if clock.alarmed else None


def own_words(text: dict[str, Any] | str) -> str:
    """The text in the page's language; an office that wrote only Indonesian is shown in Indonesian."""
    if isinstance(text, str):
        return text
    return str(text.get(language()) or text.get("id") or "")


def day(value: date | datetime, zone: ZoneInfo | None = None) -> str:
    return instants.day(value, zone, language())


def hour(value: datetime, zone: ZoneInfo) -> str:
    return instants.hour(value, zone, language())


def second(value: datetime, zone: ZoneInfo) -> str:
    return instants.second(value, zone, language())


def moment(value: datetime, zone: ZoneInfo) -> str:
    return instants.moment(value, zone, language())


def set_security_headers(response: Response) -> Response:
    """Nothing from elsewhere, nothing inline without the nonce, no frames; live sockets to ourselves only."""
    own = g.get("nonce")
    scripts = f"'self' 'nonce-{own}'" if own else "'self'"
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src {scripts}; img-src 'self' data:; "
        f"font-src 'self'; "
        f"connect-src 'self' {_socket_source()}; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
    for name, value in {
        "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }.items():  # fmt: skip
        response.headers.setdefault(name, value)
    if house().settings.secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _socket_source() -> str:
    """Older browsers do not let 'self' stand for ws:// and wss://."""
    return ("wss://" if request.is_secure else "ws://") + request.host
