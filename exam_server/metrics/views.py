"""GET /metrics, for a monitor on this machine and for superadmins: this worker's clock, everybody's exams.

A request that came through a proxy is never taken for one of this machine, whatever its last hop was.
"""

from __future__ import annotations

from ipaddress import ip_address

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from exam_server import auth
from exam_server.errors import Forbidden
from exam_server.extensions import db, house
from exam_server.metrics import service

bp = Blueprint("metrics", __name__)

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@bp.get("/metrics")
@auth.open_to(auth.ANYONE)
def metrics() -> ResponseReturnValue:
    """The gauges of this moment in Prometheus' text format; raises SignInNeeded, Forbidden."""
    if not _from_this_machine():
        _require_superadmin()
    return Response(generate_latest(_gauges()), content_type=CONTENT_TYPE_LATEST)


def _from_this_machine() -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _require_superadmin() -> None:
    if not auth.viewer().is_superadmin:
        raise Forbidden


def _gauges() -> CollectorRegistry:
    clock, registry = house().clock, CollectorRegistry()
    for name, what, value in (
        ("exam_clock_step_seconds", "How far the clock we go by has moved away from our own time.",
         clock.last_step.total_seconds()),
        ("exam_closing_held", "1 while a step of the clock holds automatic closing.", clock.alarmed),
        ("exam_attempts_running", "Attempts that were started and not closed yet.",
         service.attempts_running(db())),
    ):  # fmt: skip
        Gauge(name, what, registry=registry).set(value)
    return registry
