DROP INDEX message_by_id;
DROP TABLE mailbox_stand;
DROP TABLE incoming;
