"""The only module that knows the async server: patch, build the app, start its workers, serve.

`python wsgi.py` serves; nothing else may import it. Reads EXAM_ASYNC before anything is imported, because
patching must come first. Why each line is here was measured: see docs/decisions.md, "Serving".
"""

from __future__ import annotations

import os
import sys

ASYNC_MODE = os.environ.get("EXAM_ASYNC") or "eventlet"
PSYCOPG_WAIT = "PSYCOPG_WAIT_FUNC"
HASHERS = max(1, (os.cpu_count() or 1) - 1)
"""Passwords hashed at once: a whole sitting that signs in must leave a core to the saves of another."""

if ASYNC_MODE == "eventlet":
    import warnings

    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet
    import eventlet.tpool

    eventlet.monkey_patch()
    eventlet.tpool.set_num_threads(HASHERS)
    # psycopg knows gevent but not eventlet: without this line a query would block every candidate.
    os.environ.setdefault(PSYCOPG_WAIT, "wait_selector")
elif ASYNC_MODE == "gevent":
    import gevent
    from gevent import monkey

    monkey.patch_all()
    gevent.get_hub().threadpool.maxsize = HASHERS

import errno
import gc
import logging
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from config import BadSetting, Settings, load
from exam_server import create_app, heartbeat, supervisor
from exam_server.clock import WALL
from exam_server.db import Database, UnsafeDatabase
from exam_server.live import LARGEST_FRAME
from exam_server.lock import AlreadyRunning, InstanceLock
from exam_server.pace import Pace
from exam_server.quiet import Repeats

BACKLOG = 4096
SHORTAGE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
MOST_CONNECTIONS = 30_000
"""eventlet serves 1,024 connections unless told otherwise, and every WebSocket holds one."""

MOST_UNHANDLED = 100
"""Messages that one connection may have waiting."""


class NoDeflate:
    """Drops the offer of permessage-deflate: it would cost 2.6 times the memory and 40 % of the rate.

    Each request begins with a turn for everybody else: a connection that sends its requests without waiting
    for answers would otherwise keep the only thread to itself.
    """

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        time.sleep(0)
        return self._app(environ, start_response)


class PatientListener:
    """A listening socket that outlives a shortage of descriptors: eventlet would stop accepting for good."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener

    def __getattr__(self, name: str) -> Any:
        return getattr(self._listener, name)

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection; waits while the process or the machine has no descriptor left."""
        while True:
            try:
                return self._listener.accept()
            except OSError as problem:
                if problem.errno not in SHORTAGE:
                    raise
                logging.getLogger(__name__).error("no new connection can be taken: %s", problem)
                time.sleep(0.5)


def unmask(data: bytes, mask: bytes, length: int | None = None, offset: int = 0) -> bytes:
    """A WebSocket frame without its mask, by one big-integer XOR; byte by byte is 80 times slower."""
    size = len(data) if length is None else length
    turned = bytes(mask[(offset + place) % 4] for place in range(4))
    pad = (turned * (size // 4 + 1))[:size]
    plain = int.from_bytes(data[:size], "little") ^ int.from_bytes(pad, "little")
    return plain.to_bytes(size, "little")


def bind_websockets() -> None:
    """Quick unmasking, a message no larger than a frame may be, and no connection that starves the others.

    eventlet reads on as long as there is something to read, so one browser that never pauses would stop
    everybody; and it joins fragments without end, so one message could fill the memory.
    """
    import eventlet.websocket as websocket

    class Bounded(websocket.RFC6455WebSocket):  # type: ignore[misc]
        _apply_mask = staticmethod(unmask)

        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            self._pace = Pace()

        def _recv_frame(self, message: Any = None) -> Any:
            if wait := self._pace.take():
                time.sleep(wait)
            if message and sum(map(len, message.data)) + len(message.data) > self.max_frame_length:
                raise websocket.FailedConnectionError(1009, "The message is too large.")
            return super()._recv_frame(message)

    websocket.RFC6455WebSocket = Bounded


def bind_simple_websockets() -> None:
    """The same bounds for the WebSockets of gevent and threads, which read ahead of whoever handles them."""
    import simple_websocket

    class Bounded(simple_websocket.Server):  # type: ignore[misc]
        def __init__(self, *args: Any, **named: Any) -> None:
            self._pace = Pace()
            super().__init__(*args, max_message_size=LARGEST_FRAME, **named)

        def _handle_events(self) -> bool:
            """What one read brought: in turn, and not while much of the last is still unhandled."""
            time.sleep(self._pace.take())
            while self.connected and len(self.input_buffer) > MOST_UNHANDLED:
                time.sleep(0.05)
            return bool(super()._handle_events())

    simple_websocket.Server = Bounded


def run_blocking(act: Callable[..., Any], *args: Any) -> Any:
    """Run slow work (password hashing) in a real thread, so that it holds up nobody else."""
    if ASYNC_MODE == "eventlet":
        from eventlet import tpool

        return tpool.execute(act, *args)
    if ASYNC_MODE == "gevent":
        import gevent

        return gevent.get_hub().threadpool.apply(act, args)
    return act(*args)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket without SO_REUSEPORT (a second server must fail) and without Nagle's 40 ms wait."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        listener.close()
        raise AlreadyRunning(
            f"Port {port} of {host} cannot be had ({problem}): set another PORT."
        ) from problem
    listener.listen(BACKLOG)
    return listener


def serve(listener: socket.socket, app: Any) -> None:
    """Serve until the process is told to end."""
    if ASYNC_MODE == "eventlet":
        import eventlet.wsgi

        bind_websockets()
        patient = PatientListener(listener)
        eventlet.wsgi.server(patient, app, max_size=MOST_CONNECTIONS, log_output=False, debug=False)
    elif ASYNC_MODE == "gevent":
        from gevent.pywsgi import WSGIServer

        bind_simple_websockets()
        WSGIServer(listener, app, log=None).serve_forever()
    else:
        from werkzeug.serving import make_server

        bind_simple_websockets()
        host, port = listener.getsockname()[:2]
        make_server(host, port, app, threaded=True, fd=listener.fileno()).serve_forever()


def check_cooperation(db: Database) -> None:
    """Four queries that sleep must sleep together: a driver that blocks would stop every candidate.

    Raises UnsafeDatabase.
    """
    _nap_together(db)  # the first round opens the connections, which takes its own time
    if _nap_together(db) > 0.3:
        raise UnsafeDatabase(f"the PostgreSQL driver blocks under {ASYNC_MODE}: set {PSYCOPG_WAIT}.")


def _nap_together(db: Database) -> float:
    """The seconds that four naps of 0.1 s take."""
    started = time.monotonic()
    threads = [threading.Thread(target=_nap, args=(db,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - started


def _nap(db: Database) -> None:
    with db.engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(0.1)"))


def open_database(settings: Settings) -> Database:
    """The database of this process, proved durable and cooperative; raises UnsafeDatabase."""
    db = Database(settings.database_url)
    db.check()
    if not db.sqlite:
        check_cooperation(db)
    return db


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.Formatter.converter = time.gmtime
    for handler in logging.getLogger().handlers:
        handler.addFilter(Repeats())
    os.umask(0o077)  # answers, items and names are readable by this user alone
    try:
        settings = load(os.environ)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        listener = inherited_listener() or listen(os.environ.get("EXAM_HOST", "127.0.0.1"), _port())
        if settings.workers > 1 and supervisor.LISTENER not in os.environ:
            return supervisor.supervise(listener.fileno(), settings.workers, Path(__file__))
        lock = InstanceLock(settings.sqlite_folder) if settings.sqlite else None
        return work(settings, listener, open_database(settings), lock)
    except (BadSetting, UnsafeDatabase, AlreadyRunning) as problem:
        print(problem, file=sys.stderr)
        return 2


def work(settings: Settings, listener: socket.socket, db: Database, lock: InstanceLock | None) -> int:
    """One worker's life; `lock` is held as long as it lasts."""
    # PostgreSQL keeps one time for all workers; either clock may be set wrong while no server runs
    clock = heartbeat.remembered_clock(settings.data_dir, WALL if db.sqlite else db.seconds)
    app = create_app(settings, db, clock, run_blocking)
    app.extensions["workers"].append(heartbeat.Heart(clock, settings.data_dir))
    if "EXAM_DEMO" in os.environ:  # as `exam-server demo` leaves it, and nothing else
        from exam_server.demo.phones import Phones

        app.extensions["workers"].append(Phones(clock, app.extensions["autosave"]))
    for worker in app.extensions["workers"]:
        worker.start()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    host, port = listener.getsockname()[:2]
    print(f"serving on http://{host}:{port} ({ASYNC_MODE})", flush=True)
    threading.Thread(target=serve, args=(listener, NoDeflate(app)), name="serve", daemon=True).start()
    supervisor.until_told_to_end()
    for worker in reversed(app.extensions["workers"]):
        worker.stop()
    if lock:
        lock.release()
    return 0


def inherited_listener() -> socket.socket | None:
    """The socket that the supervisor opened for all its workers."""
    descriptor = os.environ.get(supervisor.LISTENER)
    return socket.socket(fileno=int(descriptor)) if descriptor else None


def _port() -> int:
    raw = os.environ.get("PORT", "8000")
    if not raw.isdecimal() or int(raw) > 65535:
        raise BadSetting(f"PORT is {raw!r}, but must be a whole number up to 65535.")
    return int(raw)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.exit(main())
