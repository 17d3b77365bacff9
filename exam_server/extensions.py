"""What `create_app` built once for this process, and how a view reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g

from config import Settings
from exam_server.apart import Act, reckon
from exam_server.clock import Clock
from exam_server.db import Database

RunBlocking = Callable[..., Any]


@dataclass(frozen=True)
class House:
    """The foundations of one process: settings, database, clock, and real threads for slow work."""

    settings: Settings
    db: Database
    clock: Clock
    run_blocking: RunBlocking


def house() -> House:
    found: House = current_app.extensions["house"]
    return found


def db() -> Database:
    return house().db


def now() -> datetime:
    """The instant of this request, taken once when it arrived."""
    instant: datetime = g.now
    return instant


def reckon_apart(act: Act, arguments: dict[str, Any]) -> Any:
    """What `act` answers in a process of its own, while others are served; raises ReckoningFailed."""
    here = house()
    return here.run_blocking(reckon, here.settings.database_url, act, arguments)
