"""The exam room: ledger of time, sealed journal, scores, receipts, pledge, rescue files, practice, outages."""

# ruff: noqa: E501
import hashlib
import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQLITE = [
    """CREATE TABLE server_heartbeat (
    id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_server_heartbeat PRIMARY KEY (id),
    CONSTRAINT ck_server_heartbeat_is_the_only_one CHECK (id = 1)
)""",
    """CREATE TABLE server_outage (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    CONSTRAINT pk_server_outage PRIMARY KEY (id),
    CONSTRAINT ck_server_outage_ends_after_it_began CHECK (ended_at > began_at),
    CONSTRAINT uq_server_outage_public_id UNIQUE (public_id)
)""",
    """CREATE TRIGGER server_outage_keeps_update BEFORE UPDATE ON server_outage BEGIN SELECT RAISE(ABORT, 'server_outage_keeps_update: rows of server_outage never change'); END""",
    """CREATE TRIGGER server_outage_keeps_delete BEFORE DELETE ON server_outage BEGIN SELECT RAISE(ABORT, 'server_outage_keeps_delete: rows of server_outage never change'); END""",
    """CREATE TRIGGER server_outage_keeps_id BEFORE INSERT ON server_outage WHEN EXISTS (SELECT 1 FROM server_outage WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'server_outage_keeps_id: rows of server_outage never change'); END""",
    """CREATE TABLE device_check (
    id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    device VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    facts JSON NOT NULL,
    CONSTRAINT pk_device_check PRIMARY KEY (id),
    CONSTRAINT ck_device_check_outcome_is_known CHECK (outcome IN ('good', 'weak', 'bad')),
    CONSTRAINT fk_device_check_account_id FOREIGN KEY(account_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_device_check_account ON device_check (account_id, at)""",
    """CREATE TABLE practice_run (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    account_id INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    finalised_at BIGINT,
    lease INTEGER NOT NULL,
    lease_session_id INTEGER,
    CONSTRAINT pk_practice_run PRIMARY KEY (id),
    CONSTRAINT ck_practice_run_lasts CHECK (deadline_at > started_at),
    CONSTRAINT uq_practice_run_public_id UNIQUE (public_id),
    CONSTRAINT fk_practice_run_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_practice_run_lease_session_id FOREIGN KEY(lease_session_id) REFERENCES server_session (id)
)""",
    """CREATE INDEX ix_practice_run_account ON practice_run (account_id)""",
    """CREATE UNIQUE INDEX uq_practice_run_open ON practice_run (account_id) WHERE finalised_at IS NULL""",
    """CREATE TABLE attempt_journal (
    attempt_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    data VARCHAR NOT NULL,
    seal VARCHAR NOT NULL,
    CONSTRAINT pk_attempt_journal PRIMARY KEY (attempt_id, number),
    CONSTRAINT fk_attempt_journal_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER attempt_journal_keeps_update BEFORE UPDATE ON attempt_journal BEGIN SELECT RAISE(ABORT, 'attempt_journal_keeps_update: rows of attempt_journal never change'); END""",
    """CREATE TRIGGER attempt_journal_keeps_delete BEFORE DELETE ON attempt_journal BEGIN SELECT RAISE(ABORT, 'attempt_journal_keeps_delete: rows of attempt_journal never change'); END""",
    """CREATE TRIGGER attempt_journal_keeps_attempt_id_number BEFORE INSERT ON attempt_journal WHEN EXISTS (SELECT 1 FROM attempt_journal WHERE attempt_id = NEW.attempt_id AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'attempt_journal_keeps_attempt_id_number: rows of attempt_journal never change'); END""",
    """CREATE TABLE integrity_pledge (
    attempt_id INTEGER NOT NULL,
    wording VARCHAR NOT NULL,
    confirmed_at BIGINT NOT NULL,
    CONSTRAINT pk_integrity_pledge PRIMARY KEY (attempt_id),
    CONSTRAINT fk_integrity_pledge_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER integrity_pledge_keeps_update BEFORE UPDATE ON integrity_pledge BEGIN SELECT RAISE(ABORT, 'integrity_pledge_keeps_update: rows of integrity_pledge never change'); END""",
    """CREATE TRIGGER integrity_pledge_keeps_delete BEFORE DELETE ON integrity_pledge BEGIN SELECT RAISE(ABORT, 'integrity_pledge_keeps_delete: rows of integrity_pledge never change'); END""",
    """CREATE TRIGGER integrity_pledge_keeps_attempt_id BEFORE INSERT ON integrity_pledge WHEN EXISTS (SELECT 1 FROM integrity_pledge WHERE attempt_id = NEW.attempt_id) BEGIN SELECT RAISE(ABORT, 'integrity_pledge_keeps_attempt_id: rows of integrity_pledge never change'); END""",
    """CREATE TABLE receipt (
    id INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    attempt_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    paper_sha256 VARCHAR NOT NULL,
    answers_seal VARCHAR NOT NULL,
    journal_seal VARCHAR NOT NULL,
    started_at BIGINT NOT NULL,
    finalised_at BIGINT NOT NULL,
    how VARCHAR NOT NULL,
    answered INTEGER NOT NULL,
    items INTEGER NOT NULL,
    issued_at BIGINT NOT NULL,
    CONSTRAINT pk_receipt PRIMARY KEY (id),
    CONSTRAINT uq_receipt_attempt_id_number UNIQUE (attempt_id, number),
    CONSTRAINT uq_receipt_code UNIQUE (code),
    CONSTRAINT fk_receipt_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER receipt_keeps_update BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt_keeps_update: rows of receipt never change'); END""",
    """CREATE TRIGGER receipt_keeps_delete BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt_keeps_delete: rows of receipt never change'); END""",
    """CREATE TRIGGER receipt_keeps_id BEFORE INSERT ON receipt WHEN EXISTS (SELECT 1 FROM receipt WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'receipt_keeps_id: rows of receipt never change'); END""",
    """CREATE TRIGGER receipt_keeps_attempt_id_number BEFORE INSERT ON receipt WHEN EXISTS (SELECT 1 FROM receipt WHERE attempt_id = NEW.attempt_id AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'receipt_keeps_attempt_id_number: rows of receipt never change'); END""",
    """CREATE TABLE rescue_file (
    id INTEGER NOT NULL,
    public_id VARCHAR NOT NULL,
    attempt_id INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    uploaded_by INTEGER NOT NULL,
    uploaded_at BIGINT NOT NULL,
    CONSTRAINT pk_rescue_file PRIMARY KEY (id),
    CONSTRAINT uq_rescue_file_attempt_id_sha256 UNIQUE (attempt_id, sha256),
    CONSTRAINT uq_rescue_file_public_id UNIQUE (public_id),
    CONSTRAINT fk_rescue_file_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id),
    CONSTRAINT fk_rescue_file_uploaded_by FOREIGN KEY(uploaded_by) REFERENCES account (id)
)""",
    """CREATE TRIGGER rescue_file_keeps_update BEFORE UPDATE ON rescue_file BEGIN SELECT RAISE(ABORT, 'rescue_file_keeps_update: rows of rescue_file never change'); END""",
    """CREATE TRIGGER rescue_file_keeps_delete BEFORE DELETE ON rescue_file BEGIN SELECT RAISE(ABORT, 'rescue_file_keeps_delete: rows of rescue_file never change'); END""",
    """CREATE TRIGGER rescue_file_keeps_id BEFORE INSERT ON rescue_file WHEN EXISTS (SELECT 1 FROM rescue_file WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'rescue_file_keeps_id: rows of rescue_file never change'); END""",
    """CREATE TRIGGER rescue_file_keeps_attempt_id_sha256 BEFORE INSERT ON rescue_file WHEN EXISTS (SELECT 1 FROM rescue_file WHERE attempt_id = NEW.attempt_id AND sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'rescue_file_keeps_attempt_id_sha256: rows of rescue_file never change'); END""",
    """CREATE TABLE score (
    attempt_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    keys_sha256 VARCHAR NOT NULL,
    keys JSON NOT NULL,
    correct INTEGER NOT NULL,
    wrong INTEGER NOT NULL,
    blank INTEGER NOT NULL,
    out_of INTEGER NOT NULL,
    scored_at BIGINT NOT NULL,
    CONSTRAINT pk_score PRIMARY KEY (attempt_id, number, keys_sha256),
    CONSTRAINT fk_score_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER score_keeps_update BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'score_keeps_update: rows of score never change'); END""",
    """CREATE TRIGGER score_keeps_delete BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'score_keeps_delete: rows of score never change'); END""",
    """CREATE TRIGGER score_keeps_attempt_id_number_keys_sha256 BEFORE INSERT ON score WHEN EXISTS (SELECT 1 FROM score WHERE attempt_id = NEW.attempt_id AND number = NEW.number AND keys_sha256 = NEW.keys_sha256) BEGIN SELECT RAISE(ABORT, 'score_keeps_attempt_id_number_keys_sha256: rows of score never change'); END""",
    """CREATE TABLE practice_response (
    run_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    option INTEGER,
    flagged BOOLEAN NOT NULL,
    CONSTRAINT pk_practice_response PRIMARY KEY (run_id, position),
    CONSTRAINT fk_practice_response_run_id FOREIGN KEY(run_id) REFERENCES practice_run (id)
)""",
    """CREATE TRIGGER practice_response_keeps_order BEFORE UPDATE ON practice_response WHEN NEW.seq <= OLD.seq BEGIN SELECT RAISE(ABORT, 'practice_response_keeps_order: rows of practice_response never change'); END""",
    """CREATE TABLE ledger_entry (
    id INTEGER NOT NULL,
    attempt_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    seconds INTEGER NOT NULL,
    reason_code VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    evidence JSON NOT NULL,
    outage_id INTEGER,
    author_id INTEGER,
    entered_at BIGINT NOT NULL,
    CONSTRAINT pk_ledger_entry PRIMARY KEY (id),
    CONSTRAINT ck_ledger_entry_only_adds CHECK (seconds > 0),
    CONSTRAINT ck_ledger_entry_kind_is_known CHECK (kind IN ('start', 'accommodation', 'extra', 'outage')),
    CONSTRAINT ck_ledger_entry_granted_by_somebody CHECK ((kind = 'start') = (author_id IS NULL)),
    CONSTRAINT ck_ledger_entry_outage_is_named CHECK ((kind = 'outage') = (outage_id IS NOT NULL)),
    CONSTRAINT uq_ledger_entry_attempt_id_outage_id UNIQUE (attempt_id, outage_id),
    CONSTRAINT fk_ledger_entry_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id),
    CONSTRAINT fk_ledger_entry_outage_id FOREIGN KEY(outage_id) REFERENCES server_outage (id),
    CONSTRAINT fk_ledger_entry_author_id FOREIGN KEY(author_id) REFERENCES account (id)
)""",
    """CREATE UNIQUE INDEX uq_ledger_entry_start ON ledger_entry (attempt_id) WHERE kind = 'start'""",
    """CREATE INDEX ix_ledger_entry_attempt ON ledger_entry (attempt_id)""",
    """CREATE TRIGGER ledger_entry_keeps_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry_keeps_update: rows of ledger_entry never change'); END""",
    """CREATE TRIGGER ledger_entry_keeps_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry_keeps_delete: rows of ledger_entry never change'); END""",
    """CREATE TRIGGER ledger_entry_keeps_id BEFORE INSERT ON ledger_entry WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'ledger_entry_keeps_id: rows of ledger_entry never change'); END""",
]

POSTGRESQL = [
    """CREATE TABLE server_heartbeat (
    id BIGSERIAL NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_server_heartbeat PRIMARY KEY (id),
    CONSTRAINT ck_server_heartbeat_is_the_only_one CHECK (id = 1)
)""",
    """CREATE TABLE server_outage (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    CONSTRAINT pk_server_outage PRIMARY KEY (id),
    CONSTRAINT ck_server_outage_ends_after_it_began CHECK (ended_at > began_at),
    CONSTRAINT uq_server_outage_public_id UNIQUE (public_id)
)""",
    """CREATE TRIGGER server_outage_keeps_update BEFORE UPDATE ON server_outage FOR EACH ROW EXECUTE FUNCTION refuse_change('server_outage_keeps_update')""",
    """CREATE TRIGGER server_outage_keeps_delete BEFORE DELETE ON server_outage FOR EACH ROW EXECUTE FUNCTION refuse_change('server_outage_keeps_delete')""",
    """CREATE TRIGGER server_outage_keeps_truncate BEFORE TRUNCATE ON server_outage FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('server_outage_keeps_truncate')""",
    """CREATE TABLE device_check (
    id BIGSERIAL NOT NULL,
    account_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    device VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    facts JSON NOT NULL,
    CONSTRAINT pk_device_check PRIMARY KEY (id),
    CONSTRAINT ck_device_check_outcome_is_known CHECK (outcome IN ('good', 'weak', 'bad')),
    CONSTRAINT fk_device_check_account_id FOREIGN KEY(account_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_device_check_account ON device_check (account_id, at)""",
    """CREATE TABLE practice_run (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    account_id BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    finalised_at BIGINT,
    lease BIGINT NOT NULL,
    lease_session_id BIGINT,
    CONSTRAINT pk_practice_run PRIMARY KEY (id),
    CONSTRAINT ck_practice_run_lasts CHECK (deadline_at > started_at),
    CONSTRAINT uq_practice_run_public_id UNIQUE (public_id),
    CONSTRAINT fk_practice_run_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_practice_run_lease_session_id FOREIGN KEY(lease_session_id) REFERENCES server_session (id)
)""",
    """CREATE INDEX ix_practice_run_account ON practice_run (account_id)""",
    """CREATE UNIQUE INDEX uq_practice_run_open ON practice_run (account_id) WHERE finalised_at IS NULL""",
    """CREATE TABLE attempt_journal (
    attempt_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    data VARCHAR NOT NULL,
    seal VARCHAR NOT NULL,
    CONSTRAINT pk_attempt_journal PRIMARY KEY (attempt_id, number),
    CONSTRAINT fk_attempt_journal_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER attempt_journal_keeps_update BEFORE UPDATE ON attempt_journal FOR EACH ROW EXECUTE FUNCTION refuse_change('attempt_journal_keeps_update')""",
    """CREATE TRIGGER attempt_journal_keeps_delete BEFORE DELETE ON attempt_journal FOR EACH ROW EXECUTE FUNCTION refuse_change('attempt_journal_keeps_delete')""",
    """CREATE TRIGGER attempt_journal_keeps_truncate BEFORE TRUNCATE ON attempt_journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('attempt_journal_keeps_truncate')""",
    """CREATE TABLE integrity_pledge (
    attempt_id BIGINT NOT NULL,
    wording VARCHAR NOT NULL,
    confirmed_at BIGINT NOT NULL,
    CONSTRAINT pk_integrity_pledge PRIMARY KEY (attempt_id),
    CONSTRAINT fk_integrity_pledge_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER integrity_pledge_keeps_update BEFORE UPDATE ON integrity_pledge FOR EACH ROW EXECUTE FUNCTION refuse_change('integrity_pledge_keeps_update')""",
    """CREATE TRIGGER integrity_pledge_keeps_delete BEFORE DELETE ON integrity_pledge FOR EACH ROW EXECUTE FUNCTION refuse_change('integrity_pledge_keeps_delete')""",
    """CREATE TRIGGER integrity_pledge_keeps_truncate BEFORE TRUNCATE ON integrity_pledge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('integrity_pledge_keeps_truncate')""",
    """CREATE TABLE receipt (
    id BIGSERIAL NOT NULL,
    code VARCHAR NOT NULL,
    attempt_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    paper_sha256 VARCHAR NOT NULL,
    answers_seal VARCHAR NOT NULL,
    journal_seal VARCHAR NOT NULL,
    started_at BIGINT NOT NULL,
    finalised_at BIGINT NOT NULL,
    how VARCHAR NOT NULL,
    answered BIGINT NOT NULL,
    items BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    CONSTRAINT pk_receipt PRIMARY KEY (id),
    CONSTRAINT uq_receipt_attempt_id_number UNIQUE (attempt_id, number),
    CONSTRAINT uq_receipt_code UNIQUE (code),
    CONSTRAINT fk_receipt_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER receipt_keeps_update BEFORE UPDATE ON receipt FOR EACH ROW EXECUTE FUNCTION refuse_change('receipt_keeps_update')""",
    """CREATE TRIGGER receipt_keeps_delete BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION refuse_change('receipt_keeps_delete')""",
    """CREATE TRIGGER receipt_keeps_truncate BEFORE TRUNCATE ON receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('receipt_keeps_truncate')""",
    """CREATE TABLE rescue_file (
    id BIGSERIAL NOT NULL,
    public_id VARCHAR NOT NULL,
    attempt_id BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    uploaded_by BIGINT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    CONSTRAINT pk_rescue_file PRIMARY KEY (id),
    CONSTRAINT uq_rescue_file_attempt_id_sha256 UNIQUE (attempt_id, sha256),
    CONSTRAINT uq_rescue_file_public_id UNIQUE (public_id),
    CONSTRAINT fk_rescue_file_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id),
    CONSTRAINT fk_rescue_file_uploaded_by FOREIGN KEY(uploaded_by) REFERENCES account (id)
)""",
    """CREATE TRIGGER rescue_file_keeps_update BEFORE UPDATE ON rescue_file FOR EACH ROW EXECUTE FUNCTION refuse_change('rescue_file_keeps_update')""",
    """CREATE TRIGGER rescue_file_keeps_delete BEFORE DELETE ON rescue_file FOR EACH ROW EXECUTE FUNCTION refuse_change('rescue_file_keeps_delete')""",
    """CREATE TRIGGER rescue_file_keeps_truncate BEFORE TRUNCATE ON rescue_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('rescue_file_keeps_truncate')""",
    """CREATE TABLE score (
    attempt_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    keys_sha256 VARCHAR NOT NULL,
    keys JSON NOT NULL,
    correct BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    blank BIGINT NOT NULL,
    out_of BIGINT NOT NULL,
    scored_at BIGINT NOT NULL,
    CONSTRAINT pk_score PRIMARY KEY (attempt_id, number, keys_sha256),
    CONSTRAINT fk_score_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)""",
    """CREATE TRIGGER score_keeps_update BEFORE UPDATE ON score FOR EACH ROW EXECUTE FUNCTION refuse_change('score_keeps_update')""",
    """CREATE TRIGGER score_keeps_delete BEFORE DELETE ON score FOR EACH ROW EXECUTE FUNCTION refuse_change('score_keeps_delete')""",
    """CREATE TRIGGER score_keeps_truncate BEFORE TRUNCATE ON score FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('score_keeps_truncate')""",
    """CREATE TABLE practice_response (
    run_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    option BIGINT,
    flagged BOOLEAN NOT NULL,
    CONSTRAINT pk_practice_response PRIMARY KEY (run_id, position),
    CONSTRAINT fk_practice_response_run_id FOREIGN KEY(run_id) REFERENCES practice_run (id)
)""",
    """CREATE TRIGGER practice_response_keeps_order BEFORE UPDATE ON practice_response FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION refuse_change('practice_response_keeps_order')""",
    """CREATE TABLE ledger_entry (
    id BIGSERIAL NOT NULL,
    attempt_id BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    seconds BIGINT NOT NULL,
    reason_code VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    evidence JSON NOT NULL,
    outage_id BIGINT,
    author_id BIGINT,
    entered_at BIGINT NOT NULL,
    CONSTRAINT pk_ledger_entry PRIMARY KEY (id),
    CONSTRAINT ck_ledger_entry_only_adds CHECK (seconds > 0),
    CONSTRAINT ck_ledger_entry_kind_is_known CHECK (kind IN ('start', 'accommodation', 'extra', 'outage')),
    CONSTRAINT ck_ledger_entry_granted_by_somebody CHECK ((kind = 'start') = (author_id IS NULL)),
    CONSTRAINT ck_ledger_entry_outage_is_named CHECK ((kind = 'outage') = (outage_id IS NOT NULL)),
    CONSTRAINT uq_ledger_entry_attempt_id_outage_id UNIQUE (attempt_id, outage_id),
    CONSTRAINT fk_ledger_entry_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id),
    CONSTRAINT fk_ledger_entry_outage_id FOREIGN KEY(outage_id) REFERENCES server_outage (id),
    CONSTRAINT fk_ledger_entry_author_id FOREIGN KEY(author_id) REFERENCES account (id)
)""",
    """CREATE UNIQUE INDEX uq_ledger_entry_start ON ledger_entry (attempt_id) WHERE kind = 'start'""",
    """CREATE INDEX ix_ledger_entry_attempt ON ledger_entry (attempt_id)""",
    """CREATE TRIGGER ledger_entry_keeps_update BEFORE UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change('ledger_entry_keeps_update')""",
    """CREATE TRIGGER ledger_entry_keeps_delete BEFORE DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change('ledger_entry_keeps_delete')""",
    """CREATE TRIGGER ledger_entry_keeps_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('ledger_entry_keeps_truncate')""",
]


START = """
INSERT INTO ledger_entry (attempt_id, kind, seconds, reason_code, reason, evidence, entered_at)
SELECT id, 'start', allowed_seconds, 'allowance', '', '{}', started_at FROM attempt WHERE started_at IS NOT NULL
"""
GRANTED = """
INSERT INTO ledger_entry (attempt_id, kind, seconds, reason_code, reason, evidence, author_id, entered_at)
SELECT a.id, 'extra', e.seconds, 'other', e.reason, '{}', e.granted_by, e.granted_at
FROM extra_time e JOIN attempt a ON a.id = e.attempt_id OR a.sitting_id = e.sitting_id
"""
PAPERS = "SELECT attempt_id, sha256, drawn_at FROM paper ORDER BY attempt_id"
RUNS = """
SELECT id, allowed_seconds, grace_seconds, started_at, deadline_at, finalised_at, how
FROM attempt WHERE started_at IS NOT NULL
"""
AHEAD = """
SELECT e.attempt_id, e.kind, e.seconds, e.reason_code, e.author_id, e.entered_at
FROM ledger_entry e JOIN attempt a ON a.id = e.attempt_id WHERE a.started_at IS NULL ORDER BY e.id
"""
ANSWERS = """
SELECT position, seq, option, flagged, arrived_at FROM response WHERE attempt_id = :attempt_id ORDER BY position
"""
ENTRY = """
INSERT INTO attempt_journal (attempt_id, number, at, kind, data, seal)
VALUES (:attempt_id, :number, :at, :kind, :data, :seal)
"""


def upgrade() -> None:
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        connection.exec_driver_sql(statement if sqlite else statement.replace("%", "%%"))
    connection.execute(sa.text(START))
    connection.execute(sa.text(GRANTED))
    op.drop_table("extra_time")
    adopt(connection)


def adopt(connection: sa.Connection) -> None:
    """Attempts from before there was a sealed journal: what is known of them now is its beginning."""
    runs = {row.id: row for row in connection.execute(sa.text(RUNS))}
    heads: dict[int, tuple[int, str]] = {}
    for paper in connection.execute(sa.text(PAPERS)).all():
        seal = write(connection, paper.attempt_id, 1, "0" * 64, paper.drawn_at, "drawn",
                     {"paper_sha256": paper.sha256})  # fmt: skip
        heads[paper.attempt_id] = (1, seal)
        run = runs.get(paper.attempt_id)
        if run is not None:
            answers = connection.execute(sa.text(ANSWERS), {"attempt_id": run.id})
            items = [
                [one.position, one.seq, one.option, bool(one.flagged), one.arrived_at] for one in answers
            ]
            write(connection, run.id, 2, seal, run.started_at, "adopted", {
                "allowed_seconds": run.allowed_seconds, "grace_seconds": run.grace_seconds,
                "started_at": run.started_at, "deadline_at": run.deadline_at,
                "finalised_at": run.finalised_at, "how": run.how, "items": items,
            })  # fmt: skip
    for one in connection.execute(sa.text(AHEAD)).all():  # granted before a start that is still to come
        number, former = heads.get(one.attempt_id, (0, "0" * 64))
        seal = write(connection, one.attempt_id, number + 1, former, one.entered_at, "ledger", {
            "kind": one.kind, "seconds": one.seconds, "reason_code": one.reason_code,
            "author": one.author_id, "deadline_at": None,
        })  # fmt: skip
        heads[one.attempt_id] = (number + 1, seal)


def write(
    connection: sa.Connection, attempt_id: int, number: int, former: str, at: int, kind: str, said: object
) -> str:
    """One sealed entry, exactly as `exam_server.exam.journal` wrote them when this step was made."""
    data = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    whole = json.dumps(
        [former, attempt_id, number, at, kind, data], separators=(",", ":"), ensure_ascii=False
    )
    seal = hashlib.sha256(whole.encode()).hexdigest()
    connection.execute(sa.text(ENTRY), {"attempt_id": attempt_id, "number": number, "at": at, "kind": kind,
                                        "data": data, "seal": seal})  # fmt: skip
    return seal
