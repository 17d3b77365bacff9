"""Watching: messages, incidents, page events, silences, outages of one sitting, berita acara."""

# ruff: noqa: E501
from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQLITE = [
    """CREATE TABLE message (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    activity_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    sent_at BIGINT NOT NULL,
    CONSTRAINT pk_message PRIMARY KEY (id),
    CONSTRAINT uq_message_public_id UNIQUE (public_id),
    CONSTRAINT fk_message_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
    CONSTRAINT fk_message_author_id FOREIGN KEY(author_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_message_activity ON message (activity_id)""",
    """CREATE TRIGGER message_keeps_update BEFORE UPDATE ON message BEGIN SELECT RAISE(ABORT, 'message_keeps_update: rows of message never change'); END""",
    """CREATE TRIGGER message_keeps_delete BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'message_keeps_delete: rows of message never change'); END""",
    """CREATE TRIGGER message_keeps_id BEFORE INSERT ON message WHEN EXISTS (SELECT 1 FROM message WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'message_keeps_id: rows of message never change'); END""",
    """CREATE TABLE watch_policy (
    activity_id INTEGER NOT NULL,
    page_events BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by INTEGER NOT NULL,
    CONSTRAINT pk_watch_policy PRIMARY KEY (activity_id),
    CONSTRAINT fk_watch_policy_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
    CONSTRAINT fk_watch_policy_changed_by FOREIGN KEY(changed_by) REFERENCES account (id)
)""",
    """CREATE TABLE outage_scope (
    outage_id INTEGER NOT NULL,
    sitting_id INTEGER NOT NULL,
    evidence JSON NOT NULL,
    CONSTRAINT pk_outage_scope PRIMARY KEY (outage_id),
    CONSTRAINT fk_outage_scope_outage_id FOREIGN KEY(outage_id) REFERENCES server_outage (id),
    CONSTRAINT fk_outage_scope_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id)
)""",
    """CREATE INDEX ix_outage_scope_sitting ON outage_scope (sitting_id)""",
    """CREATE TRIGGER outage_scope_keeps_update BEFORE UPDATE ON outage_scope BEGIN SELECT RAISE(ABORT, 'outage_scope_keeps_update: rows of outage_scope never change'); END""",
    """CREATE TRIGGER outage_scope_keeps_delete BEFORE DELETE ON outage_scope BEGIN SELECT RAISE(ABORT, 'outage_scope_keeps_delete: rows of outage_scope never change'); END""",
    """CREATE TRIGGER outage_scope_keeps_outage_id BEFORE INSERT ON outage_scope WHEN EXISTS (SELECT 1 FROM outage_scope WHERE outage_id = NEW.outage_id) BEGIN SELECT RAISE(ABORT, 'outage_scope_keeps_outage_id: rows of outage_scope never change'); END""",
    """CREATE TABLE sitting_record (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    sitting_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    content VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    made_by INTEGER NOT NULL,
    made_at BIGINT NOT NULL,
    CONSTRAINT pk_sitting_record PRIMARY KEY (id),
    CONSTRAINT uq_sitting_record_sitting_id_number UNIQUE (sitting_id, number),
    CONSTRAINT uq_sitting_record_public_id UNIQUE (public_id),
    CONSTRAINT fk_sitting_record_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT fk_sitting_record_made_by FOREIGN KEY(made_by) REFERENCES account (id)
)""",
    """CREATE TRIGGER sitting_record_keeps_update BEFORE UPDATE ON sitting_record BEGIN SELECT RAISE(ABORT, 'sitting_record_keeps_update: rows of sitting_record never change'); END""",
    """CREATE TRIGGER sitting_record_keeps_delete BEFORE DELETE ON sitting_record BEGIN SELECT RAISE(ABORT, 'sitting_record_keeps_delete: rows of sitting_record never change'); END""",
    """CREATE TRIGGER sitting_record_keeps_id BEFORE INSERT ON sitting_record WHEN EXISTS (SELECT 1 FROM sitting_record WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'sitting_record_keeps_id: rows of sitting_record never change'); END""",
    """CREATE TRIGGER sitting_record_keeps_sitting_id_number BEFORE INSERT ON sitting_record WHEN EXISTS (SELECT 1 FROM sitting_record WHERE sitting_id = NEW.sitting_id AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'sitting_record_keeps_sitting_id_number: rows of sitting_record never change'); END""",
    """CREATE TABLE contact_gap (
    id INTEGER NOT NULL,
    attempt_id INTEGER NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    CONSTRAINT pk_contact_gap PRIMARY KEY (id),
    CONSTRAINT ck_contact_gap_ends_after_it_began CHECK (ended_at > began_at),
    CONSTRAINT fk_contact_gap_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_contact_gap_attempt ON contact_gap (attempt_id)""",
    """CREATE TRIGGER contact_gap_keeps_update BEFORE UPDATE ON contact_gap BEGIN SELECT RAISE(ABORT, 'contact_gap_keeps_update: rows of contact_gap never change'); END""",
    """CREATE TRIGGER contact_gap_keeps_delete BEFORE DELETE ON contact_gap BEGIN SELECT RAISE(ABORT, 'contact_gap_keeps_delete: rows of contact_gap never change'); END""",
    """CREATE TRIGGER contact_gap_keeps_id BEFORE INSERT ON contact_gap WHEN EXISTS (SELECT 1 FROM contact_gap WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'contact_gap_keeps_id: rows of contact_gap never change'); END""",
    """CREATE TRIGGER attempt_notes_gap AFTER UPDATE OF last_contact_at ON attempt WHEN OLD.started_at IS NOT NULL AND OLD.finalised_at IS NULL AND OLD.last_contact_at >= OLD.started_at AND NEW.last_contact_at - OLD.last_contact_at > 35000000 BEGIN INSERT INTO contact_gap (attempt_id, began_at, ended_at) VALUES (NEW.id, OLD.last_contact_at, NEW.last_contact_at); END""",
    """CREATE TABLE incident (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    sitting_id INTEGER NOT NULL,
    attempt_id INTEGER,
    kind VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    author_id INTEGER NOT NULL,
    noted_at BIGINT NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (id),
    CONSTRAINT ck_incident_kind_is_known CHECK (kind IN ('power', 'network', 'device', 'noise', 'illness', 'conduct', 'other')),
    CONSTRAINT uq_incident_public_id UNIQUE (public_id),
    CONSTRAINT fk_incident_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT fk_incident_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id),
    CONSTRAINT fk_incident_author_id FOREIGN KEY(author_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_incident_sitting ON incident (sitting_id)""",
    """CREATE INDEX ix_incident_attempt ON incident (attempt_id)""",
    """CREATE TRIGGER incident_keeps_update BEFORE UPDATE ON incident BEGIN SELECT RAISE(ABORT, 'incident_keeps_update: rows of incident never change'); END""",
    """CREATE TRIGGER incident_keeps_delete BEFORE DELETE ON incident BEGIN SELECT RAISE(ABORT, 'incident_keeps_delete: rows of incident never change'); END""",
    """CREATE TRIGGER incident_keeps_id BEFORE INSERT ON incident WHEN EXISTS (SELECT 1 FROM incident WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'incident_keeps_id: rows of incident never change'); END""",
    """CREATE TABLE outage_struck (
    outage_id INTEGER NOT NULL,
    attempt_id INTEGER NOT NULL,
    CONSTRAINT pk_outage_struck PRIMARY KEY (outage_id, attempt_id),
    CONSTRAINT fk_outage_struck_outage_id FOREIGN KEY(outage_id) REFERENCES server_outage (id),
    CONSTRAINT fk_outage_struck_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER outage_struck_keeps_update BEFORE UPDATE ON outage_struck BEGIN SELECT RAISE(ABORT, 'outage_struck_keeps_update: rows of outage_struck never change'); END""",
    """CREATE TRIGGER outage_struck_keeps_delete BEFORE DELETE ON outage_struck BEGIN SELECT RAISE(ABORT, 'outage_struck_keeps_delete: rows of outage_struck never change'); END""",
    """CREATE TRIGGER outage_struck_keeps_outage_id_attempt_id BEFORE INSERT ON outage_struck WHEN EXISTS (SELECT 1 FROM outage_struck WHERE outage_id = NEW.outage_id AND attempt_id = NEW.attempt_id) BEGIN SELECT RAISE(ABORT, 'outage_struck_keeps_outage_id_attempt_id: rows of outage_struck never change'); END""",
    """CREATE TABLE page_event (
    id INTEGER NOT NULL,
    attempt_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_page_event PRIMARY KEY (id),
    CONSTRAINT ck_page_event_kind_is_known CHECK (kind IN ('left', 'back')),
    CONSTRAINT fk_page_event_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_page_event_attempt ON page_event (attempt_id)""",
    """CREATE TRIGGER page_event_keeps_update BEFORE UPDATE ON page_event BEGIN SELECT RAISE(ABORT, 'page_event_keeps_update: rows of page_event never change'); END""",
    """CREATE TRIGGER page_event_keeps_delete BEFORE DELETE ON page_event BEGIN SELECT RAISE(ABORT, 'page_event_keeps_delete: rows of page_event never change'); END""",
    """CREATE TRIGGER page_event_keeps_id BEFORE INSERT ON page_event WHEN EXISTS (SELECT 1 FROM page_event WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'page_event_keeps_id: rows of page_event never change'); END""",
    """CREATE TABLE save_trouble (
    id INTEGER NOT NULL,
    attempt_id INTEGER NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    saves INTEGER NOT NULL,
    CONSTRAINT pk_save_trouble PRIMARY KEY (id),
    CONSTRAINT ck_save_trouble_is_something CHECK (ended_at >= began_at AND saves > 0),
    CONSTRAINT fk_save_trouble_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_save_trouble_attempt ON save_trouble (attempt_id)""",
    """CREATE TRIGGER save_trouble_keeps_update BEFORE UPDATE ON save_trouble BEGIN SELECT RAISE(ABORT, 'save_trouble_keeps_update: rows of save_trouble never change'); END""",
    """CREATE TRIGGER save_trouble_keeps_delete BEFORE DELETE ON save_trouble BEGIN SELECT RAISE(ABORT, 'save_trouble_keeps_delete: rows of save_trouble never change'); END""",
    """CREATE TRIGGER save_trouble_keeps_id BEFORE INSERT ON save_trouble WHEN EXISTS (SELECT 1 FROM save_trouble WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'save_trouble_keeps_id: rows of save_trouble never change'); END""",
    """CREATE TABLE message_to (
    message_id INTEGER NOT NULL,
    attempt_id INTEGER NOT NULL,
    delivered_at BIGINT,
    seen_at BIGINT,
    CONSTRAINT pk_message_to PRIMARY KEY (message_id, attempt_id),
    CONSTRAINT ck_message_to_delivered_before_seen CHECK (seen_at IS NULL OR delivered_at IS NOT NULL),
    CONSTRAINT fk_message_to_message_id FOREIGN KEY(message_id) REFERENCES message (id),
    CONSTRAINT fk_message_to_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_message_to_attempt ON message_to (attempt_id)""",
    """CREATE TRIGGER message_to_keeps_delete BEFORE DELETE ON message_to BEGIN SELECT RAISE(ABORT, 'message_to_keeps_delete: rows of message_to never change'); END""",
    """CREATE TRIGGER message_to_keeps_seen BEFORE UPDATE ON message_to WHEN OLD.seen_at IS NOT NULL AND OLD.seen_at IS NOT NEW.seen_at BEGIN SELECT RAISE(ABORT, 'message_to_keeps_seen: rows of message_to never change'); END""",
    """CREATE TRIGGER message_to_keeps_delivered BEFORE UPDATE ON message_to WHEN OLD.delivered_at IS NOT NULL AND OLD.delivered_at IS NOT NEW.delivered_at BEGIN SELECT RAISE(ABORT, 'message_to_keeps_delivered: rows of message_to never change'); END""",
    """CREATE INDEX ix_attempt_journal_joined ON attempt_journal (attempt_id) WHERE kind = 'joined'""",
]

POSTGRESQL = [
    """CREATE TABLE message (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    activity_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    text VARCHAR NOT NULL,
    sent_at BIGINT NOT NULL,
    CONSTRAINT pk_message PRIMARY KEY (id),
    CONSTRAINT uq_message_public_id UNIQUE (public_id),
    CONSTRAINT fk_message_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
    CONSTRAINT fk_message_author_id FOREIGN KEY(author_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_message_activity ON message (activity_id)""",
    """CREATE TRIGGER message_keeps_update BEFORE UPDATE ON message FOR EACH ROW EXECUTE FUNCTION refuse_change('message_keeps_update')""",
    """CREATE TRIGGER message_keeps_delete BEFORE DELETE ON message FOR EACH ROW EXECUTE FUNCTION refuse_change('message_keeps_delete')""",
    """CREATE TRIGGER message_keeps_truncate BEFORE TRUNCATE ON message FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('message_keeps_truncate')""",
    """CREATE TABLE watch_policy (
    activity_id BIGINT NOT NULL,
    page_events BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BIGINT NOT NULL,
    CONSTRAINT pk_watch_policy PRIMARY KEY (activity_id),
    CONSTRAINT fk_watch_policy_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
    CONSTRAINT fk_watch_policy_changed_by FOREIGN KEY(changed_by) REFERENCES account (id)
)""",
    """CREATE TABLE outage_scope (
    outage_id BIGINT NOT NULL,
    sitting_id BIGINT NOT NULL,
    evidence JSON NOT NULL,
    CONSTRAINT pk_outage_scope PRIMARY KEY (outage_id),
    CONSTRAINT fk_outage_scope_outage_id FOREIGN KEY(outage_id) REFERENCES server_outage (id),
    CONSTRAINT fk_outage_scope_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id)
)""",
    """CREATE INDEX ix_outage_scope_sitting ON outage_scope (sitting_id)""",
    """CREATE TRIGGER outage_scope_keeps_update BEFORE UPDATE ON outage_scope FOR EACH ROW EXECUTE FUNCTION refuse_change('outage_scope_keeps_update')""",
    """CREATE TRIGGER outage_scope_keeps_delete BEFORE DELETE ON outage_scope FOR EACH ROW EXECUTE FUNCTION refuse_change('outage_scope_keeps_delete')""",
    """CREATE TRIGGER outage_scope_keeps_truncate BEFORE TRUNCATE ON outage_scope FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('outage_scope_keeps_truncate')""",
    """CREATE TABLE sitting_record (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    sitting_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    content VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    CONSTRAINT pk_sitting_record PRIMARY KEY (id),
    CONSTRAINT uq_sitting_record_sitting_id_number UNIQUE (sitting_id, number),
    CONSTRAINT uq_sitting_record_public_id UNIQUE (public_id),
    CONSTRAINT fk_sitting_record_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT fk_sitting_record_made_by FOREIGN KEY(made_by) REFERENCES account (id)
)""",
    """CREATE TRIGGER sitting_record_keeps_update BEFORE UPDATE ON sitting_record FOR EACH ROW EXECUTE FUNCTION refuse_change('sitting_record_keeps_update')""",
    """CREATE TRIGGER sitting_record_keeps_delete BEFORE DELETE ON sitting_record FOR EACH ROW EXECUTE FUNCTION refuse_change('sitting_record_keeps_delete')""",
    """CREATE TRIGGER sitting_record_keeps_truncate BEFORE TRUNCATE ON sitting_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('sitting_record_keeps_truncate')""",
    """CREATE TABLE contact_gap (
    id BIGSERIAL NOT NULL,
    attempt_id BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    CONSTRAINT pk_contact_gap PRIMARY KEY (id),
    CONSTRAINT ck_contact_gap_ends_after_it_began CHECK (ended_at > began_at),
    CONSTRAINT fk_contact_gap_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_contact_gap_attempt ON contact_gap (attempt_id)""",
    """CREATE TRIGGER contact_gap_keeps_update BEFORE UPDATE ON contact_gap FOR EACH ROW EXECUTE FUNCTION refuse_change('contact_gap_keeps_update')""",
    """CREATE TRIGGER contact_gap_keeps_delete BEFORE DELETE ON contact_gap FOR EACH ROW EXECUTE FUNCTION refuse_change('contact_gap_keeps_delete')""",
    """CREATE TRIGGER contact_gap_keeps_truncate BEFORE TRUNCATE ON contact_gap FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('contact_gap_keeps_truncate')""",
    """CREATE OR REPLACE FUNCTION note_contact_gap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO contact_gap (attempt_id, began_at, ended_at) VALUES (NEW.id, OLD.last_contact_at, NEW.last_contact_at); RETURN NULL; END $$""",
    """CREATE TRIGGER attempt_notes_gap AFTER UPDATE OF last_contact_at ON attempt FOR EACH ROW WHEN (OLD.started_at IS NOT NULL AND OLD.finalised_at IS NULL AND OLD.last_contact_at >= OLD.started_at AND NEW.last_contact_at - OLD.last_contact_at > 35000000) EXECUTE FUNCTION note_contact_gap()""",
    """CREATE TABLE incident (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    sitting_id BIGINT NOT NULL,
    attempt_id BIGINT,
    kind VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    author_id BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (id),
    CONSTRAINT ck_incident_kind_is_known CHECK (kind IN ('power', 'network', 'device', 'noise', 'illness', 'conduct', 'other')),
    CONSTRAINT uq_incident_public_id UNIQUE (public_id),
    CONSTRAINT fk_incident_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
    CONSTRAINT fk_incident_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id),
    CONSTRAINT fk_incident_author_id FOREIGN KEY(author_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_incident_sitting ON incident (sitting_id)""",
    """CREATE INDEX ix_incident_attempt ON incident (attempt_id)""",
    """CREATE TRIGGER incident_keeps_update BEFORE UPDATE ON incident FOR EACH ROW EXECUTE FUNCTION refuse_change('incident_keeps_update')""",
    """CREATE TRIGGER incident_keeps_delete BEFORE DELETE ON incident FOR EACH ROW EXECUTE FUNCTION refuse_change('incident_keeps_delete')""",
    """CREATE TRIGGER incident_keeps_truncate BEFORE TRUNCATE ON incident FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('incident_keeps_truncate')""",
    """CREATE TABLE outage_struck (
    outage_id BIGINT NOT NULL,
    attempt_id BIGINT NOT NULL,
    CONSTRAINT pk_outage_struck PRIMARY KEY (outage_id, attempt_id),
    CONSTRAINT fk_outage_struck_outage_id FOREIGN KEY(outage_id) REFERENCES server_outage (id),
    CONSTRAINT fk_outage_struck_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER outage_struck_keeps_update BEFORE UPDATE ON outage_struck FOR EACH ROW EXECUTE FUNCTION refuse_change('outage_struck_keeps_update')""",
    """CREATE TRIGGER outage_struck_keeps_delete BEFORE DELETE ON outage_struck FOR EACH ROW EXECUTE FUNCTION refuse_change('outage_struck_keeps_delete')""",
    """CREATE TRIGGER outage_struck_keeps_truncate BEFORE TRUNCATE ON outage_struck FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('outage_struck_keeps_truncate')""",
    """CREATE TABLE page_event (
    id BIGSERIAL NOT NULL,
    attempt_id BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_page_event PRIMARY KEY (id),
    CONSTRAINT ck_page_event_kind_is_known CHECK (kind IN ('left', 'back')),
    CONSTRAINT fk_page_event_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_page_event_attempt ON page_event (attempt_id)""",
    """CREATE TRIGGER page_event_keeps_update BEFORE UPDATE ON page_event FOR EACH ROW EXECUTE FUNCTION refuse_change('page_event_keeps_update')""",
    """CREATE TRIGGER page_event_keeps_delete BEFORE DELETE ON page_event FOR EACH ROW EXECUTE FUNCTION refuse_change('page_event_keeps_delete')""",
    """CREATE TRIGGER page_event_keeps_truncate BEFORE TRUNCATE ON page_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('page_event_keeps_truncate')""",
    """CREATE TABLE save_trouble (
    id BIGSERIAL NOT NULL,
    attempt_id BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    saves BIGINT NOT NULL,
    CONSTRAINT pk_save_trouble PRIMARY KEY (id),
    CONSTRAINT ck_save_trouble_is_something CHECK (ended_at >= began_at AND saves > 0),
    CONSTRAINT fk_save_trouble_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_save_trouble_attempt ON save_trouble (attempt_id)""",
    """CREATE TRIGGER save_trouble_keeps_update BEFORE UPDATE ON save_trouble FOR EACH ROW EXECUTE FUNCTION refuse_change('save_trouble_keeps_update')""",
    """CREATE TRIGGER save_trouble_keeps_delete BEFORE DELETE ON save_trouble FOR EACH ROW EXECUTE FUNCTION refuse_change('save_trouble_keeps_delete')""",
    """CREATE TRIGGER save_trouble_keeps_truncate BEFORE TRUNCATE ON save_trouble FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('save_trouble_keeps_truncate')""",
    """CREATE TABLE message_to (
    message_id BIGINT NOT NULL,
    attempt_id BIGINT NOT NULL,
    delivered_at BIGINT,
    seen_at BIGINT,
    CONSTRAINT pk_message_to PRIMARY KEY (message_id, attempt_id),
    CONSTRAINT ck_message_to_delivered_before_seen CHECK (seen_at IS NULL OR delivered_at IS NOT NULL),
    CONSTRAINT fk_message_to_message_id FOREIGN KEY(message_id) REFERENCES message (id),
    CONSTRAINT fk_message_to_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE INDEX ix_message_to_attempt ON message_to (attempt_id)""",
    """CREATE TRIGGER message_to_keeps_delete BEFORE DELETE ON message_to FOR EACH ROW EXECUTE FUNCTION refuse_change('message_to_keeps_delete')""",
    """CREATE TRIGGER message_to_keeps_seen BEFORE UPDATE ON message_to FOR EACH ROW WHEN (OLD.seen_at IS NOT NULL AND OLD.seen_at IS DISTINCT FROM NEW.seen_at) EXECUTE FUNCTION refuse_change('message_to_keeps_seen')""",
    """CREATE TRIGGER message_to_keeps_delivered BEFORE UPDATE ON message_to FOR EACH ROW WHEN (OLD.delivered_at IS NOT NULL AND OLD.delivered_at IS DISTINCT FROM NEW.delivered_at) EXECUTE FUNCTION refuse_change('message_to_keeps_delivered')""",
    """CREATE INDEX ix_attempt_journal_joined ON attempt_journal (attempt_id) WHERE kind = 'joined'""",
]


def upgrade() -> None:
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(
            statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement
        )
