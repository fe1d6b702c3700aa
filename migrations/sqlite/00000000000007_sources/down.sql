DROP TABLE finding_count;
DROP TABLE finding;
DROP TABLE source_pause;
DROP TABLE source_run;
