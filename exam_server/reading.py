"""A database opened only to read, also beside a server that holds it: no lock, nothing created."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from exam_server.db import Database, only_reading


class NothingThere(Exception):
    """There is no database yet; its text says which."""


def open_for_reading(database_url: str) -> Database:
    """The database itself refuses writes then. Raises NothingThere."""
    if not database_url.startswith("sqlite"):
        db = Database(database_url)
        only_reading(db.engine)
        return db
    path = Path(database_url.removeprefix("sqlite:///").partition("?")[0]).resolve()
    if not path.is_file() or path.stat().st_size == 0:
        raise NothingThere(
            f"There is nothing in {path.name} yet: start the server once, run exam-server upgrade, "
            "or set DATABASE_URL."
        )
    return Database(f"sqlite:///file:{quote(str(path))}?mode=ro&uri=true")
