-- Records of trackers as they were fetched, and core rows that follow from one record each.
--
-- Core tables have the columns of the classes in `records.py`. A core row leads to its record by (project, source,
-- stream, record = key, digest); `place` counts the rows of one record in one table, from 0. The merge replaces a record
-- and its core rows together, so there is nothing to keep in step and nothing that keys would have to guard.

DROP TABLE core.ticket;
DROP TABLE raw.ticket;

-- Every source is read again from its beginning.
DELETE FROM raw.cursor;

-- Key (project, source, stream, key). `fetched_at` is when this content (`digest`) was first seen.
CREATE TABLE raw.record (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    parent VARCHAR NOT NULL,
    changed_at TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ NOT NULL,
    digest VARCHAR NOT NULL,
    details VARCHAR[] NOT NULL,
    payload VARCHAR NOT NULL USING COMPRESSION zstd
);

-- Key (project, source, stream, key), none of them in raw.record. `noticed_at` is when this was first seen.
CREATE TABLE raw.tombstone (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    moved_to VARCHAR NOT NULL,
    noticed_at TIMESTAMPTZ NOT NULL
);

-- What is not there any more, and what became of it.
CREATE VIEW core.gone AS FROM raw.tombstone;

CREATE TABLE core.ticket (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    key VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL USING COMPRESSION zstd,
    state VARCHAR NOT NULL,
    native_state VARCHAR NOT NULL,
    kind VARCHAR,
    native_kind VARCHAR NOT NULL,
    labels VARCHAR[] NOT NULL,
    claimed BOOLEAN NOT NULL,
    priority VARCHAR NOT NULL,
    milestone VARCHAR NOT NULL,
    parent VARCHAR NOT NULL,
    resolution VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    by_bot BOOLEAN NOT NULL,
    url VARCHAR NOT NULL,
    fields VARCHAR NOT NULL,
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ
);

CREATE TABLE core.comment (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    subject VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    body VARCHAR NOT NULL USING COMPRESSION zstd,
    author VARCHAR NOT NULL,
    by_bot BOOLEAN NOT NULL,
    url VARCHAR NOT NULL,
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ
);

CREATE TABLE core.transition (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    subject VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    before VARCHAR NOT NULL,
    after VARCHAR NOT NULL,
    native_before VARCHAR NOT NULL,
    native_after VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    by_bot BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ
);

CREATE TABLE core.link (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    subject VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    other VARCHAR NOT NULL,
    native_kind VARCHAR NOT NULL,
    other_state VARCHAR NOT NULL
);

CREATE TABLE core.change (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    key VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL USING COMPRESSION zstd,
    state VARCHAR NOT NULL,
    draft BOOLEAN NOT NULL,
    labels VARCHAR[] NOT NULL,
    milestone VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    by_bot BOOLEAN NOT NULL,
    url VARCHAR NOT NULL,
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ,
    merged_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ
);

CREATE TABLE core.change_branch (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    change VARCHAR NOT NULL,
    base VARCHAR NOT NULL,
    head VARCHAR NOT NULL,
    head_sha VARCHAR NOT NULL,
    merge_sha VARCHAR NOT NULL,
    from_fork BOOLEAN NOT NULL,
    reviewers_asked BIGINT NOT NULL,
    updated_at TIMESTAMPTZ
);

CREATE TABLE core.change_file (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    change VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    old_path VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    additions BIGINT,
    deletions BIGINT
);

CREATE TABLE core.change_commit (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    change VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    committed_at TIMESTAMPTZ
);

CREATE TABLE core.review (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    change VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    reviewer VARCHAR NOT NULL,
    by_bot BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ
);

CREATE TABLE core.run (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    key VARCHAR NOT NULL,
    workflow VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    branch VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    attempt BIGINT,
    status VARCHAR NOT NULL,
    conclusion VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    created_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ
);

CREATE TABLE core.job (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    run VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    conclusion VARCHAR NOT NULL,
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ
);

CREATE TABLE core.release (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    tag VARCHAR NOT NULL,
    draft BOOLEAN NOT NULL,
    prerelease BOOLEAN NOT NULL,
    url VARCHAR NOT NULL,
    created_at TIMESTAMPTZ,
    released_at TIMESTAMPTZ
);

CREATE TABLE core.label (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR NOT NULL
);

CREATE TABLE core.iteration (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    key VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    starts_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ
);

CREATE TABLE core.status (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    name VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    state VARCHAR NOT NULL
);

CREATE TABLE core.control (
    project VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stream VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    key VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    enforced BOOLEAN NOT NULL,
    rules VARCHAR NOT NULL
);
