"""How good a device is for the exam: a pure judgement of the facts that its own page measured and reported.

Each line is good, weak (the exam works, with a drawback) or bad (it does not). What may be otherwise on the
day (clock, battery) is advice: it is judged and shown, and does not count in the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

Outcome = Literal["good", "weak", "bad"]
LINES = ("browser", "socket", "latency", "storage", "worker", "width", "clock", "battery")
ADVICE = ("clock", "battery")

QUICK_MS, SLOW_MS = 400, 2500
"""Round trips: below the first nobody notices, below the second a save comes before its page doubts."""
CLOCK_OFF_MS = 5 * 60 * 1000
LEAST_ROOM_MB = 5
NARROWEST = 320
LEAST_BATTERY = 40
"""Percent; an hour of a bright screen may take as much."""

LINKS = ("socket", "http", "none")
STORES = ("database", "simple", "none")


@dataclass(frozen=True)
class DeviceFacts:
    """What one page found; None where its browser does not tell."""

    features: bool
    """Modules, fetch and dialogs are there."""
    link: str
    """`socket`: a WebSocket answers; `http`: only requests do; `none`: nothing answers."""
    latency_ms: int | None
    offset_ms: int | None
    """The device's wall clock minus the server's."""
    store: str
    """`database`: IndexedDB gives back what was written; `simple`: only localStorage does; `none`."""
    room_mb: int | None
    worker: bool
    width: int
    """CSS pixels."""
    battery: int | None
    """Percent."""
    charging: bool | None


def read_facts(raw: object) -> DeviceFacts:
    """The facts as they came over the wire; raises ValueError when one is missing or cannot be."""
    if not isinstance(raw, dict):
        raise ValueError("facts are an object")
    return DeviceFacts(
        features=_truth(raw, "features"), link=_word(raw, "link", LINKS),
        latency_ms=_number(raw, "latency_ms", 0, 120_000),
        offset_ms=_number(raw, "offset_ms", -(10**14), 10**14), store=_word(raw, "store", STORES),
        room_mb=_number(raw, "room_mb", 0, 10**9), worker=_truth(raw, "worker"),
        width=_needed(_number(raw, "width", 1, 100_000)), battery=_number(raw, "battery", 0, 100),
        charging=None if raw.get("charging") is None else _truth(raw, "charging"),
    )  # fmt: skip


def judge(facts: DeviceFacts) -> dict[str, Outcome]:
    """Every line, in the order in which it is shown."""
    return {
        "browser": "good" if facts.features else "bad",
        "socket": {"socket": "good", "http": "weak"}.get(facts.link, "bad"),
        "latency": _latency(facts),
        "storage": "good" if facts.store == "database" and _roomy(facts) else "weak",
        "worker": "good" if facts.worker else "weak",
        "width": "good" if facts.width >= NARROWEST else "weak",
        "clock": "weak" if abs(facts.offset_ms or 0) > CLOCK_OFF_MS else "good",
        "battery": "weak" if _runs_down(facts) else "good",
    }


def outcome(lines: Mapping[str, Outcome]) -> Outcome:
    """The worst of what counts."""
    found = {lines[name] for name in LINES if name not in ADVICE}
    return "bad" if "bad" in found else "weak" if "weak" in found else "good"


def _latency(facts: DeviceFacts) -> Outcome:
    if facts.latency_ms is None or facts.latency_ms >= SLOW_MS:
        return "bad"
    return "good" if facts.latency_ms < QUICK_MS else "weak"


def _roomy(facts: DeviceFacts) -> bool:
    return facts.room_mb is None or facts.room_mb >= LEAST_ROOM_MB


def _runs_down(facts: DeviceFacts) -> bool:
    return facts.battery is not None and facts.battery < LEAST_BATTERY and not facts.charging


def _truth(raw: Mapping[str, object], name: str) -> bool:
    value = raw.get(name)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false")
    return value


def _word(raw: Mapping[str, object], name: str, known: tuple[str, ...]) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} is one of {known}")
    return value


def _number(raw: Mapping[str, object], name: str, least: int, most: int) -> int | None:
    value = raw.get(name)
    if value is None:
        return None
    if not _whole(value) or not least <= value <= most:
        raise ValueError(f"{name} is a whole number from {least} to {most}")
    return value


def _needed(value: int | None) -> int:
    if value is None:
        raise ValueError("this fact is always known")
    return value


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
