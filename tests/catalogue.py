"""What a database itself says of its schema, as text that can be compared: one line per thing it knows."""

from __future__ import annotations

import re

import sqlalchemy as sa

SQLITE = "SELECT type || ' ' || name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL"
POSTGRES = (
    "SELECT 'column ' || table_name || '.' || column_name || ': ' || data_type || ' ' || is_nullable || ' '"
    " || coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT 'constraint ' || conrelid::regclass || '.' || conname || ': ' || pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0",
    "SELECT 'index ' || indexname || ': ' || indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger ' || tgname || ': ' || pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "SELECT 'function ' || proname || ': ' || pg_get_functiondef(oid) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
)


def describe(engine: sa.Engine) -> set[str]:
    """Tables, columns, checks, keys, indexes, triggers and functions; Alembic's own table left out."""
    statements = (SQLITE,) if engine.dialect.name == "sqlite" else POSTGRES
    with engine.connect() as connection:
        found = [row for statement in statements for row in connection.exec_driver_sql(statement).scalars()]
    return {re.sub(r"\s+", " ", line).strip() for line in found if "alembic_version" not in line}
