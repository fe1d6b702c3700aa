-- Cases in which recipients of the data still have to be told (Art. 19 GDPR): how many, and the first day due.
CREATE TABLE recipient_task (
    case_id BIGINT NOT NULL PRIMARY KEY,
    controller_id BIGINT NOT NULL REFERENCES controller (id),
    due DATE NOT NULL,
    open INTEGER NOT NULL
);
CREATE INDEX recipient_task_due ON recipient_task (controller_id, due, case_id);
