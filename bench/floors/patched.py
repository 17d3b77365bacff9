"""Patches the standard library for EXAM_ASYNC; imported before anything else."""

from __future__ import annotations

import os

MODE = os.environ.get("EXAM_ASYNC") or "eventlet"

if MODE == "eventlet":
    import warnings

    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
elif MODE == "gevent":
    from gevent import monkey

    monkey.patch_all()
else:
    raise SystemExit("EXAM_ASYNC must be eventlet or gevent.")
