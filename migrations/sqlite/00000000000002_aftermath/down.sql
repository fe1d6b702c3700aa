DROP TABLE erasure_digest;
DROP TABLE erasure;
DROP TABLE suppression;
DROP TABLE breach;
DROP TABLE retention;
