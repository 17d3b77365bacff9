"""Brings servers up quickly: a process that imported `wsgi.py` once, and each server is a fork of it.

A start costs more than a second of a core, nearly all of it imports, which are the same for every server of
one async mode; what a server does of its own begins with `wsgi.main`. Each line that comes in is a server to
start, as JSON {"script": path, "env": ..., "log": path}; its process id goes out. Run with EXAM_ASYNC set.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import sys
import traceback
from typing import Any, NoReturn

import wsgi  # first of all: it patches what the others are made of

import psycopg  # noqa: F401  isort: skip


def main() -> None:
    """Serves until nobody can order any more."""
    if wsgi.ASYNC_MODE == "eventlet":
        import eventlet.wsgi  # noqa: F401
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ended is nobody's business here
    for line in sys.stdin.buffer:
        if os.fork() == 0:
            live(json.loads(line))


def live(order: dict[str, Any]) -> NoReturn:
    """The whole life of one server, in a session of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.write(1, b"%d\n" % os.getpid())
    begin_anew()
    drivers = {name: os.environ[name] for name in (wsgi.PSYCOPG_WAIT,) if name in os.environ}
    os.environ.clear()
    os.environ.update(drivers | order["env"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    for source, target in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(source, target)
    os._exit(_served(order["script"]))


def begin_anew() -> None:
    """A loop of its own: eventlet's was made by patching, and a fork would share it with its brothers.

    Each would then be woken for what the others hear, and spin; gevent sees to it by itself.
    """
    if wsgi.ASYNC_MODE == "eventlet":
        from eventlet import hubs

        hubs.get_hub().poll.close()
        hubs.use_hub()


def _served(script: str) -> int:
    """The exit code; whatever was said by then is in the log."""
    try:
        if script == wsgi.__file__:
            return wsgi.main()
        runpy.run_path(script, run_name="__main__")  # a variant of it
        return 0
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
