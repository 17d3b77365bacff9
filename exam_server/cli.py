"""The operator's commands: serve, demo, upgrade, create-admin, verify, bank check, import, export."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from config import ROOT, BadSetting, Settings, load
from exam_server import heartbeat
from exam_server.bank import export, intake
from exam_server.bank.service import Imported
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.demo import secrets_file
from exam_server.errors import N_, Refusal
from exam_server.language import DEFAULT, LANGUAGES, say, sentence
from exam_server.lock import AlreadyRunning, InstanceLock
from exam_server.offices.service import find_office
from exam_server.reading import NothingThere, open_for_reading
from exam_server.schema import is_missing
from exam_server.schema import upgrade as upgrade_schema
from exam_server.staff import service as staff
from exam_server.verify import service as verification
from question_bank.formats import WRITERS, dump, losses
from question_bank.problems import sentence as problem_sentence

UNREADABLE, REFUSED = 2, 1


@click.group()
def main() -> None:
    """Timed exam delivery for the recruitment of statistics field partners."""
    os.umask(0o077)  # answers, items and names are readable by this user alone


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), help="Several need PostgreSQL and Redis.")
def serve(port: int, host: str, workers: int | None) -> None:
    """Serve this installation; settings come from the environment."""
    if workers:
        os.environ["EXAM_WORKERS"] = str(workers)
    with _opened(_settings()) as db:
        upgrade_schema(db)
    _become_server(host, port)


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
def demo(port: int, host: str) -> None:
    """Fill an embedded database with a believable recruitment of both offices, and serve it."""
    from exam_server.demo import phones, seed

    password = secrets_file.prepare(ROOT / "var", port)
    settings = _settings()
    heartbeat.forget(settings.data_dir)  # a demo on a machine that slept takes the wall clock as it is
    with _opened(settings) as db:
        upgrade_schema(db)
        logins = seed.ensure(db, Clock().now(), password, settings.data_dir)
    click.echo(seed.describe(logins, settings.base_url, password))
    os.environ[phones.SERVED] = "1"
    _become_server(host, port)


@main.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest schema."""
    with _opened(_settings()) as db:
        upgrade_schema(db)


@main.command("create-admin")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def create_admin(email: str, name: str, language: str) -> None:
    """Print a link that makes its reader a superadmin, once; also beside a running server.

    No password passes through the shell: whoever opens the link chooses one.
    """
    settings = _settings()
    with _shared(settings) as db:
        try:
            wanted = staff.Wanted(email, name, "superadmin", None)
            path = staff.invite(db, settings.secret_key, wanted, None, Clock().now())
        except Refusal as problem:
            _fail(sentence(problem, language), REFUSED)
    said = N_("Undangan superadmin, berlaku {days} hari dan satu kali pakai. Berikan hanya kepada orangnya:")
    click.echo(say(said, language).format(days=staff.LIFE.days))
    click.echo(settings.base_url + path)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def verify(as_json: bool, language: str) -> None:
    """Count again what must agree, read only, also beside a running server; 1 when something does not."""
    settings = _settings()
    try:
        db = open_for_reading(settings.database_url)
    except NothingThere as problem:
        _fail(str(problem), UNREADABLE)
    try:
        if is_missing(db):
            _fail("This database has no tables yet: run exam-server upgrade.", UNREADABLE)
        report = verification.look(db, settings.data_dir, settings.secret_key)
    finally:
        db.close()
    problems = [verification.told(problem, language) for problem in report.problems]
    if as_json:
        told = {"ok": report.ok, "problems": problems, "checked": report.checked}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        end = say(N_("Semua cocok.") if report.ok else N_("{count} hal tidak cocok."), language)
        lines = [*(f"{name}: {count}" for name, count in report.checked.items()), *problems]
        click.echo("\n".join([*lines, end.format(count=len(problems))]))
    sys.exit(0 if report.ok else REFUSED)


@main.group()
def bank() -> None:
    """The question bank: check a file, import it, export all."""


@bank.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def check(file: Path, as_json: bool, language: str) -> None:
    """Dry run: every item as it was understood, every problem with its place; nothing is written."""
    report = _read(file, language)
    told = json.dumps(report.to_json(), ensure_ascii=False, indent=1) if as_json else report.to_text(language)
    click.echo(told)
    sys.exit(REFUSED if report.errors else 0)


@bank.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--office", required=True, help="The office's code or short name.")
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def import_command(file: Path, office: str, language: str) -> None:
    """All or nothing: the file's items are in the office's bank afterwards, or none is."""
    report = _read(file, language)
    click.echo(report.to_text(language))
    if report.errors:
        sys.exit(REFUSED)
    with _opened(_settings()) as db:
        try:
            done = _import(db, report, office)
        except Refusal as problem:
            _fail(sentence(problem, language), REFUSED)
    done_so = say(N_("{added} baru, {revised} diperbarui, {unchanged} tetap."), language)
    click.echo(done_so.format(**vars(done)))


@bank.command("export")
@click.option("--office", required=True, help="The office's code or short name.")
@click.option("--format", "format_name", required=True, type=click.Choice(sorted(WRITERS)))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A file; without it standard output."
)
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def export_command(office: str, format_name: str, out: Path | None, language: str) -> None:
    """Every item that is not retired, with its key and pictures, as one file; also beside a server."""
    with _shared(_settings()) as db:
        try:
            found = find_office(db, office)
        except Refusal as problem:
            _fail(sentence(problem, language), REFUSED)
        with db.read() as tx:
            items, pictures = export.items_of(tx, found.id)
    data = dump(items, format_name, pictures)
    for lost in losses(items, format_name):
        click.echo(f"{lost.where}: {problem_sentence(lost, lambda text: say(text, language))}", err=True)
    try:
        (out.write_bytes if out else sys.stdout.buffer.write)(data)
    except OSError as problem:
        _fail(f"{out}: {problem.strerror}", UNREADABLE)
    click.echo(say(N_("{count} soal ditulis."), language).format(count=len(items)), err=True)


def _import(db: Database, report: intake.Report, office: str) -> Imported:
    found = find_office(db, office)
    with click.progressbar(length=len(report.items), file=sys.stderr) as bar:
        return intake.bring_in(db, found.id, report, Clock().now(), lambda done, total: bar.update(1))


def _read(file: Path, language: str) -> intake.Report:
    try:
        return intake.read(file, language)
    except intake.CannotRead as problem:
        _fail(str(problem), UNREADABLE)


def _settings() -> Settings:
    try:
        return load(os.environ)
    except BadSetting as problem:
        _fail(str(problem), UNREADABLE)


@contextlib.contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    """The database for one command, which on SQLite has it alone; a running server makes the command end."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        lock = InstanceLock(settings.sqlite_folder) if settings.sqlite else None
    except AlreadyRunning as problem:
        _fail(str(problem), UNREADABLE)
    db = Database(settings.database_url)
    try:
        yield db
    finally:
        db.close()
        if lock:
            lock.release()


@contextlib.contextmanager
def _shared(settings: Settings) -> Iterator[Database]:
    """The database for one short write beside a server; one that was never used gets its schema first."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db = Database(settings.database_url)
    try:
        if is_missing(db):
            with _opened(settings) as alone:
                upgrade_schema(alone)
        yield db
    finally:
        db.close()


def _fail(said: str, code: int) -> NoReturn:
    click.echo(said, err=True)
    sys.exit(code)


def _become_server(host: str, port: int) -> NoReturn:
    """wsgi.py must patch before anything is imported, so this process becomes it."""
    sys.stdout.flush()
    os.environ.update(EXAM_HOST=host, PORT=str(port))
    os.execv(sys.executable, [sys.executable, str(ROOT / "wsgi.py")])  # noqa: S606
