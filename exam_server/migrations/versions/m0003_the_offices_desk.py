"""The office's desk: approvals by two officials, planning, moves of sittings, reminders."""

# ruff: noqa: E501
from collections.abc import Sequence

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQLITE = [
    """CREATE TABLE holiday (
    day DATE NOT NULL,
    name JSON NOT NULL,
    CONSTRAINT pk_holiday PRIMARY KEY (day)
)""",
    """CREATE TABLE reminder (
    kind VARCHAR NOT NULL,
    object_id INTEGER NOT NULL,
    sent_at BIGINT NOT NULL,
    CONSTRAINT pk_reminder PRIMARY KEY (kind, object_id)
)""",
    """CREATE TABLE approval (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    office_id INTEGER NOT NULL,
    object_kind VARCHAR NOT NULL,
    object_id INTEGER NOT NULL,
    payload JSON NOT NULL,
    evidence JSON NOT NULL,
    reason VARCHAR NOT NULL,
    asked_by INTEGER NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_by INTEGER,
    decided_at BIGINT,
    outcome VARCHAR,
    answer VARCHAR,
    CONSTRAINT pk_approval PRIMARY KEY (id),
    CONSTRAINT ck_approval_outcome_is_known CHECK (outcome IN ('granted', 'refused', 'withdrawn')),
    CONSTRAINT ck_approval_decided_with_an_instant CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CONSTRAINT ck_approval_decided_by_somebody CHECK ((outcome IS NULL) = (decided_by IS NULL)),
    CONSTRAINT ck_approval_needs_two_people CHECK (outcome = 'withdrawn' OR decided_by <> asked_by),
    CONSTRAINT ck_approval_expires_after_asking CHECK (expires_at > asked_at),
    CONSTRAINT uq_approval_public_id UNIQUE (public_id),
    CONSTRAINT fk_approval_office_id FOREIGN KEY(office_id) REFERENCES office (id),
    CONSTRAINT fk_approval_asked_by FOREIGN KEY(asked_by) REFERENCES account (id),
    CONSTRAINT fk_approval_decided_by FOREIGN KEY(decided_by) REFERENCES account (id)
)""",
    """CREATE UNIQUE INDEX uq_approval_open ON approval (kind, object_kind, object_id) WHERE decided_at IS NULL""",
    """CREATE INDEX ix_approval_office ON approval (office_id, decided_at)""",
    """CREATE TRIGGER approval_keeps_decision BEFORE UPDATE ON approval WHEN OLD.decided_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'approval_keeps_decision: rows of approval never change'); END""",
    """CREATE TRIGGER approval_keeps_delete BEFORE DELETE ON approval BEGIN SELECT RAISE(ABORT, 'approval_keeps_delete: rows of approval never change'); END""",
    """CREATE TABLE desa (
    id INTEGER NOT NULL,
    office_id INTEGER NOT NULL,
    kecamatan VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    CONSTRAINT pk_desa PRIMARY KEY (id),
    CONSTRAINT uq_desa_office_id_kecamatan_name UNIQUE (office_id, kecamatan, name),
    CONSTRAINT fk_desa_office_id FOREIGN KEY(office_id) REFERENCES office (id)
)""",
    """CREATE TABLE office_detail (
    office_id INTEGER NOT NULL,
    address VARCHAR NOT NULL,
    phone VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    CONSTRAINT pk_office_detail PRIMARY KEY (office_id),
    CONSTRAINT fk_office_detail_office_id FOREIGN KEY(office_id) REFERENCES office (id)
)""",
    """CREATE TABLE guide (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    recruitment_id INTEGER NOT NULL,
    title JSON NOT NULL,
    filename VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    content BLOB NOT NULL,
    added_at BIGINT NOT NULL,
    CONSTRAINT pk_guide PRIMARY KEY (id),
    CONSTRAINT uq_guide_public_id UNIQUE (public_id),
    CONSTRAINT fk_guide_recruitment_id FOREIGN KEY(recruitment_id) REFERENCES recruitment (id)
)""",
    """CREATE INDEX ix_guide_recruitment_id ON guide (recruitment_id)""",
    """CREATE TABLE sitting_proctor (
    sitting_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    assigned_at BIGINT NOT NULL,
    CONSTRAINT pk_sitting_proctor PRIMARY KEY (sitting_id, account_id),
    CONSTRAINT fk_sitting_proctor_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT fk_sitting_proctor_account_id FOREIGN KEY(account_id) REFERENCES account (id)
)""",
    """CREATE TABLE sitting_move (
    id INTEGER NOT NULL,
    sitting_id INTEGER NOT NULL,
    approval_id INTEGER NOT NULL,
    from_starts_at BIGINT NOT NULL,
    from_ends_at BIGINT NOT NULL,
    to_starts_at BIGINT NOT NULL,
    to_ends_at BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    moved_at BIGINT NOT NULL,
    CONSTRAINT pk_sitting_move PRIMARY KEY (id),
    CONSTRAINT ck_sitting_move_only_to_a_later_time CHECK (to_starts_at > from_starts_at),
    CONSTRAINT fk_sitting_move_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT uq_sitting_move_approval_id UNIQUE (approval_id),
    CONSTRAINT fk_sitting_move_approval_id FOREIGN KEY(approval_id) REFERENCES approval (id)
)""",
    """CREATE INDEX ix_sitting_move_sitting_id ON sitting_move (sitting_id)""",
    """CREATE TRIGGER sitting_move_keeps_update BEFORE UPDATE ON sitting_move BEGIN SELECT RAISE(ABORT, 'sitting_move_keeps_update: rows of sitting_move never change'); END""",
    """CREATE TRIGGER sitting_move_keeps_delete BEFORE DELETE ON sitting_move BEGIN SELECT RAISE(ABORT, 'sitting_move_keeps_delete: rows of sitting_move never change'); END""",
    """CREATE TRIGGER sitting_move_keeps_id BEFORE INSERT ON sitting_move WHEN EXISTS (SELECT 1 FROM sitting_move WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'sitting_move_keeps_id: rows of sitting_move never change'); END""",
    """CREATE TRIGGER sitting_move_keeps_approval_id BEFORE INSERT ON sitting_move WHEN EXISTS (SELECT 1 FROM sitting_move WHERE approval_id = NEW.approval_id) BEGIN SELECT RAISE(ABORT, 'sitting_move_keeps_approval_id: rows of sitting_move never change'); END""",
]

POSTGRESQL = [
    """CREATE TABLE holiday (
    day DATE NOT NULL,
    name JSON NOT NULL,
    CONSTRAINT pk_holiday PRIMARY KEY (day)
)""",
    """CREATE TABLE reminder (
    kind VARCHAR NOT NULL,
    object_id BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    CONSTRAINT pk_reminder PRIMARY KEY (kind, object_id)
)""",
    """CREATE TABLE approval (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    office_id BIGINT NOT NULL,
    object_kind VARCHAR NOT NULL,
    object_id BIGINT NOT NULL,
    payload JSON NOT NULL,
    evidence JSON NOT NULL,
    reason VARCHAR NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT,
    outcome VARCHAR,
    answer VARCHAR,
    CONSTRAINT pk_approval PRIMARY KEY (id),
    CONSTRAINT ck_approval_outcome_is_known CHECK (outcome IN ('granted', 'refused', 'withdrawn')),
    CONSTRAINT ck_approval_decided_with_an_instant CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CONSTRAINT ck_approval_decided_by_somebody CHECK ((outcome IS NULL) = (decided_by IS NULL)),
    CONSTRAINT ck_approval_needs_two_people CHECK (outcome = 'withdrawn' OR decided_by <> asked_by),
    CONSTRAINT ck_approval_expires_after_asking CHECK (expires_at > asked_at),
    CONSTRAINT uq_approval_public_id UNIQUE (public_id),
    CONSTRAINT fk_approval_office_id FOREIGN KEY(office_id) REFERENCES office (id),
    CONSTRAINT fk_approval_asked_by FOREIGN KEY(asked_by) REFERENCES account (id),
    CONSTRAINT fk_approval_decided_by FOREIGN KEY(decided_by) REFERENCES account (id)
)""",
    """CREATE UNIQUE INDEX uq_approval_open ON approval (kind, object_kind, object_id) WHERE decided_at IS NULL""",
    """CREATE INDEX ix_approval_office ON approval (office_id, decided_at)""",
    """CREATE TRIGGER approval_keeps_decision BEFORE UPDATE ON approval FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION refuse_change('approval_keeps_decision')""",
    """CREATE TRIGGER approval_keeps_delete BEFORE DELETE ON approval FOR EACH ROW EXECUTE FUNCTION refuse_change('approval_keeps_delete')""",
    """CREATE TABLE desa (
    id BIGSERIAL NOT NULL,
    office_id BIGINT NOT NULL,
    kecamatan VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    CONSTRAINT pk_desa PRIMARY KEY (id),
    CONSTRAINT uq_desa_office_id_kecamatan_name UNIQUE (office_id, kecamatan, name),
    CONSTRAINT fk_desa_office_id FOREIGN KEY(office_id) REFERENCES office (id)
)""",
    """CREATE TABLE office_detail (
    office_id BIGINT NOT NULL,
    address VARCHAR NOT NULL,
    phone VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    CONSTRAINT pk_office_detail PRIMARY KEY (office_id),
    CONSTRAINT fk_office_detail_office_id FOREIGN KEY(office_id) REFERENCES office (id)
)""",
    """CREATE TABLE guide (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    recruitment_id BIGINT NOT NULL,
    title JSON NOT NULL,
    filename VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    content BYTEA NOT NULL,
    added_at BIGINT NOT NULL,
    CONSTRAINT pk_guide PRIMARY KEY (id),
    CONSTRAINT uq_guide_public_id UNIQUE (public_id),
    CONSTRAINT fk_guide_recruitment_id FOREIGN KEY(recruitment_id) REFERENCES recruitment (id)
)""",
    """CREATE INDEX ix_guide_recruitment_id ON guide (recruitment_id)""",
    """CREATE TABLE sitting_proctor (
    sitting_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    assigned_at BIGINT NOT NULL,
    CONSTRAINT pk_sitting_proctor PRIMARY KEY (sitting_id, account_id),
    CONSTRAINT fk_sitting_proctor_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT fk_sitting_proctor_account_id FOREIGN KEY(account_id) REFERENCES account (id)
)""",
    """CREATE TABLE sitting_move (
    id BIGSERIAL NOT NULL,
    sitting_id BIGINT NOT NULL,
    approval_id BIGINT NOT NULL,
    from_starts_at BIGINT NOT NULL,
    from_ends_at BIGINT NOT NULL,
    to_starts_at BIGINT NOT NULL,
    to_ends_at BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    moved_at BIGINT NOT NULL,
    CONSTRAINT pk_sitting_move PRIMARY KEY (id),
    CONSTRAINT ck_sitting_move_only_to_a_later_time CHECK (to_starts_at > from_starts_at),
    CONSTRAINT fk_sitting_move_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT uq_sitting_move_approval_id UNIQUE (approval_id),
    CONSTRAINT fk_sitting_move_approval_id FOREIGN KEY(approval_id) REFERENCES approval (id)
)""",
    """CREATE INDEX ix_sitting_move_sitting_id ON sitting_move (sitting_id)""",
    """CREATE TRIGGER sitting_move_keeps_update BEFORE UPDATE ON sitting_move FOR EACH ROW EXECUTE FUNCTION refuse_change('sitting_move_keeps_update')""",
    """CREATE TRIGGER sitting_move_keeps_delete BEFORE DELETE ON sitting_move FOR EACH ROW EXECUTE FUNCTION refuse_change('sitting_move_keeps_delete')""",
    """CREATE TRIGGER sitting_move_keeps_truncate BEFORE TRUNCATE ON sitting_move FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('sitting_move_keeps_truncate')""",
]


def upgrade() -> None:
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(
            statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement
        )
