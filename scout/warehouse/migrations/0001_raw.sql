-- What was fetched, in the shape of the staging streams, and how far each source has been read.
--
-- Keys are kept unique by the merge, not by constraints: an index on every key doubles the file and makes
-- DELETE + INSERT of the same key in one transaction many times slower.

CREATE TABLE schema_version (number INTEGER NOT NULL, name VARCHAR NOT NULL);

CREATE TABLE warehouse AS SELECT CAST(gen_random_uuid() AS VARCHAR) AS id;

CREATE SCHEMA raw;
CREATE SCHEMA core;
CREATE SCHEMA stage;

-- Key (project, sha). `additions` and `deletions` are null where a partial clone cannot tell.
CREATE TABLE raw.git_commit (
    project VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    parents INTEGER NOT NULL,
    committed_at TIMESTAMPTZ NOT NULL,
    authored_at TIMESTAMPTZ NOT NULL,
    author_id VARCHAR NOT NULL,
    is_merge BOOLEAN NOT NULL,
    is_bot BOOLEAN NOT NULL,
    first_parent BOOLEAN NOT NULL,
    subject VARCHAR NOT NULL,
    reverts VARCHAR,
    files INTEGER,
    additions BIGINT,
    deletions BIGINT
);

-- Key (project, sha, path); the rows of one commit are replaced together.
CREATE TABLE raw.git_file_change (
    project VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    old_path VARCHAR,
    status VARCHAR NOT NULL,
    additions BIGINT,
    deletions BIGINT
);

-- Key (project, name).
CREATE TABLE raw.git_tag (
    project VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    tagged_at TIMESTAMPTZ
);

-- Key (project, source, key). `fetched_at` is when this content (`digest`) was first seen.
CREATE TABLE raw.ticket (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    digest VARCHAR NOT NULL,
    payload VARCHAR NOT NULL
);

-- Key (project, source): how far the rows above go.
CREATE TABLE raw.cursor (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    position VARCHAR NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL
);
