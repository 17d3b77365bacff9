"""`create_app` is the table of contents, and this the one place where errors become answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_socketio import SocketIO
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from config import ROOT, Settings
from exam_server import auth, forms, pages
from exam_server.accounts import service as accounts
from exam_server.accounts import views as accounts_views
from exam_server.accounts.watch import SessionWatch
from exam_server.acts import views as acts_views
from exam_server.analysis import views as analysis_views
from exam_server.announcements import views as announcements_views
from exam_server.announcements.telling import Telling
from exam_server.approvals import views as approvals_views
from exam_server.archives import views as archives_views
from exam_server.archives.worker import Exporting
from exam_server.attention import views as attention_views
from exam_server.attention.sockets import AttentionSockets
from exam_server.auth import Viewer
from exam_server.blueprints import views as blueprints_views
from exam_server.board import views as board_views
from exam_server.board.audience import Audience
from exam_server.board.publisher import Publisher
from exam_server.board.sockets import BoardSockets
from exam_server.clock import Clock, to_ms
from exam_server.corrections import views as corrections_views
from exam_server.db import Database
from exam_server.decided import add_approvals
from exam_server.documents import views as documents_views
from exam_server.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    Refusal,
    SignInNeeded,
    StorageUnavailable,
    TooLarge,
)
from exam_server.exam import offline as exam_offline
from exam_server.exam import views as exam_views
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.outages import Beat
from exam_server.exam.paper_page import PaperPages
from exam_server.exam.papers import PaperShelf
from exam_server.exam.settling import Settler
from exam_server.exam.sockets import ExamSockets
from exam_server.exam.sweeper import Sweeper
from exam_server.extensions import House, RunBlocking, house, now
from exam_server.extra_time import views as extra_time_views
from exam_server.extra_time.noticing import Noticing
from exam_server.imports import views as imports_views
from exam_server.imports.tidying import Tidying
from exam_server.language import sentence
from exam_server.live import LARGEST_FRAME, Live, TextPacket
from exam_server.messages import views as messages_views
from exam_server.messages.sockets import MessageSockets
from exam_server.metrics import views as metrics_views
from exam_server.minutes import views as minutes_views
from exam_server.my_account import views as my_account_views
from exam_server.neighbours import Alone
from exam_server.offices import views as offices_views
from exam_server.outbox import views as outbox_views
from exam_server.outbox.postman import Postman
from exam_server.placings import views as placings_views
from exam_server.placings.worker import Offering
from exam_server.practice import views as practice_views
from exam_server.practice.sockets import PracticeSockets
from exam_server.profile import views as profile_views
from exam_server.questions import views as questions_views
from exam_server.ranking import views as ranking_views
from exam_server.receipts import views as receipts_views
from exam_server.recovery import views as recovery_views
from exam_server.recruitments import views as recruitments_views
from exam_server.registration import views as registration_views
from exam_server.reminders.worker import Reminding
from exam_server.screening import views as screening_views
from exam_server.selection import views as selection_views
from exam_server.signup import views as signup_views
from exam_server.sittings import views as sittings_views
from exam_server.staff import views as staff_views
from exam_server.status import views as status_views
from exam_server.timeline import views as timeline_views
from exam_server.trail import views as trail_views
from exam_server.workers_queue import WorkersQueue

LARGEST_FORM = 1_000_000


class Storable(IntegerConverter):
    """A number in an address that no column can hold names nothing that is there."""

    regex = "[0-9]{1,9}"


def create_app(
    settings: Settings, db: Database, clock: Clock, run_blocking: RunBlocking = lambda act, *args: act(*args)
) -> Flask:
    """One process's application; its workers (`app.extensions["workers"]`) are started by the caller."""
    app = Flask("exam_server", root_path=str(ROOT), template_folder=str(ROOT / "templates"),
                static_folder=str(ROOT / "static"))  # fmt: skip
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, SECRET_KEY=settings.secret_key)
    app.url_map.converters = app.url_map.converters | {"int": Storable}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    queue = WorkersQueue(settings.redis_url) if settings.redis_url else None
    socketio = SocketIO(
        app, async_mode=settings.async_mode, async_handlers=False, manage_session=False,
        cors_allowed_origins=[settings.base_url, *settings.origins],
        client_manager=queue, serializer=TextPacket,
        transports=["websocket"], max_http_buffer_size=LARGEST_FRAME, allow_upgrades=False,
    )  # fmt: skip
    app.extensions["house"] = House(settings, db, clock, run_blocking)
    app.before_request(_take_the_time)
    app.before_request(_refuse_unstorable_text)
    pages.init_app(app)
    load_viewer = _viewer_loader(db)
    auth.init_app(app, load_viewer)
    live = Live(socketio, clock, load_viewer, auth.session_cookie(settings))
    _add_features(app, settings, db, clock, live, Audience(live, db, queue or Alone()))
    _map_errors(app)
    return app


FEATURES = (
    offices_views,
    accounts_views,
    signup_views,
    my_account_views,
    staff_views,
    approvals_views,
    outbox_views,
    documents_views,
    profile_views,
    recruitments_views,
    registration_views,
    recovery_views,
    screening_views,
    selection_views,
    sittings_views,
    exam_views,
    extra_time_views,
    receipts_views,
    exam_offline,
    messages_views,
    attention_views,
    acts_views,
    practice_views,
    minutes_views,
    timeline_views,
    imports_views,
    questions_views,
    blueprints_views,
    board_views,
    corrections_views,
    placings_views,
    analysis_views,
    ranking_views,
    announcements_views,
    archives_views,
    status_views,
    trail_views,
    metrics_views,
)
"""Whatever has addresses of its own."""


def _add_features(
    app: Flask, settings: Settings, db: Database, clock: Clock, live: Live, audience: Audience
) -> None:
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.register_blueprint(announcements_views.desk)
    add_approvals(app)
    autosave = GroupCommit(db)
    app.extensions["autosave"] = autosave
    app.extensions["paper_shelf"] = shelf = PaperShelf()
    app.extensions["paper_pages"] = PaperPages(app, shelf)
    app.extensions["live"] = live
    ExamSockets(live, db, autosave)
    MessageSockets(live, db, autosave)
    AttentionSockets(live, db, autosave)
    PracticeSockets(live, db, autosave)
    BoardSockets(live, db, audience)
    app.extensions["audience"] = audience
    app.extensions["workers"] = [
        live.herald,
        autosave,
        Sweeper(db, clock, autosave),
        Settler(db, clock, autosave, settings.secret_key),
        Beat(clock, autosave),
        Noticing(db, clock),
        Publisher(db, clock, live, audience),
        SessionWatch(db, clock, live.drop_changed),
        Postman(db, clock, settings),
        Reminding(db, clock),
        Tidying(db, clock),
        Telling(db, clock),
        Exporting(db, clock, settings.data_dir),
        Offering(db, clock),
    ]


def _take_the_time() -> None:
    """The one reading of the clock of a request."""
    g.now = house().clock.now()


def _refuse_unstorable_text() -> None:
    """No person types the character 0, and PostgreSQL cannot hold it."""
    given = [request.path, request.user_agent.string, *request.args.values(), *request.form.values()]
    if any("\0" in text for text in given):
        raise BadRequest


def _viewer_loader(db: Database) -> Callable[[str, datetime], Viewer | None]:
    def load(token: str, now: datetime) -> Viewer | None:
        live = accounts.live_session(db, token, now)
        return (
            Viewer(live.account_id, live.session_id, live.name, live.email, live.roles, live.second_factor)
            if live
            else None
        )

    return load


HTTP_ERRORS: dict[int, type[Refusal]] = {
    400: BadRequest, 401: SignInNeeded, 403: Forbidden, 404: NotFound, 405: NotFound, 413: TooLarge,
}  # fmt: skip


def _map_errors(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> ResponseReturnValue:
        response = make_response(_answer(refusal))
        if wait := refusal.details.get("retry_after"):
            response.headers["Retry-After"] = str(wait)
        return response

    @app.errorhandler(HTTPException)
    def http(problem: HTTPException) -> ResponseReturnValue:
        return _answer(HTTP_ERRORS.get(problem.code or 500, BadRequest)(), problem.code)

    @app.errorhandler(Exception)
    def unexpected(problem: Exception) -> ResponseReturnValue:
        app.logger.error("%s %s failed", request.method, _path_for_the_log(), exc_info=problem)
        away = isinstance(problem, (OperationalError, PoolTimeout))
        return _answer(StorageUnavailable(), 503 if away else 500)


def _path_for_the_log() -> str:
    """Without the token of a link: whoever reads the log must not be able to follow it."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "<token>") if token else request.path


def _answer(refusal: Refusal, status: int | None = None) -> ResponseReturnValue:
    """A refusal as the caller can read it: JSON for a program, a page for a person."""
    code = status or refusal.status
    if code >= 500:
        auth.forget_viewer()
    said = sentence(refusal, pages.language())
    if forms.wants_json():
        told: dict[str, Any] = {"ok": False, "code": refusal.code, "sentence": said, **refusal.details}
        return jsonify(told | {"now": to_ms(now())}), code
    if isinstance(refusal, SignInNeeded) and request.method == "GET":
        return accounts_views.ask_to_sign_in(request.full_path.rstrip("?"))
    return render_template("error.html", refusal=refusal, said=said, status=code), code
