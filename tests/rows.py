"""All rows of a PostgreSQL database, taken out as they are stored and put into another of the same schema."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from exam_server.db import Database

TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND pg_relation_size(c.oid) > 0
    ORDER BY c.relname
"""
NUMBERS = """
    SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
KEPT = "alembic_version"
"""Every migrated database has it already."""


@dataclass(frozen=True)
class Content:
    """Every table in the format of COPY, and the last number of every sequence."""

    tables: dict[str, bytes]
    numbers: list[tuple[str, int]]


def content(db: Database) -> Content:
    with _inside(db) as connection:
        names = [name for (name,) in connection.execute(TABLES).fetchall() if name != KEPT]
        return Content({name: _copied(connection, name) for name in names},
                       connection.execute(NUMBERS).fetchall())  # fmt: skip


def fill(db: Database, held: Content) -> None:
    """Into a database without rows; as they are, so without triggers."""
    with _inside(db) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        for name, packed in held.tables.items():
            with connection.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT binary)'.encode()) as copy:
                copy.write(packed)
        for sequence, last in held.numbers:
            connection.execute("SELECT setval(%s::regclass, %s)", (sequence, last))


def _copied(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bytes:
    with connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT binary)'.encode()) as copy:
        return b"".join(copy)


def _inside(db: Database) -> psycopg.Connection[tuple[object, ...]]:
    """A connection that commits when it is left."""
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address)
