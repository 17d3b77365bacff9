"""How Alembic reaches the database: through the engine it is handed, one transaction for all steps."""

from alembic import context

from exam_server.models import Base

with context.config.attributes["engine"].connect() as connection:
    # The application's own SQLite connections say BEGIN by themselves, DDL included.
    context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
