"""What the schema itself refuses: tables that only grow, and columns that are written once.

The same statements stand, frozen, in the migrations; a test holds a fresh schema against an upgraded one.
"""

from __future__ import annotations

import sqlalchemy as sa

PG_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%: rows of % never change', TG_ARGV[0], TG_TABLE_NAME
   USING ERRCODE = 'restrict_violation'; END $$
"""


def sqlite_guard(name: str, event: str, table: str, when: str = "") -> str:
    """The trigger that refuses `event` on the rows of which `when` (in terms of OLD and NEW) is true."""
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{name}: rows of {table} never change'); END"
    )


def postgres_guard(name: str, event: str, table: str, when: str = "") -> str:
    """The same for PostgreSQL, whose TRUNCATE is refused as a whole statement."""
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    condition = f" WHEN ({when})" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each}{condition} "
        f"EXECUTE FUNCTION refuse_change('{name}')"
    )


def guard(table: sa.Table, suffix: str, event: str, when: str = "") -> None:
    """Install one refusal on both databases, created right after the table."""
    name = f"{table.name}_{suffix}"
    if event != "TRUNCATE":
        after_create(table, sqlite_guard(name, event, table.name, when), "sqlite")
    # PostgreSQL compares with IS DISTINCT FROM what SQLite compares with IS NOT.
    after_create(
        table, postgres_guard(name, event, table.name, when.replace("IS NOT NEW", "IS DISTINCT FROM NEW")),
        "postgresql",
    )  # fmt: skip


def changes_only_to_forget(table: sa.Table) -> None:
    """Rows of this table are kept like those that only grow, but may be purged of what names a person."""
    guard(table, "keeps_sent", "UPDATE", "NEW.purged_at IS NULL")
    guard(table, "keeps_delete", "DELETE")
    guard(table, "keeps_truncate", "TRUNCATE")
    _keep_from_replacing(table, ("id",))


def only_grows(table: sa.Table, unique: tuple[str, ...] = ()) -> None:
    """Rows of this table are never changed nor removed: not by UPDATE, DELETE, TRUNCATE or INSERT OR REPLACE.

    `INSERT OR REPLACE` removes the old row without firing a DELETE trigger, so on SQLite a second insert of
    the same identity is refused before it happens; `unique` names the columns of that identity.
    """
    guard(table, "keeps_update", "UPDATE")
    guard(table, "keeps_delete", "DELETE")
    guard(table, "keeps_truncate", "TRUNCATE")
    keys = [("id",)] if "id" in table.c else [tuple(c.name for c in table.primary_key.columns)]
    for columns in [*keys, *([unique] if unique else [])]:
        _keep_from_replacing(table, columns)


def _keep_from_replacing(table: sa.Table, columns: tuple[str, ...]) -> None:
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    name = f"{table.name}_keeps_{'_'.join(columns)}"
    exists = f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"
    after_create(table, sqlite_guard(name, "INSERT", table.name, exists), "sqlite")


def after_create(table: sa.Table, statement: str, dialect: str) -> None:
    """Run `statement` right after `table` is made, on that database alone."""
    sa.event.listen(table, "after_create", _ddl(statement, dialect))


def _ddl(statement: str, dialect: str) -> sa.schema.ExecutableDDLElement:
    ddl: sa.DDL = sa.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
    return ddl.execute_if(dialect=dialect)


def install_function(metadata: sa.MetaData) -> None:
    """PostgreSQL's triggers call one function, which must be there before the first table."""
    sa.event.listen(metadata, "before_create", _ddl(PG_REFUSE, "postgresql"))
