-- What comes back on a day by itself: a deletion that becomes due, a restriction that ends, a review. No foreign key
-- to the case, which it outlives.
CREATE TABLE follow_up (
    id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    case_id BIGINT NOT NULL,
    part TEXT NOT NULL,
    due DATE NOT NULL,
    what_sealed BLOB NOT NULL
);
CREATE UNIQUE INDEX follow_up_part ON follow_up (controller_id, case_id, part);
CREATE INDEX follow_up_due ON follow_up (controller_id, due, id);
