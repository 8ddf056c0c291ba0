-- Where tickets and changes were, from when until when: the stays that queues, handoffs and waiting are made of.

-- Stays of a ticket in a state, where its source tells the history of states. `until` is null while it is there.
CREATE TEMP TABLE flow_ticket_stay AS
WITH turns AS (
    SELECT subject, "at", nth, after, native_after, before, native_before,
           row_number() OVER (PARTITION BY subject ORDER BY nth) AS place
    FROM flow_turn WHERE is_ticket AND field = 'state' AND NOT too_early
), known AS (
    SELECT ticket.* FROM flow_ticket AS ticket JOIN flow_source USING (source)
    WHERE has_history AND created_at <= (SELECT moment FROM flow_asked)
), points AS (
    SELECT subject, created_at AS since, 0 AS nth,
           CASE WHEN first.subject IS NOT NULL THEN coalesce(nullif(first.before, ''), 'unstarted')
                WHEN is_closed THEN 'unstarted' ELSE state END AS state,
           CASE WHEN first.subject IS NOT NULL THEN first.native_before
                WHEN is_closed THEN '' ELSE native_state END AS native
    FROM known LEFT JOIN (FROM turns WHERE place = 1) AS first USING (subject)
    UNION ALL
    SELECT subject, "at", nth, coalesce(nullif(after, ''), 'unknown'), native_after
    FROM turns WHERE subject IN (SELECT subject FROM known)
), stays AS (
    SELECT subject, state, coalesce(nullif(native, ''), state) AS native, since, nth,
           lead(since) OVER following AS until,
           lead(state) OVER following AS next
    FROM points WINDOW following AS (PARTITION BY subject ORDER BY nth)
)
SELECT stays.subject, stays.state, stays.native, since,
       CASE WHEN until IS NULL AND is_closed THEN coalesce(closed_at, since) ELSE until END AS until,
       CASE WHEN until IS NULL AND is_closed THEN ticket.state ELSE coalesce(next, '') END AS next, stays.nth
FROM stays JOIN flow_ticket AS ticket USING (subject)
WHERE stays.state NOT IN ('completed', 'canceled');

-- Whose turn it was with a change: `draft`, `first review`, `author` (after somebody's review), `review again` (after
-- the author's push or answer, or when it is ready again), `merge` (after an approval). Four words decide whose turn it
-- is: opened or ready, back to draft, reviewed, approved; pushes and answers count against the last of them.
CREATE TEMP TABLE flow_change_stay AS
WITH moves AS (
    SELECT subject, created_at AS "at", 0 AS rank,
           CASE WHEN subject IN (
               SELECT subject FROM flow_turn
               WHERE NOT is_ticket AND NOT too_early AND field IN ('ready_for_review', 'convert_to_draft')
               GROUP BY subject
               HAVING min("at") FILTER (WHERE field = 'ready_for_review')
                    < coalesce(min("at") FILTER (WHERE field = 'convert_to_draft'), TIMESTAMPTZ 'infinity')
           ) OR (draft AND subject NOT IN (
               SELECT subject FROM flow_turn WHERE NOT is_ticket AND NOT too_early AND field = 'convert_to_draft'
           ))
           THEN 'draft' ELSE 'first review' END AS phase
    FROM flow_change WHERE created_at <= (SELECT moment FROM flow_asked)
    UNION ALL
    SELECT subject, "at", 1,
           CASE field WHEN 'ready_for_review' THEN 'first review' WHEN 'convert_to_draft' THEN 'draft' ELSE 'push' END
    FROM flow_turn
    WHERE NOT is_ticket AND NOT too_early AND field IN ('ready_for_review', 'convert_to_draft', 'head_ref_force_pushed')
    UNION ALL
    SELECT change.subject, pushed.committed_at, 1, 'push'
    FROM core.change_commit AS pushed
    JOIN flow_change AS change ON change.source = pushed.source AND change.key = pushed.change
    WHERE pushed.project = (SELECT project FROM flow_asked) AND pushed.committed_at > change.created_at
      AND pushed.committed_at <= (SELECT moment FROM flow_asked)
    UNION ALL
    SELECT subject, "at", 2, CASE WHEN NOT is_other THEN 'answer' WHEN verdict = 'approved' THEN 'merge' ELSE 'author' END
    FROM flow_said AS said
    WHERE is_other IS NOT NULL AND NOT by_bot AND (kind <> 'comment' OR NOT is_other) AND NOT too_early
      AND NOT (kind = 'remark' AND is_other AND EXISTS (
          FROM flow_said AS review  -- a remark that belongs to a verdict says no more than the verdict
          WHERE review.kind = 'review' AND review.subject = said.subject AND review.author = said.author
            AND review."at" >= said."at" AND review."at" <= said."at" + INTERVAL 1 HOUR
      ))
), ended AS (
    SELECT subject, coalesce(merged_at, closed_at) AS ended_at,
           CASE WHEN merged_at IS NOT NULL THEN 'merged' WHEN closed_at IS NOT NULL THEN 'closed' ELSE '' END AS ending
    FROM flow_change
), seen AS (
    SELECT moves.*,
           count(*) FILTER (WHERE phase NOT IN ('push', 'answer')) OVER so_far AS word,
           count(*) FILTER (WHERE phase IN ('author', 'merge')) OVER so_far > 0 AS is_reviewed
    FROM moves JOIN ended USING (subject)
    WHERE ended_at IS NULL OR "at" < ended_at OR rank = 0
    WINDOW so_far AS (PARTITION BY subject ORDER BY "at", rank, phase ROWS UNBOUNDED PRECEDING)
), answered AS (
    SELECT subject, "at", rank, phase AS raw, is_reviewed,
           first_value(phase) OVER since AS turn,
           count(*) FILTER (WHERE phase = 'push') OVER since > 0 AS is_pushed,
           count(*) FILTER (WHERE phase = 'answer') OVER since > 0 AS is_answered
    FROM seen
    WINDOW since AS (PARTITION BY subject, word ORDER BY "at", rank, phase ROWS UNBOUNDED PRECEDING)
), phased AS (
    SELECT subject, "at", rank, raw,
           CASE WHEN turn = 'first review' AND is_reviewed THEN 'review again'
                WHEN turn = 'author' AND (is_pushed OR is_answered) THEN 'review again'
                WHEN turn = 'merge' AND is_pushed THEN 'review again'
                ELSE turn END AS phase
    FROM answered
), changed AS (
    SELECT *, lag(phase) OVER (PARTITION BY subject ORDER BY "at", rank, raw) IS DISTINCT FROM phase AS is_new FROM phased
), stays AS (
    SELECT subject, phase AS state, "at" AS since, rank, raw,
           lead("at") OVER following AS until, lead(phase) OVER following AS next
    FROM changed WHERE is_new WINDOW following AS (PARTITION BY subject ORDER BY "at", rank, raw)
)
SELECT subject, state, state AS native, since, coalesce(until, ended_at) AS until,
       CASE WHEN until IS NULL THEN ending ELSE next END AS next,
       row_number() OVER (PARTITION BY subject ORDER BY since, rank, raw) AS nth
FROM stays JOIN ended USING (subject);
