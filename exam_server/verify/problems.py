"""A disagreement: what does not agree, as a sentence that is put into words where it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One disagreement: a sentence for gettext, and what fills it."""

    sentence: str
    params: dict[str, object]


Found = tuple[int, list[Problem]]
"""How many were looked at, and what does not agree."""
