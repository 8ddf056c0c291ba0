-- How large a change is, where it is told with the change itself: archives do, listings of trackers do not.
ALTER TABLE core.change ADD COLUMN lines BIGINT;
ALTER TABLE core.change ADD COLUMN files BIGINT;
