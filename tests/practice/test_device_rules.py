"""The judgement of a device: each line round each of its limits, and what the lines come to."""

from __future__ import annotations

from typing import Any

import pytest

from exam_server.practice.rules import ADVICE, LINES, DeviceFacts, judge, outcome, read_facts
from tests.practice.samples import FACTS


def facts(**changed: Any) -> DeviceFacts:
    return read_facts(FACTS | changed)


def test_a_good_device_is_good_in_every_line() -> None:
    assert set(judge(facts()).values()) == {"good"}
    assert tuple(judge(facts())) == LINES
    assert outcome(judge(facts())) == "good"


@pytest.mark.parametrize(
    ("changed", "line", "wanted"),
    [
        ({"features": False}, "browser", "bad"),
        ({"link": "http"}, "socket", "weak"),
        ({"link": "none"}, "socket", "bad"),
        ({"latency_ms": 399}, "latency", "good"),
        ({"latency_ms": 400}, "latency", "weak"),
        ({"latency_ms": 2499}, "latency", "weak"),
        ({"latency_ms": 2500}, "latency", "bad"),
        ({"latency_ms": None}, "latency", "bad"),
        ({"store": "simple"}, "storage", "weak"),
        ({"store": "none"}, "storage", "weak"),
        ({"room_mb": 5}, "storage", "good"),
        ({"room_mb": 4}, "storage", "weak"),
        ({"room_mb": None}, "storage", "good"),
        ({"worker": False}, "worker", "weak"),
        ({"width": 320}, "width", "good"),
        ({"width": 319}, "width", "weak"),
        ({"offset_ms": 300_000}, "clock", "good"),
        ({"offset_ms": -300_001}, "clock", "weak"),
        ({"offset_ms": None}, "clock", "good"),
        ({"battery": 39}, "battery", "weak"),
        ({"battery": 39, "charging": True}, "battery", "good"),
        ({"battery": 40}, "battery", "good"),
        ({"battery": None, "charging": None}, "battery", "good"),
    ],
    ids=str,
)
def test_a_line_turns_at_its_limit(changed: dict[str, Any], line: str, wanted: str) -> None:
    lines = judge(facts(**changed))
    assert lines[line] == wanted
    assert {name for name, found in lines.items() if found != "good"} <= {line}


def test_the_outcome_is_the_worst_of_what_counts() -> None:
    assert outcome(judge(facts(link="http"))) == "weak"
    assert outcome(judge(facts(link="http", features=False))) == "bad"


def test_what_may_be_otherwise_on_the_day_is_advice_only() -> None:
    lines = judge(facts(offset_ms=10**9, battery=1))
    assert {lines[name] for name in ADVICE} == {"weak"}
    assert outcome(lines) == "good"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "x",
        {},
        FACTS | {"features": 1},
        FACTS | {"link": "pigeon"},
        FACTS | {"link": ["socket"]},
        FACTS | {"latency_ms": -1},
        FACTS | {"latency_ms": 120_001},
        FACTS | {"latency_ms": "80"},
        FACTS | {"latency_ms": True},
        FACTS | {"latency_ms": 1.5},
        FACTS | {"offset_ms": 10**15},
        FACTS | {"store": None},
        FACTS | {"room_mb": 10**10},
        FACTS | {"worker": None},
        FACTS | {"width": None},
        FACTS | {"width": 0},
        FACTS | {"battery": 101},
        FACTS | {"charging": "yes"},
    ],
    ids=str,
)
def test_facts_that_cannot_be_are_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_facts(raw)


def test_what_is_reported_besides_is_not_kept() -> None:
    assert read_facts(FACTS | {"story": "x" * 100}) == facts()
