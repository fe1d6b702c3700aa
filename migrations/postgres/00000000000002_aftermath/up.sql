-- What happens after an answer: when something of a case is over, what outlives it, what must be told in hours.

-- The next day on which something of a case may have to go; none while nothing is to be expected.
CREATE TABLE retention (
    case_id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    next DATE NOT NULL
);
CREATE INDEX retention_next ON retention (controller_id, next, case_id);
-- What is kept already is looked at once, and then has its day.
INSERT INTO retention (case_id, controller_id, next) SELECT id, controller_id, received FROM cases;

-- Breaches of security whose 72 hours run.
CREATE TABLE breach (
    case_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    due TIMESTAMP NOT NULL,
    told BOOLEAN NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE INDEX breach_due ON breach (controller_id, due, case_id);

-- Who wants no advertising, as keyed digests: they outlive every case.
CREATE TABLE suppression (
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    digest BYTEA NOT NULL,
    kind TEXT NOT NULL,
    since DATE NOT NULL,
    PRIMARY KEY (controller_id, digest, kind)
);

-- What was erased where, so that it can be erased again after a restore; its digests say for whom.
CREATE TABLE erasure (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    done DATE NOT NULL,
    until DATE NOT NULL,
    note_sealed BYTEA NOT NULL
);
CREATE INDEX erasure_done ON erasure (controller_id, done, id);
CREATE INDEX erasure_until ON erasure (until);

CREATE TABLE erasure_digest (
    erasure_id BIGINT NOT NULL REFERENCES erasure (id),
    digest BYTEA NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (erasure_id, digest)
);
