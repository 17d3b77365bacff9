"""Settings: read once from the environment, strictly; a value that cannot be read stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent
ASYNC_MODES = ("eventlet", "gevent", "threading")
ENVIRONMENTS = ("demo", "production")
MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")
SHORTEST_SECRET = 32
"""Characters: 32 of base64 or hex are at least 128 bits."""


class BadSetting(Exception):
    """A setting that cannot be used; its text is one sentence that names the variable and the remedy."""


@dataclass(frozen=True)
class Settings:
    """All settings of one installation; numbers of an exam are columns of its tables, never settings."""

    env: str
    secret_key: str
    bank_key: str
    database_url: str
    redis_url: str | None
    data_dir: Path
    base_url: str
    async_mode: str
    origins: tuple[str, ...]
    trusted_proxies: int
    workers: int
    mail_url: str | None = None

    @property
    def second_factor_needed(self) -> bool:
        """True when an official without a second factor may do nothing but set it up."""
        return self.env == "production"

    @property
    def secure(self) -> bool:
        """True when the browser reaches us over TLS, so that cookies are Secure and `__Host-`."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_folder(self) -> Path:
        """Where the SQLite file lies, whatever DATA_DIR says; only one process may work there."""
        return Path(self.database_url.removeprefix("sqlite:///").partition("?")[0]).resolve().parent


def load(environ: Mapping[str, str]) -> Settings:
    """Promise: settings that can be served with, or BadSetting with a sentence that says what to change."""
    data_dir = Path(environ.get("DATA_DIR", str(ROOT / "var"))).resolve()
    settings = Settings(
        env=_one_of(environ, "EXAM_ENV", ENVIRONMENTS, "production"),
        secret_key=_secret(environ, "SECRET_KEY"),
        bank_key=_secret(environ, "BANK_KEY"),
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'exam.db'}",
        redis_url=environ.get("REDIS_URL") or None,
        data_dir=data_dir,
        base_url=_url(environ, "BASE_URL", "http://localhost:8000"),
        async_mode=_one_of(environ, "EXAM_ASYNC", ASYNC_MODES, "eventlet"),
        origins=_origins(environ),
        trusted_proxies=_whole(environ, "EXAM_TRUSTED_PROXIES", 0, 0, 8),
        workers=_whole(environ, "EXAM_WORKERS", 1, 1, 64),
        mail_url=_mail(environ),
    )
    _consistent(settings)
    return settings


def _consistent(settings: Settings) -> None:
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    if settings.workers > 1 and settings.sqlite:
        raise BadSetting("EXAM_WORKERS above 1 needs PostgreSQL: set DATABASE_URL, or use one worker.")
    if settings.workers > 1 and not settings.redis_url:
        raise BadSetting("EXAM_WORKERS above 1 needs REDIS_URL, through which the workers tell each other.")
    if settings.env == "production" and not settings.secure:
        raise BadSetting("BASE_URL must begin with https:// in production: cookies travel over TLS only.")
    if settings.env == "production" and not settings.origins:
        raise BadSetting("EXAM_ORIGINS must name the web addresses that may open a socket, comma separated.")


def _secret(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if len(value) < SHORTEST_SECRET:
        raise BadSetting(
            f"{name} is missing or shorter than {SHORTEST_SECRET} characters: "
            'make one with python3 -c "import secrets; print(secrets.token_urlsafe(48))".'
        )
    return value


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = environ.get(name) or default
    if value not in allowed:
        raise BadSetting(f"{name} is {value!r}, but must be one of: {', '.join(allowed)}.")
    return value


def _whole(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    raw = environ.get(name) or str(default)
    if not raw.isdecimal() or not least <= int(raw) <= most:
        raise BadSetting(f"{name} is {raw!r}, but must be a whole number from {least} to {most}.")
    return int(raw)


def _url(environ: Mapping[str, str], name: str, default: str) -> str:
    value = (environ.get(name) or default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise BadSetting(f"{name} is {value!r}, but must look like https://ujian.example.go.id.")
    return value


def _mail(environ: Mapping[str, str]) -> str | None:
    value = environ.get("MAIL_URL") or None
    if value and not _is_mail_route(value):
        raise BadSetting(  # the value is not repeated: it may hold a password
            "MAIL_URL must look like smtp://user:password@host:25?from=name@example.go.id "
            f"and begin with one of: {', '.join(MAIL_SCHEMES)}."
        )
    return value


def _is_mail_route(value: str) -> bool:
    parts = urlsplit(value)
    sender = parse_qs(parts.query).get("from", ["name@host"])[0]
    try:
        port = parts.port
    except ValueError:
        return False
    named = bool(parts.hostname) and parts.scheme in MAIL_SCHEMES and "@" in parseaddr(sender)[1]
    return named and port != 0 and not parts.path.strip("/")


def _origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    listed = [part.strip() for part in environ.get("EXAM_ORIGINS", "").split(",") if part.strip()]
    return tuple(_url({"EXAM_ORIGINS": part}, "EXAM_ORIGINS", part) for part in listed)
