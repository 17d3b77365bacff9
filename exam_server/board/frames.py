"""Numbers of frames: each audience hears one stream per worker, counted by one, so that a gap is noticed.

A stream that begins, or begins again after nobody listened, leaves out one number: whoever hears its first
frame cannot know what was said before, and asks for a snapshot.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable

PULSE_EVERY = 1.0
"""Seconds of silence after which an empty frame says that the line is alive."""


class Streams:
    """The streams of one worker, by audience; `at` is in seconds of a clock that never steps back."""

    def __init__(self) -> None:
        self._worker = secrets.token_urlsafe(6)
        self._numbers = itertools.count(1)
        self._names: dict[str, str] = {}
        self._sent: dict[str, int] = {}
        self._open: dict[str, float] = {}

    def listen(self, audiences: Iterable[str]) -> None:
        """From now on exactly these are told everything."""
        wanted = set(audiences)
        for audience in wanted - set(self._open):
            self.open(audience)
        for audience in set(self._open) - wanted:
            del self._open[audience]

    def open(self, audience: str) -> None:
        """Somebody listens; again = nothing new."""
        if audience not in self._open:
            self._names.setdefault(audience, f"{self._worker}.{next(self._numbers)}")
            self._sent[audience] = self._sent.get(audience, 0) + 1
            self._open[audience] = float("-inf")

    def is_open(self, audience: str) -> bool:
        return audience in self._open

    def next(self, audience: str, at: float) -> tuple[str, int]:
        """(stream, number) of the frame that leaves now for an audience that listens."""
        self._sent[audience] += 1
        self._open[audience] = at
        return self._names[audience], self._sent[audience]

    def quiet(self, at: float) -> list[str]:
        """Audiences that have heard nothing for so long that they are owed a pulse."""
        return [audience for audience, last in list(self._open.items()) if at - last >= PULSE_EVERY]

    def told(self, audiences: Iterable[str]) -> dict[str, int]:
        """stream -> number of its newest frame, of those that are open: what a snapshot read now covers."""
        return {self._names[one]: self._sent[one] for one in audiences if one in self._open}
