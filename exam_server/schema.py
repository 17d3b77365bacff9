"""Bringing a database to the newest schema; the only caller of Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from exam_server.db import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(db: Database, revision: str = "head") -> None:
    """The schema of `revision` afterwards; a database that has it already is left alone."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = db.engine
    command.upgrade(config, revision)


def is_missing(db: Database) -> bool:
    """True for a database in which nothing was ever made."""
    return not sa.inspect(db.engine).has_table("account")
