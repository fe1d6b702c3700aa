-- How many mails a program sent to an address on a day, of its own accord; the address is a keyed digest.
CREATE TABLE mail_day (
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    digest BYTEA NOT NULL,
    day DATE NOT NULL,
    sent INTEGER NOT NULL,
    PRIMARY KEY (controller_id, digest, day)
);
CREATE INDEX mail_day_old ON mail_day (day);

-- Words that the office writes often, by name.
CREATE TABLE snippet (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    lang TEXT NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE UNIQUE INDEX snippet_name ON snippet (controller_id, name, lang);

-- Mails that a person judged otherwise than the program, without names, kept for some months where that is wished.
CREATE TABLE example (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    until DATE NOT NULL,
    example_sealed BYTEA NOT NULL
);
CREATE INDEX example_until ON example (until);
CREATE INDEX example_of ON example (controller_id, id);

-- Kept here, and not yet marked or moved at its server.
ALTER TABLE incoming ADD COLUMN unmarked BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX incoming_unmarked ON incoming (controller_id, mailbox, uid) WHERE unmarked;
