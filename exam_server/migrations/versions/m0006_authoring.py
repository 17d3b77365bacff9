"""Authoring: why and by whom items change, reviews, tags, pictures inside texts, imports."""

# ruff: noqa: E501
from collections.abc import Sequence

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQLITE = [
    """CREATE TABLE import_batch (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    office_id INTEGER NOT NULL,
    filename VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    imported_by INTEGER,
    imported_at BIGINT NOT NULL,
    undone_at BIGINT,
    undone_by INTEGER,
    CONSTRAINT pk_import_batch PRIMARY KEY (id),
    CONSTRAINT ck_import_batch_undone_by_somebody CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    CONSTRAINT uq_import_batch_public_id UNIQUE (public_id),
    CONSTRAINT fk_import_batch_office_id FOREIGN KEY(office_id) REFERENCES office (id),
    CONSTRAINT fk_import_batch_imported_by FOREIGN KEY(imported_by) REFERENCES account (id),
    CONSTRAINT fk_import_batch_undone_by FOREIGN KEY(undone_by) REFERENCES account (id)
)""",
    """CREATE INDEX ix_import_batch_office ON import_batch (office_id)""",
    """CREATE TABLE import_draft (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    office_id INTEGER NOT NULL,
    filename VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    content BLOB NOT NULL,
    report BLOB NOT NULL,
    choices JSON NOT NULL,
    made_by INTEGER NOT NULL,
    made_at BIGINT NOT NULL,
    CONSTRAINT pk_import_draft PRIMARY KEY (id),
    CONSTRAINT uq_import_draft_public_id UNIQUE (public_id),
    CONSTRAINT fk_import_draft_office_id FOREIGN KEY(office_id) REFERENCES office (id),
    CONSTRAINT fk_import_draft_made_by FOREIGN KEY(made_by) REFERENCES account (id)
)""",
    """CREATE INDEX ix_import_draft_office ON import_draft (office_id)""",
    """CREATE TABLE item_tag (
    item_id INTEGER NOT NULL,
    tag VARCHAR NOT NULL,
    CONSTRAINT pk_item_tag PRIMARY KEY (item_id, tag),
    CONSTRAINT fk_item_tag_item_id FOREIGN KEY(item_id) REFERENCES item (id)
)""",
    """CREATE TABLE item_review (
    id INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    reviewer_id INTEGER NOT NULL,
    verdict VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    reviewed_at BIGINT NOT NULL,
    CONSTRAINT pk_item_review PRIMARY KEY (id),
    CONSTRAINT ck_item_review_verdict_is_known CHECK (verdict IN ('accepted', 'returned')),
    CONSTRAINT fk_item_review_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id),
    CONSTRAINT fk_item_review_reviewer_id FOREIGN KEY(reviewer_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_item_review_revision ON item_review (revision_id)""",
    """CREATE TRIGGER item_review_keeps_update BEFORE UPDATE ON item_review BEGIN SELECT RAISE(ABORT, 'item_review_keeps_update: rows of item_review never change'); END""",
    """CREATE TRIGGER item_review_keeps_delete BEFORE DELETE ON item_review BEGIN SELECT RAISE(ABORT, 'item_review_keeps_delete: rows of item_review never change'); END""",
    """CREATE TRIGGER item_review_keeps_id BEFORE INSERT ON item_review WHEN EXISTS (SELECT 1 FROM item_review WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'item_review_keeps_id: rows of item_review never change'); END""",
    """CREATE TABLE revision_note (
    revision_id INTEGER NOT NULL,
    why VARCHAR NOT NULL,
    CONSTRAINT pk_revision_note PRIMARY KEY (revision_id),
    CONSTRAINT fk_revision_note_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id)
)""",
    """CREATE TRIGGER revision_note_keeps_update BEFORE UPDATE ON revision_note BEGIN SELECT RAISE(ABORT, 'revision_note_keeps_update: rows of revision_note never change'); END""",
    """CREATE TRIGGER revision_note_keeps_delete BEFORE DELETE ON revision_note BEGIN SELECT RAISE(ABORT, 'revision_note_keeps_delete: rows of revision_note never change'); END""",
    """CREATE TRIGGER revision_note_keeps_revision_id BEFORE INSERT ON revision_note WHEN EXISTS (SELECT 1 FROM revision_note WHERE revision_id = NEW.revision_id) BEGIN SELECT RAISE(ABORT, 'revision_note_keeps_revision_id: rows of revision_note never change'); END""",
    """CREATE TABLE revision_picture (
    revision_id INTEGER NOT NULL,
    picture_id INTEGER NOT NULL,
    CONSTRAINT pk_revision_picture PRIMARY KEY (revision_id, picture_id),
    CONSTRAINT fk_revision_picture_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id),
    CONSTRAINT fk_revision_picture_picture_id FOREIGN KEY(picture_id) REFERENCES picture (id)
)""",
    """CREATE TRIGGER revision_picture_keeps_update BEFORE UPDATE ON revision_picture BEGIN SELECT RAISE(ABORT, 'revision_picture_keeps_update: rows of revision_picture never change'); END""",
    """CREATE TRIGGER revision_picture_keeps_delete BEFORE DELETE ON revision_picture BEGIN SELECT RAISE(ABORT, 'revision_picture_keeps_delete: rows of revision_picture never change'); END""",
    """CREATE TRIGGER revision_picture_keeps_revision_id_picture_id BEFORE INSERT ON revision_picture WHEN EXISTS (SELECT 1 FROM revision_picture WHERE revision_id = NEW.revision_id AND picture_id = NEW.picture_id) BEGIN SELECT RAISE(ABORT, 'revision_picture_keeps_revision_id_picture_id: rows of revision_picture never change'); END""",
    """CREATE TABLE import_row (
    batch_id INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    former_id INTEGER,
    CONSTRAINT pk_import_row PRIMARY KEY (batch_id, revision_id),
    CONSTRAINT fk_import_row_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id),
    CONSTRAINT fk_import_row_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id),
    CONSTRAINT fk_import_row_former_id FOREIGN KEY(former_id) REFERENCES item_revision (id)
)""",
    """CREATE TRIGGER import_row_keeps_update BEFORE UPDATE ON import_row BEGIN SELECT RAISE(ABORT, 'import_row_keeps_update: rows of import_row never change'); END""",
    """CREATE TRIGGER import_row_keeps_delete BEFORE DELETE ON import_row BEGIN SELECT RAISE(ABORT, 'import_row_keeps_delete: rows of import_row never change'); END""",
    """CREATE TRIGGER import_row_keeps_batch_id_revision_id BEFORE INSERT ON import_row WHEN EXISTS (SELECT 1 FROM import_row WHERE batch_id = NEW.batch_id AND revision_id = NEW.revision_id) BEGIN SELECT RAISE(ABORT, 'import_row_keeps_batch_id_revision_id: rows of import_row never change'); END""",
]

POSTGRESQL = [
    """CREATE TABLE import_batch (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    office_id BIGINT NOT NULL,
    filename VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    imported_by BIGINT,
    imported_at BIGINT NOT NULL,
    undone_at BIGINT,
    undone_by BIGINT,
    CONSTRAINT pk_import_batch PRIMARY KEY (id),
    CONSTRAINT ck_import_batch_undone_by_somebody CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    CONSTRAINT uq_import_batch_public_id UNIQUE (public_id),
    CONSTRAINT fk_import_batch_office_id FOREIGN KEY(office_id) REFERENCES office (id),
    CONSTRAINT fk_import_batch_imported_by FOREIGN KEY(imported_by) REFERENCES account (id),
    CONSTRAINT fk_import_batch_undone_by FOREIGN KEY(undone_by) REFERENCES account (id)
)""",
    """CREATE INDEX ix_import_batch_office ON import_batch (office_id)""",
    """CREATE TABLE import_draft (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    office_id BIGINT NOT NULL,
    filename VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    content BYTEA NOT NULL,
    report BYTEA NOT NULL,
    choices JSON NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    CONSTRAINT pk_import_draft PRIMARY KEY (id),
    CONSTRAINT uq_import_draft_public_id UNIQUE (public_id),
    CONSTRAINT fk_import_draft_office_id FOREIGN KEY(office_id) REFERENCES office (id),
    CONSTRAINT fk_import_draft_made_by FOREIGN KEY(made_by) REFERENCES account (id)
)""",
    """CREATE INDEX ix_import_draft_office ON import_draft (office_id)""",
    """CREATE TABLE item_tag (
    item_id BIGINT NOT NULL,
    tag VARCHAR NOT NULL,
    CONSTRAINT pk_item_tag PRIMARY KEY (item_id, tag),
    CONSTRAINT fk_item_tag_item_id FOREIGN KEY(item_id) REFERENCES item (id)
)""",
    """CREATE TABLE item_review (
    id BIGSERIAL NOT NULL,
    revision_id BIGINT NOT NULL,
    reviewer_id BIGINT NOT NULL,
    verdict VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    reviewed_at BIGINT NOT NULL,
    CONSTRAINT pk_item_review PRIMARY KEY (id),
    CONSTRAINT ck_item_review_verdict_is_known CHECK (verdict IN ('accepted', 'returned')),
    CONSTRAINT fk_item_review_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id),
    CONSTRAINT fk_item_review_reviewer_id FOREIGN KEY(reviewer_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_item_review_revision ON item_review (revision_id)""",
    """CREATE TRIGGER item_review_keeps_update BEFORE UPDATE ON item_review FOR EACH ROW EXECUTE FUNCTION refuse_change('item_review_keeps_update')""",
    """CREATE TRIGGER item_review_keeps_delete BEFORE DELETE ON item_review FOR EACH ROW EXECUTE FUNCTION refuse_change('item_review_keeps_delete')""",
    """CREATE TRIGGER item_review_keeps_truncate BEFORE TRUNCATE ON item_review FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('item_review_keeps_truncate')""",
    """CREATE TABLE revision_note (
    revision_id BIGINT NOT NULL,
    why VARCHAR NOT NULL,
    CONSTRAINT pk_revision_note PRIMARY KEY (revision_id),
    CONSTRAINT fk_revision_note_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id)
)""",
    """CREATE TRIGGER revision_note_keeps_update BEFORE UPDATE ON revision_note FOR EACH ROW EXECUTE FUNCTION refuse_change('revision_note_keeps_update')""",
    """CREATE TRIGGER revision_note_keeps_delete BEFORE DELETE ON revision_note FOR EACH ROW EXECUTE FUNCTION refuse_change('revision_note_keeps_delete')""",
    """CREATE TRIGGER revision_note_keeps_truncate BEFORE TRUNCATE ON revision_note FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('revision_note_keeps_truncate')""",
    """CREATE TABLE revision_picture (
    revision_id BIGINT NOT NULL,
    picture_id BIGINT NOT NULL,
    CONSTRAINT pk_revision_picture PRIMARY KEY (revision_id, picture_id),
    CONSTRAINT fk_revision_picture_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id),
    CONSTRAINT fk_revision_picture_picture_id FOREIGN KEY(picture_id) REFERENCES picture (id)
)""",
    """CREATE TRIGGER revision_picture_keeps_update BEFORE UPDATE ON revision_picture FOR EACH ROW EXECUTE FUNCTION refuse_change('revision_picture_keeps_update')""",
    """CREATE TRIGGER revision_picture_keeps_delete BEFORE DELETE ON revision_picture FOR EACH ROW EXECUTE FUNCTION refuse_change('revision_picture_keeps_delete')""",
    """CREATE TRIGGER revision_picture_keeps_truncate BEFORE TRUNCATE ON revision_picture FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('revision_picture_keeps_truncate')""",
    """CREATE TABLE import_row (
    batch_id BIGINT NOT NULL,
    revision_id BIGINT NOT NULL,
    former_id BIGINT,
    CONSTRAINT pk_import_row PRIMARY KEY (batch_id, revision_id),
    CONSTRAINT fk_import_row_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id),
    CONSTRAINT fk_import_row_revision_id FOREIGN KEY(revision_id) REFERENCES item_revision (id),
    CONSTRAINT fk_import_row_former_id FOREIGN KEY(former_id) REFERENCES item_revision (id)
)""",
    """CREATE TRIGGER import_row_keeps_update BEFORE UPDATE ON import_row FOR EACH ROW EXECUTE FUNCTION refuse_change('import_row_keeps_update')""",
    """CREATE TRIGGER import_row_keeps_delete BEFORE DELETE ON import_row FOR EACH ROW EXECUTE FUNCTION refuse_change('import_row_keeps_delete')""",
    """CREATE TRIGGER import_row_keeps_truncate BEFORE TRUNCATE ON import_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('import_row_keeps_truncate')""",
]


def upgrade() -> None:
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(
            statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement
        )
