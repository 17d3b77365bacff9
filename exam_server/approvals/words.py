"""How an act that waits for a second official is put into words: each kind registers its own function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from exam_server.models import Approval


@dataclass(frozen=True)
class Told:
    """One act in the words of one language, written from what was asked for and nothing else."""

    title: str
    """What will be done, to what."""
    button: str
    """The same as the name of the button that does it."""
    facts: tuple[tuple[str, str], ...]
    """What exactly: label and value."""
    evidence: tuple[tuple[str, str], ...] = ()
    """What the asker's page knew besides."""
    concerns: tuple[str, ...] = ()
    """What somebody should know before granting it."""
    path: str = ""
    """Where the thing itself is shown."""


Describe = Callable[[Approval, str], Told]
"""Of an approval, in a language (`id`, `en`)."""
Descriptions = Mapping[str, Describe]
