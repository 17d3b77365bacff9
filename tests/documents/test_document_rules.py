"""When a file has to be sent anew, probed around each cut."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exam_server.documents.rules import KINDS, needs_renewal
from tests.factories import START


@pytest.mark.parametrize(
    ("kind", "days", "renewed"),
    [
        ("photo", 0, False),
        ("photo", 364, False),
        ("photo", 365, False),
        ("photo", 366, True),
        ("ktp", 366, False),
        ("ktp", 1826, False),
        ("ktp", 1827, True),
        ("ijazah", 1826, False),
        ("ijazah", 1827, True),
    ],
)
def test_a_file_grows_too_old_on_its_day(kind: str, days: int, renewed: bool) -> None:
    assert needs_renewal(kind, START, (START + timedelta(days=days)).date()) is renewed


@pytest.mark.parametrize("kind", KINDS)
def test_an_instant_counts_as_its_day(kind: str) -> None:
    later = START + timedelta(days=4000)
    assert needs_renewal(kind, START, later) is needs_renewal(kind, START, later.date()) is True


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_today_is_good(kind: str) -> None:
    assert not needs_renewal(kind, START, START)
