"""What a worker knows of the others: whether it hears them, and in which rooms somebody listens there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol


class Neighbours(Protocol):
    """The other workers, seen from one."""

    @property
    def heard(self) -> bool:
        """False while this worker cannot hear what the others tell."""

    def listening(self) -> set[str]:
        """Rooms in which somebody listens at another worker, as of a few seconds ago."""

    def tell(self, rooms: Callable[[], Iterable[str]]) -> None:
        """`rooms()` names the rooms in which somebody listens here; the others ask again and again."""


class Alone:
    """A worker without others."""

    heard = True

    def listening(self) -> set[str]:
        """None."""
        return set()

    def tell(self, rooms: Callable[[], Iterable[str]]) -> None:
        """There is nobody to tell."""
