"""How much work an answer took: hashes and statements must not tell a known address from an unknown."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.accounts import passwords


@dataclass
class Work:
    """Of one block."""

    hashes: int = 0
    statements: int = 0


@contextlib.contextmanager
def measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Counts while the block runs."""
    work, true = Work(), passwords.HASHER

    class Counting:
        def hash(self, password: str) -> str:
            work.hashes += 1
            return true.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            work.hashes += 1
            return bool(true.verify(stored, password))

        def check_needs_rehash(self, stored: str) -> bool:
            return true.check_needs_rehash(stored)

    def count(*_: Any) -> None:
        work.statements += 1

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "HASHER", Counting())
        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        try:
            yield work
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", count)
