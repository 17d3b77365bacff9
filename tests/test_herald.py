"""Facts are told in order, later, by somebody else."""

from __future__ import annotations

import pytest

from exam_server.herald import Herald


def test_facts_are_told_in_the_order_in_which_they_came() -> None:
    told: list[tuple[str, int, str]] = []
    herald = Herald(lambda *fact: told.append(fact))
    herald.put("closed", 1, "a")
    herald.put("frozen", 2, "b")
    assert told == []
    herald.round()
    assert told == [("closed", 1, "a"), ("frozen", 2, "b")]


def test_a_fact_that_cannot_be_told_stops_no_other() -> None:
    told: list[int] = []

    def tell(event: str, data: int, room: str) -> None:
        if data == 1:
            raise OSError("the queue is away")
        told.append(data)

    herald = Herald(tell)
    herald.put("rows", 1, "a")
    herald.put("rows", 2, "a")
    with pytest.raises(OSError, match="away"):
        herald.round()
    herald.round()
    assert told == [2]
