"""A refusal that leaves an application as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exam_server.errors import Refusal
from tests.factories import DAY, START
from tests.screening.cast import Bureau, Filed

CLOSES = START + 14 * DAY
TICK = timedelta(microseconds=1)


def refused(why: type[Refusal], bureau: Bureau, filed: Filed, act: object) -> None:
    """`act` raises that refusal and leaves the application, its history and its letters as they were."""
    before = (
        vars(bureau.row(filed)) | {"_sa_instance_state": 0},
        bureau.events(filed),
        len(bureau.letters(filed)),
    )
    with pytest.raises(why):
        act()  # type: ignore[operator]
    after = (
        vars(bureau.row(filed)) | {"_sa_instance_state": 0},
        bureau.events(filed),
        len(bureau.letters(filed)),
    )
    assert after == before
