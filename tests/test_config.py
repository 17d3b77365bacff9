"""Settings: strict, named in the complaint, and without a working default for any secret."""

from __future__ import annotations

import pytest

from config import BadSetting, load

GOOD = {
    "SECRET_KEY": "s" * 32, "BANK_KEY": "b" * 32, "BASE_URL": "https://ujian.example.go.id",
    "EXAM_ORIGINS": "https://ujian.example.go.id", "DATABASE_URL": "postgresql+psycopg://exam@localhost/exam",
    "REDIS_URL": "redis://localhost/0",
}  # fmt: skip


def test_a_complete_environment_is_read() -> None:
    settings = load(GOOD | {"EXAM_WORKERS": "4", "EXAM_TRUSTED_PROXIES": "1"})
    assert (settings.env, settings.workers, settings.trusted_proxies) == ("production", 4, 1)
    assert settings.secure
    assert not settings.sqlite


def test_production_is_the_default() -> None:
    assert load(GOOD).env == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "s" * 31),
        ("BANK_KEY", ""),
        ("BANK_KEY", "b" * 31),
        ("EXAM_ENV", "debug"),
        ("EXAM_ASYNC", "asyncio"),
        ("EXAM_WORKERS", "0"),
        ("EXAM_WORKERS", "65"),
        ("EXAM_WORKERS", "2.5"),
        ("EXAM_WORKERS", "-1"),
        ("EXAM_TRUSTED_PROXIES", "9"),
        ("EXAM_TRUSTED_PROXIES", "x"),
        ("DATABASE_URL", "mysql://localhost/exam"),
        ("DATABASE_URL", "postgresql://localhost/exam"),
        ("BASE_URL", "http://ujian.example.go.id"),
        ("BASE_URL", "ujian.example.go.id"),
        ("BASE_URL", "https://ujian.example.go.id/sub"),
        ("BASE_URL", "javascript://x"),
        ("MAIL_URL", "http://surat.example.go.id"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "surat.example.go.id:25"),
        ("MAIL_URL", "smtp://surat.example.go.id:0"),
        ("MAIL_URL", "smtp://surat.example.go.id:65536"),
        ("MAIL_URL", "smtp://surat.example.go.id:x"),
        ("MAIL_URL", "smtp://surat.example.go.id/kotak"),
        ("MAIL_URL", "smtps://surat.example.go.id?from=Panitia"),
        ("EXAM_ORIGINS", ""),
        ("EXAM_ORIGINS", "*"),
        ("EXAM_ORIGINS", "https://ujian.example.go.id,http:/x"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        load(GOOD | {name: value})


def test_there_are_no_secrets_by_default() -> None:
    for secret in ("SECRET_KEY", "BANK_KEY"):
        with pytest.raises(BadSetting, match=secret):
            load({name: value for name, value in GOOD.items() if name != secret})


def test_several_workers_need_postgresql_and_a_queue() -> None:
    with pytest.raises(BadSetting, match="PostgreSQL"):
        load(GOOD | {"EXAM_WORKERS": "2", "DATABASE_URL": "sqlite:////srv/exam.db"})
    with pytest.raises(BadSetting, match="REDIS_URL"):
        load(GOOD | {"EXAM_WORKERS": "2", "REDIS_URL": ""})


def test_the_demo_may_be_served_without_tls_and_without_a_database_server() -> None:
    secrets = {name: GOOD[name] for name in ("SECRET_KEY", "BANK_KEY")}
    settings = load(secrets | {"EXAM_ENV": "demo"})
    assert settings.sqlite
    assert not settings.secure


@pytest.mark.parametrize(
    "value",
    [
        "smtp://localhost",
        "smtp+starttls://kantor%40bps:sandi@surat.example.go.id:587?from=Panitia%20<panitia@example.go.id>",
        "smtps://surat.example.go.id:465/?from=panitia@example.go.id",
    ],
)
def test_a_way_to_a_mail_server_is_read(value: str) -> None:
    assert load(GOOD | {"MAIL_URL": value}).mail_url == value


def test_without_a_mail_server_letters_are_kept() -> None:
    assert load(GOOD).mail_url is None
    assert load(GOOD | {"MAIL_URL": ""}).mail_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECRET_KEY", "too-short-but-secret"), ("MAIL_URL", "smtp://kantor:too-short-but-secret@host:x")],
)
def test_no_complaint_repeats_a_secret(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(GOOD | {name: value})
    assert "too-short-but-secret" not in str(caught.value)
