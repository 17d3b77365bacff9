"""However often, and of however many announcements, guests ask: a file that is long to make is made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exam_server.announcements import downloads, press
from exam_server.announcements.press import Press
from exam_server.announcements.reading import Shelf, Version, of_office
from exam_server.db import Database
from tests.announcements.announcing import happen, publish
from tests.factories import HOUR
from tests.ranking.stand import AFTER, Stand, build

ADDRESS = "http://localhost/verify/result/x"
KINDS = ("pdf", "csv", "xlsx")


class Made:
    """Stands for the threads of the server, and counts what was made in them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, act: Callable[..., Any], *told: Any) -> Any:
        self.count += 1
        return act(*told)


@pytest.fixture
def stand(sqlite_url: str) -> Stand:
    return build(Database(sqlite_url), frozen=True)


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is a long one, and is reckoned apart here."""
    monkeypatch.setattr(downloads, "MANY", 0)

    def here(url: str, act: Callable[..., Any], asked: dict[str, Any]) -> Any:
        return act(Database(url), asked, lambda done, total: None)

    monkeypatch.setattr(press.apart, "reckon", here)


def versions(stand: Stand, count: int) -> tuple[Version, ...]:
    """So many announcements, each of which changes something."""
    publish(stand)
    for number in range(1, count):
        happen(stand, "withdrew", number - 1, AFTER)
        publish(stand, at=AFTER + number * HOUR)
    return of_office(stand.db, "jepara", AFTER + count * HOUR).versions


def take_all(
    stand: Stand, folder: Path, known: tuple[Version, ...], made: Made, times: int = 1
) -> set[bytes]:
    """Every file of every version, again and again, by a process that has just started."""
    mine = Press(Shelf())
    return {mine.file(stand.db, folder, one, kind, ADDRESS, made)
            for _ in range(times) for one in known for kind in KINDS}  # fmt: skip


@pytest.mark.usefixtures("long")
def test_more_long_files_than_memory_keeps_are_made_once_for_all_processes(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "KEPT", 2)
    known, made = versions(stand, 3), Made()
    first = take_all(stand, tmp_path, known, made, times=3)
    assert (made.count, len(first)) == (9, 9)
    assert take_all(stand, tmp_path, known, made) == first
    assert made.count == 9
    assert len(list((tmp_path / press.FOLDER).iterdir())) == 9


def test_control_short_files_are_made_again_when_memory_forgot_them(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "KEPT", 2)
    made = Made()
    take_all(stand, tmp_path, versions(stand, 1), made, times=3)
    assert made.count == 9
    assert not (tmp_path / press.FOLDER).exists()


@pytest.mark.usefixtures("long")
def test_a_file_names_the_address_at_which_it_is_checked(stand: Stand, tmp_path: Path) -> None:
    (known,), made, mine = versions(stand, 1), Made(), Press(Shelf())
    for address in (ADDRESS, "https://ujian.example.go.id/verify/result/x"):
        mine.file(stand.db, tmp_path, known, "pdf", address, made)
    assert made.count == 2


@pytest.mark.usefixtures("long")
def test_a_data_folder_that_takes_nothing_costs_only_time(stand: Stand, tmp_path: Path) -> None:
    (known,), made = versions(stand, 1), Made()
    (tmp_path / press.FOLDER).write_bytes(b"a file where the folder should be")
    assert take_all(stand, tmp_path, (known,), made) == take_all(stand, tmp_path, (known,), made)
    assert made.count == 6
    assert list(tmp_path.glob("**/*.part")) == []
