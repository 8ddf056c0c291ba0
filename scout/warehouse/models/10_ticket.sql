-- raw.ticket → core.ticket for $project: only tickets whose content is new, changed or gone are touched.

DELETE FROM core.ticket AS made
WHERE made.project = $project
  AND NOT EXISTS (
      FROM raw.ticket AS fetched
      WHERE fetched.project = made.project
        AND fetched.source = made.source
        AND fetched.key = made.key
        AND fetched.digest = made.digest
        AND fetched.fetched_at = made.fetched_at
  );

INSERT INTO core.ticket BY NAME
WITH fresh AS (
    SELECT fetched.project, fetched.source, fetched.key, fetched.digest, fetched.fetched_at,
           CAST(fetched.payload AS JSON) AS ticket
    FROM raw.ticket AS fetched
    ANTI JOIN core.ticket AS made
      ON made.project = fetched.project AND made.source = fetched.source AND made.key = fetched.key
    WHERE fetched.project = $project
)
SELECT
    project,
    key,
    source,
    ticket ->> 'title' AS title,
    ticket ->> 'body' AS body,
    ticket ->> 'state' AS state,
    ticket ->> 'native_state' AS native_state,
    ticket ->> 'kind' AS kind,
    from_json(ticket -> 'labels', '["VARCHAR"]') AS labels,
    CAST(ticket ->> 'claimed' AS BOOLEAN) AS claimed,
    from_json(ticket -> 'blocked_by', '["VARCHAR"]') AS blocked_by,
    ticket ->> 'url' AS url,
    CAST(ticket ->> 'created_at' AS TIMESTAMPTZ) AS created_at,
    CAST(ticket ->> 'updated_at' AS TIMESTAMPTZ) AS updated_at,
    CAST(ticket ->> 'closed_at' AS TIMESTAMPTZ) AS closed_at,
    digest,
    fetched_at
FROM fresh;
