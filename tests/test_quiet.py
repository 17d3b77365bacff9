"""The same trouble is written a few times and then counted, and no other trouble is held back with it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from exam_server.quiet import AT_MOST, MOST_KINDS, PERIOD, Repeats


class Lines(logging.Handler):
    """Keeps what it was given to write."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.at = 0.0
        self.addFilter(Repeats(lambda: self.at))

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger("sample").addHandler(handler)
    yield handler
    logging.getLogger("sample").removeHandler(handler)


def say(times: int, what: str = "a batch of acts could not be committed") -> None:
    for _ in range(times):
        logging.getLogger("sample").error(what)


def test_a_trouble_that_repeats_is_written_a_few_times(lines: Lines) -> None:
    say(1000)
    assert len(lines.said) == AT_MOST


def test_what_was_held_back_is_counted_in_the_first_line_after_it(lines: Lines) -> None:
    say(1000)
    lines.at = PERIOD
    say(2)
    assert "[and 995 more of this kind meanwhile]" in lines.said[AT_MOST]
    assert "meanwhile" not in lines.said[-1]


def test_another_trouble_is_written_beside_it(lines: Lines) -> None:
    say(1000)
    say(1, "the clock we go by is back")
    assert lines.said[-1] == "the clock we go by is back"


def test_another_error_under_the_same_words_is_another_trouble(lines: Lines) -> None:
    for problem in (OSError, ValueError):
        for _ in range(AT_MOST + 1):
            try:
                raise problem
            except problem:
                logging.getLogger("sample").exception("a round failed")
    assert len(lines.said) == 2 * AT_MOST


def test_the_memory_of_kinds_is_bounded(lines: Lines) -> None:
    for number in range(MOST_KINDS + 10):
        say(1, f"trouble {number}")
    (repeats,) = lines.filters
    assert isinstance(repeats, Repeats)
    assert len(repeats._kinds) <= MOST_KINDS
