-- Mail that came in, before and after it was read. The raw message is a sealed file; what was understood is sealed
-- beside it. Of what is not for us only the place in the mailbox, the digest and the sealed reasons stay.
CREATE TABLE incoming (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    mailbox TEXT NOT NULL,
    validity BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    state TEXT NOT NULL,
    file_id BIGINT,
    size BIGINT NOT NULL,
    whole BOOLEAN NOT NULL,
    case_id BIGINT,
    digest BLOB,
    reading_sealed BLOB,
    attempts INTEGER NOT NULL,
    locked_until TIMESTAMP,
    arrived_at TIMESTAMP NOT NULL,
    taken_at TIMESTAMP NOT NULL,
    judged_at TIMESTAMP
);
CREATE UNIQUE INDEX incoming_place ON incoming (controller_id, mailbox, validity, uid);
CREATE INDEX incoming_list ON incoming (controller_id, state, arrived_at, id);
CREATE INDEX incoming_state ON incoming (state, arrived_at, id);
CREATE INDEX incoming_digest ON incoming (controller_id, digest) WHERE digest IS NOT NULL;
CREATE INDEX incoming_case ON incoming (case_id, id) WHERE case_id IS NOT NULL;

-- How far each mailbox was read, and what stood in the way last.
CREATE TABLE mailbox_stand (
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    mailbox TEXT NOT NULL,
    validity BIGINT NOT NULL,
    next_uid BIGINT NOT NULL,
    begun_on DATE NOT NULL,
    read_at TIMESTAMP,
    trouble TEXT NOT NULL,
    PRIMARY KEY (controller_id, mailbox)
);

-- A reply names the message that it answers.
CREATE INDEX message_by_id ON message (message_id) WHERE message_id <> '';
