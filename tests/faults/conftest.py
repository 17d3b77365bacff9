"""What these tests share: a world on each database, the real server over it, or an application in process."""

from tests.databases import clock, database_url, db, server, world

__all__ = ["clock", "database_url", "db", "server", "world"]
