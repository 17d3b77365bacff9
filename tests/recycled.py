"""PostgreSQL databases that tests use in turn: rows are wiped away, an altered schema is thrown away.

To copy a database and to read its catalogue anew costs more than most tests do; so a connection stays.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import sqlalchemy as sa

USES = 50
"""Of one database, so that nobody meets the remains of very many others."""

SCHEMA = """
    SELECT (SELECT sum(hashtext(oid::text || xmin)) FROM pg_trigger),
           (SELECT sum(hashtext(oid::text || xmin)) FROM pg_constraint),
           (SELECT sum(hashtext(oid::text || xmin)) FROM pg_proc WHERE oid >= 16384),
           (SELECT sum(hashtext(attrelid::text || attnum || xmin)) FROM pg_attribute WHERE attrelid >= 16384),
           (SELECT count(*) FROM pg_db_role_setting)
"""
"""Another value after anything was created, altered, dropped or switched off."""

TURN_OUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL (%s)
"""
WIPE = """
    SET session_replication_role = replica;
    {deletes};
    SELECT setval(seqrelid, 1, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
    RESET session_replication_role
"""
"""Without triggers: write-once rules and foreign keys do not matter here, and numbers begin anew."""


FORGET = ("RESET ALL", "CLOSE ALL", "UNLISTEN *", "SELECT pg_advisory_unlock_all()", "DISCARD TEMP")


class Warm(psycopg.Connection[Any]):
    """Closed by its engine, it waits for the next engine of the same database, as new as on the first day."""

    waiting: list[Warm] | None = None

    def close(self) -> None:
        if self.waiting is None or self.closed or self.broken:
            return super().close()
        self.rollback()
        self.isolation_level = self.read_only = self.deferrable = None
        self.autocommit = True
        for statement in FORGET:  # but not what was prepared: psycopg counts on it
            self.execute(statement)
        self.autocommit = False
        self.waiting.append(self)

    def end(self) -> None:
        self.waiting = None
        self.close()


waiting: dict[str, list[Warm]] = {}
"""Of each database that is lent or clean."""


@sa.event.listens_for(sa.Engine, "do_connect")
def _warm(_dialect: Any, _record: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Warm | None:
    pool = waiting.get(named.get("dbname", ""))
    if pool is None:
        return None
    if pool:
        return pool.pop()
    made = Warm.connect(*args, **named)
    made.waiting = pool
    return made


@dataclass(frozen=True)
class Lent:
    """A database whose rows are the template's, how it looked then, and how many tests had it before."""

    name: str
    inside: psycopg.Connection[Any]
    looks: Any
    times: int = 0


class Recycled:
    """Copies of a migrated database, each lent to one test at a time."""

    def __init__(self, template: sa.URL) -> None:
        self._template = template
        self._admin = self._connect("postgres")
        with self._connect(str(template.database)) as source:
            rows = source.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            names = {name for (name,) in rows}
            filled = {name for name in names if source.execute(_some(name)).fetchone()}
        self._filled = _each(
            filled, "SELECT '{0}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{0}\" t"
        )
        self._used = _each(names - filled, "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM \"{0}\")")
        self._clean: list[Lent] = []

    def lend(self) -> Lent:
        if self._clean:
            return self._clean.pop()
        name = f"t_{uuid.uuid4().hex}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {self._template.database}".encode())
        inside = self._connect(name)
        waiting[name] = []
        return Lent(name, inside, self._looks(inside))

    def take_back(self, lent: Lent) -> None:
        """Wiped for the next test, or dropped when it was altered or used often enough."""
        lent.inside.execute(TURN_OUT, ([one.info.backend_pid for one in waiting[lent.name]],))
        if lent.times + 1 < USES and self._looks(lent.inside) == lent.looks:
            self._wipe(lent.inside)
            self._clean.append(replace(lent, times=lent.times + 1))
        else:
            self._drop(lent)

    def close(self) -> None:
        """The databases go with their cluster."""
        for one in self._clean:
            for connection in waiting.pop(one.name):
                connection.end()
            one.inside.close()
        self._admin.close()

    def _looks(self, inside: psycopg.Connection[Any]) -> Any:
        return inside.execute(SCHEMA).fetchone(), inside.execute(self._filled).fetchall()

    def _wipe(self, inside: psycopg.Connection[Any]) -> None:
        used = inside.execute(self._used).fetchall()
        deletes = "; ".join(f'DELETE FROM "{table}"' for (table,) in used) or "SELECT 1"
        inside.execute(WIPE.format(deletes=deletes).encode())

    def _drop(self, lent: Lent) -> None:
        lent.inside.close()
        for one in waiting.pop(lent.name):
            one.end()
        self._admin.execute(f"DROP DATABASE {lent.name} WITH (FORCE)".encode())

    def _connect(self, name: str) -> psycopg.Connection[Any]:
        address = self._template.set(drivername="postgresql", database=name).render_as_string(False)
        return psycopg.connect(address, autocommit=True)


def _some(table: str) -> bytes:
    return f'SELECT 1 FROM "{table}" LIMIT 1'.encode()


def _each(tables: set[str], query: str) -> bytes:
    return " UNION ALL ".join(query.format(table) for table in sorted(tables)).encode()
