DROP TABLE recipient_task;
