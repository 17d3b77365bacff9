"""Places left twice: who was offered one place and is given another by a further list may leave both."""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("DROP INDEX uq_place_event_vacated")
    connection.exec_driver_sql("CREATE INDEX ix_place_event_vacated ON place_event (vacated_by)")
