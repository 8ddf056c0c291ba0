-- What the flow of one project is made of: its tickets and its changes (pull requests), one row each.
-- `flow_asked` holds one row: the project, the present moment and the project's time zone. Nobody's name leaves these
-- models: pseudonyms are compared and counted here, and no column of a result carries one.

CREATE TEMP TABLE flow_ticket AS
SELECT
    row_number() OVER (ORDER BY source, length(key), key) - 1 AS subject,
    source, key, state, native_state, coalesce(kind, '') AS kind, labels, claimed, milestone, author, by_bot,
    created_at, updated_at, closed_at,
    state IN ('completed', 'canceled') AS is_closed
FROM core.ticket
WHERE project = (SELECT project FROM flow_asked);

CREATE TEMP TABLE flow_change AS
SELECT
    row_number() OVER (ORDER BY source, length(key), key) - 1 AS subject,
    source, key, state, draft, labels, title, author, by_bot, created_at, updated_at, merged_at, closed_at,
    lines AS told_lines, files AS told_files
FROM core.change
WHERE project = (SELECT project FROM flow_asked);

-- What became what, of both, with its place among the turns of its subject. Future moments are left out.
CREATE TEMP TABLE flow_turn AS
SELECT
    known.is_ticket, known.subject, turn.field, turn.before, turn.after, turn.native_before, turn.native_after,
    turn.actor, turn.by_bot, turn."at", turn."at" < known.created_at AS too_early,
    row_number() OVER (
        PARTITION BY known.is_ticket, known.subject ORDER BY turn."at", length(turn.record), turn.record, turn.place
    ) AS nth
FROM core.transition AS turn
JOIN (
    SELECT true AS is_ticket, subject, source, key, created_at FROM flow_ticket
    UNION ALL
    SELECT false, subject, source, key, created_at FROM flow_change
) AS known ON known.source = turn.source AND known.key = turn.subject
WHERE turn.project = (SELECT project FROM flow_asked) AND turn."at" <= (SELECT moment FROM flow_asked);

-- Which sources tell the history of states: one that has closed tickets and never a change of state does not.
CREATE TEMP TABLE flow_source AS
SELECT
    ticket.source,
    count(*) AS tickets,
    count(*) FILTER (WHERE is_closed) AS closed,
    any_value(coalesce(told.turns, 0)) AS turns,
    any_value(coalesce(told.turns, 0)) > 0 OR count(*) FILTER (WHERE is_closed) = 0 AS has_history
FROM flow_ticket AS ticket
LEFT JOIN (
    SELECT source, count(*) AS turns
    FROM flow_turn JOIN flow_ticket USING (subject)
    WHERE is_ticket AND field = 'state' GROUP BY source
) AS told ON told.source = ticket.source
GROUP BY ticket.source;

-- Everything somebody said about a change: reviews, remarks on lines, comments. `is_other` is null where both are
-- deleted accounts, so that nobody can tell.
CREATE TEMP TABLE flow_said AS
SELECT
    change.subject, said.kind, said.verdict, said.by_bot, said."at", said."at" < change.created_at AS too_early,
    CASE WHEN said.author = '' AND change.author = '' THEN NULL ELSE said.author <> change.author END AS is_other,
    said.author
FROM (
    SELECT source, change AS key, 'review' AS kind, verdict, by_bot, reviewer AS author, "at"
    FROM core.review
    WHERE project = (SELECT project FROM flow_asked) AND verdict <> 'pending'
    UNION ALL
    SELECT source, subject, CASE kind WHEN 'review' THEN 'remark' ELSE 'comment' END, '', by_bot, author, created_at
    FROM core.comment
    WHERE project = (SELECT project FROM flow_asked)
) AS said
JOIN flow_change AS change USING (source, key)
WHERE said."at" <= (SELECT moment FROM flow_asked);
