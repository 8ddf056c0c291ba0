-- What Scout's stages made of core. Each row carries the whole value as JSON (`payload`); the columns beside it are
-- those one filters, sorts and counts by.

-- Key (project, stage): digest of the content last written, so that the same content is not written again.
CREATE TABLE stage.content (project VARCHAR NOT NULL, stage VARCHAR NOT NULL, digest VARCHAR NOT NULL);

-- `place` keeps the scouts' own order, from 0.
CREATE TABLE stage.finding (
    project VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    fingerprint VARCHAR NOT NULL,
    signal VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    severity INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    offered BOOLEAN NOT NULL,
    evidence_digest VARCHAR NOT NULL,
    payload VARCHAR NOT NULL
);

-- Key (project, key): one judged ticket. `digest` is of exactly what was judged.
CREATE TABLE stage.readiness (
    project VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    total DOUBLE NOT NULL,
    ready BOOLEAN NOT NULL,
    failed_gates VARCHAR[] NOT NULL,
    payload VARCHAR NOT NULL
);

-- Key (project, day): the newest plan of that UTC day.
CREATE TABLE stage.plan (
    project VARCHAR NOT NULL,
    day DATE NOT NULL,
    on_hand INTEGER NOT NULL,
    on_order DOUBLE NOT NULL,
    reorder_point INTEGER NOT NULL,
    order_up_to INTEGER NOT NULL,
    days_of_cover DOUBLE,
    payload VARCHAR NOT NULL
);
