-- Ids are made by the program. Days are DATE, instants TIMESTAMP in UTC with six digits.
-- Columns named *_sealed, and payload, summary and state, are encrypted; see docs/what-we-store.md.

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE controller (
    id BIGINT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,
    calendar_version TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Keys, each wrapped by the master key. Controller 0 is the installation itself.
CREATE TABLE controller_key (
    controller_id BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    version INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (controller_id, purpose, version)
);

-- One ledger per controller; its id is the controller's. Ledger 0 is the installation's own.
CREATE TABLE ledger (
    id BIGINT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL,
    verify_key TEXT NOT NULL,
    chain BLOB NOT NULL,
    size BIGINT NOT NULL
);

CREATE TABLE checkpoint (
    ledger_id BIGINT NOT NULL REFERENCES ledger (id),
    size BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    note TEXT NOT NULL,
    published BOOLEAN NOT NULL,
    PRIMARY KEY (ledger_id, size)
);

CREATE TABLE cases (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    number TEXT NOT NULL,
    revision BIGINT NOT NULL,
    received DATE NOT NULL,
    due DATE NOT NULL,
    earliest DATE NOT NULL,
    stage TEXT NOT NULL,
    turn TEXT NOT NULL,
    rights INTEGER NOT NULL,
    channel TEXT NOT NULL,
    assignee BIGINT,
    open BOOLEAN NOT NULL,
    apart BOOLEAN NOT NULL,
    mailbox TEXT NOT NULL,
    unread BOOLEAN NOT NULL,
    confidential BOOLEAN NOT NULL,
    closed DATE,
    key_wrapped BLOB,
    summary BLOB NOT NULL,
    state BLOB NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    UNIQUE (controller_id, number)
);
-- The queue: one range per controller, and every filter answered from the index alone.
CREATE INDEX cases_queue ON cases (controller_id, open, apart, due, id, turn, stage, rights, assignee, confidential);
-- A tab that counts what is rare must not walk the whole queue to find it.
CREATE INDEX cases_turn ON cases (controller_id, open, apart, turn, due, id, confidential);
CREATE INDEX cases_assignee ON cases (assignee, controller_id, open, apart, due, id) WHERE assignee IS NOT NULL;
CREATE INDEX cases_closed ON cases (controller_id, apart, id) WHERE closed IS NOT NULL;

CREATE TABLE search_token (
    controller_id BIGINT NOT NULL,
    hash BIGINT NOT NULL,
    due DATE NOT NULL,
    case_id BIGINT NOT NULL,
    longer TEXT NOT NULL,
    PRIMARY KEY (controller_id, hash, due, case_id)
) WITHOUT ROWID;

-- What happened. The row is the ledger's entry too: purge empties the payload, its hash stays.
CREATE TABLE event (
    id BIGINT NOT NULL PRIMARY KEY,
    ledger_id BIGINT NOT NULL REFERENCES ledger (id),
    case_id BIGINT,
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    payload BLOB,
    payload_hash BLOB NOT NULL,
    seq BIGINT
);
CREATE INDEX event_case ON event (case_id, id) WHERE case_id IS NOT NULL;
CREATE UNIQUE INDEX event_chained ON event (ledger_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX event_unchained ON event (ledger_id, id) WHERE seq IS NULL;

CREATE TABLE message (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    case_id BIGINT,
    clerk_id BIGINT,
    kind TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    state TEXT NOT NULL,
    next_at TIMESTAMP,
    attempts INTEGER NOT NULL,
    promise TEXT UNIQUE,
    message_id TEXT NOT NULL,
    body_sealed BLOB NOT NULL,
    trouble TEXT NOT NULL,
    settled_at TIMESTAMP
);
CREATE INDEX message_case ON message (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX message_waiting ON message (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX message_trouble ON message (controller_id, id) WHERE state IN ('failed', 'held');

CREATE TABLE file (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    case_id BIGINT,
    form_digest BLOB,
    purpose TEXT NOT NULL,
    name_sealed BLOB NOT NULL,
    key_wrapped BLOB,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    stored TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX file_case ON file (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX file_form ON file (form_digest, id) WHERE form_digest IS NOT NULL;
CREATE UNIQUE INDEX file_stored ON file (stored);

CREATE TABLE submission (
    form_digest BLOB NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    case_id BIGINT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX submission_age ON submission (at);

CREATE TABLE link (
    digest BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    controller_id BIGINT NOT NULL,
    case_id BIGINT,
    clerk_id BIGINT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    revoked_at TIMESTAMP,
    code_digest BLOB,
    code_until TIMESTAMP,
    attempts INTEGER NOT NULL,
    parent BLOB
);
CREATE INDEX link_case ON link (case_id, purpose) WHERE case_id IS NOT NULL;
CREATE INDEX link_clerk ON link (clerk_id, purpose) WHERE clerk_id IS NOT NULL;

CREATE TABLE clerk (
    id BIGINT NOT NULL PRIMARY KEY,
    actor TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    totp_sealed BLOB,
    totp_step BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    left_at TIMESTAMP
);

CREATE TABLE membership (
    clerk_id BIGINT NOT NULL REFERENCES clerk (id),
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    role TEXT NOT NULL,
    PRIMARY KEY (clerk_id, controller_id)
);

CREATE TABLE session (
    digest BLOB NOT NULL PRIMARY KEY,
    clerk_id BIGINT NOT NULL REFERENCES clerk (id),
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX session_clerk ON session (clerk_id);

CREATE TABLE access (
    id BIGINT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    clerk_id BIGINT NOT NULL,
    controller_id BIGINT NOT NULL,
    case_id BIGINT,
    page TEXT NOT NULL
);
CREATE INDEX access_age ON access (at);

CREATE TABLE register_entry (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    slug TEXT NOT NULL,
    position INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    UNIQUE (controller_id, slug)
);

CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    promise TEXT NOT NULL UNIQUE,
    run_at TIMESTAMP NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    locked_until TIMESTAMP,
    trouble TEXT NOT NULL
);
CREATE INDEX job_due ON job (state, run_at, id);
