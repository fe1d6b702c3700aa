-- What connected systems are asked to do for a case: one row for each system and each time, and how far it is.
CREATE TABLE source_run (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    case_id BIGINT NOT NULL,
    system_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    promise TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    run_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    locked_until TIMESTAMP,
    fault TEXT NOT NULL,
    detail TEXT NOT NULL,
    laid BIGINT NOT NULL,
    begun_at TIMESTAMP,
    ended_at TIMESTAMP,
    body_sealed BLOB
);
CREATE INDEX source_run_due ON source_run (controller_id, source, state, run_at, id);
CREATE INDEX source_run_case ON source_run (case_id, id);
CREATE INDEX source_run_locked ON source_run (locked_until) WHERE locked_until IS NOT NULL;

-- Systems that are not asked for the time being; the empty name stands for all of a controller.
CREATE TABLE source_pause (
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    source TEXT NOT NULL,
    since TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (controller_id, source)
);

-- What systems hold on a person, as they said it; what of it she is given, and how it ends over there; whether a person said so of this one. The digest tells whether it was laid down before,
-- the content whether it has changed since; both are keyed hashes.
CREATE TABLE finding (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    case_id BIGINT NOT NULL,
    system_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    category TEXT NOT NULL,
    digest BLOB NOT NULL,
    content BLOB NOT NULL,
    tie TEXT NOT NULL,
    giving TEXT NOT NULL,
    ending TEXT NOT NULL,
    fate TEXT NOT NULL,
    correction TEXT NOT NULL,
    place INTEGER NOT NULL,
    giving_own BOOLEAN NOT NULL,
    ending_own BOOLEAN NOT NULL,
    heading_sealed BLOB NOT NULL,
    body_sealed BLOB NOT NULL,
    mark_sealed BLOB,
    laid_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX finding_digest ON finding (case_id, digest);
CREATE INDEX finding_list ON finding (case_id, system_id, category, id);
CREATE INDEX finding_work ON finding (case_id, source, ending, fate, place, id);
-- Few are put right; the others have no line in it.
CREATE INDEX finding_correction ON finding (case_id, source, correction, place, id) WHERE correction <> '';

-- How many of them there are, so that no page counts.
CREATE TABLE finding_count (
    case_id BIGINT NOT NULL,
    system_id BIGINT NOT NULL,
    category TEXT NOT NULL,
    giving TEXT NOT NULL,
    ending TEXT NOT NULL,
    tie TEXT NOT NULL,
    held BIGINT NOT NULL,
    PRIMARY KEY (case_id, system_id, category, giving, ending, tie)
);
