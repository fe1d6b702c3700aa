DROP INDEX incoming_unmarked;
ALTER TABLE incoming DROP COLUMN unmarked;
DROP TABLE example;
DROP TABLE snippet;
DROP TABLE mail_day;
