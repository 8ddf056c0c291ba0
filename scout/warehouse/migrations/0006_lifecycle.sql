-- The class that each ticket has in each taxonomy, as the newest run that looked at it left it.
-- Key (project, taxonomy, source, key): exactly one class. `digest` is of what was classified and by which rules.
CREATE TABLE stage.lifecycle (
    project VARCHAR NOT NULL,
    taxonomy VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    meaning VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    reason VARCHAR NOT NULL,
    quotation VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    doubt VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (project, taxonomy, source, key)
);
