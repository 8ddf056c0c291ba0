-- What the raw rows mean. A ticket traces back to raw.ticket by (project, source, key, digest), a change by its sha.

CREATE TABLE core.ticket (
    project VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    native_state VARCHAR NOT NULL,
    kind VARCHAR,
    labels VARCHAR[] NOT NULL,
    claimed BOOLEAN NOT NULL,
    blocked_by VARCHAR[] NOT NULL,
    url VARCHAR NOT NULL,
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    digest VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL
);

-- Changes that landed on the default branch, made by people. A view: the rows are those of raw, filtered, so there
-- is nothing to keep in step.
CREATE VIEW core.landed_change AS
SELECT project, sha, committed_at AS landed_at, subject, files, additions, deletions, reverts
FROM raw.git_commit
WHERE first_parent AND NOT is_bot;

-- Landed changes per UTC day; days without any have no row.
CREATE VIEW core.daily_landed AS
SELECT project, CAST(landed_at AT TIME ZONE 'UTC' AS DATE) AS day, count(*) AS landed
FROM core.landed_change
GROUP BY ALL;
