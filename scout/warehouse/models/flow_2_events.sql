-- The event log: one row for each change of state of a ticket or a change, by whom never, with the rule that derived it
-- and how sure that is (0..1; 1 is what the tracker itself says).

CREATE TEMP TABLE flow_link AS
SELECT ticket.subject AS ticket, change.subject AS change, change.created_at, change.merged_at
FROM core.link AS link
JOIN flow_change AS change ON change.source = link.source AND change.key = link.subject
JOIN flow_ticket AS ticket ON ticket.source = link.source AND ticket.key = link.other
WHERE link.project = (SELECT project FROM flow_asked) AND link.kind = 'closes';

-- How the start of a ticket is inferred: the first change that says it closes the ticket was opened, else somebody was
-- assigned for the first time.
CREATE TEMP TABLE flow_start AS
WITH told AS (
    SELECT subject, min("at") AS "at" FROM flow_turn
    WHERE is_ticket AND field = 'state' AND after = 'started' AND before <> 'started' AND NOT too_early GROUP BY subject
), linked AS (
    SELECT ticket AS subject, min(link.created_at) AS "at"
    FROM flow_link AS link WHERE link.created_at <= (SELECT moment FROM flow_asked) GROUP BY ticket
), claimed AS (
    SELECT subject, min("at") AS "at" FROM flow_turn
    WHERE is_ticket AND field = 'claim' AND after <> '' AND NOT too_early GROUP BY subject
)
SELECT
    ticket.subject,
    told."at" AS told_at,
    CASE WHEN linked."at" IS NOT NULL THEN greatest(linked."at", ticket.created_at) ELSE claimed."at" END AS inferred_at,
    CASE WHEN linked."at" IS NOT NULL THEN 'linked change opened' ELSE 'first assigned' END AS rule,
    CASE WHEN linked."at" IS NOT NULL THEN 0.8 ELSE 0.5 END AS confidence
FROM flow_ticket AS ticket
LEFT JOIN told USING (subject) LEFT JOIN linked USING (subject) LEFT JOIN claimed USING (subject)
WHERE told."at" IS NOT NULL OR linked."at" IS NOT NULL OR claimed."at" IS NOT NULL;

CREATE TEMP TABLE flow_release AS
SELECT DISTINCT "at" FROM (
    SELECT coalesce(released_at, created_at) AS "at" FROM core.release
    WHERE project = (SELECT project FROM flow_asked) AND NOT draft AND NOT prerelease
    UNION ALL
    SELECT tagged_at FROM raw.git_tag
    WHERE project = (SELECT project FROM flow_asked)
      AND NOT regexp_matches(name, '(?i)(^|[-._0-9])(rc|alpha|beta|dev|pre|preview|snapshot|nightly)([-._0-9]|$)')
      AND NOT EXISTS (FROM core.release WHERE project = (SELECT project FROM flow_asked))
) WHERE "at" <= (SELECT moment FROM flow_asked);

CREATE TEMP TABLE flow_event AS
WITH told AS (
    SELECT true AS is_ticket, subject, 'created' AS event, created_at AS "at", '' AS said, 'tracker' AS rule,
           1.0 AS confidence, by_bot
    FROM flow_ticket WHERE created_at <= (SELECT moment FROM flow_asked)
    UNION ALL
    SELECT false, subject, 'created', created_at, '', 'tracker', 1.0, by_bot
    FROM flow_change WHERE created_at <= (SELECT moment FROM flow_asked)
    UNION ALL
    SELECT true, subject,
           CASE WHEN after IN ('completed', 'canceled') THEN 'closed'
                WHEN before IN ('completed', 'canceled') AND after <> '' THEN 'reopened'
                WHEN after = 'started' THEN 'started'
                WHEN after = 'unstarted' AND before IN ('triage', 'backlog') THEN 'ready'
                WHEN after = '' THEN 'unknown state' ELSE 'state' END,
           "at", coalesce(nullif(native_after, ''), after), 'tracker', 1.0, by_bot
    FROM flow_turn
    WHERE is_ticket AND field = 'state' AND NOT too_early
      AND NOT (before IN ('completed', 'canceled') AND after IN ('completed', 'canceled'))
    UNION ALL
    SELECT true, subject, 'closed', closed_at, native_state, 'last closing time, no history', 1.0, false
    FROM flow_ticket
    WHERE is_closed AND closed_at <= (SELECT moment FROM flow_asked) AND subject NOT IN (
        SELECT subject FROM flow_turn
        WHERE is_ticket AND field = 'state' AND after IN ('completed', 'canceled') AND NOT too_early
    )
    UNION ALL
    SELECT true, subject, 'started', inferred_at, '', rule, confidence, false
    FROM flow_start WHERE told_at IS NULL
    UNION ALL
    SELECT true, subject, 'classified', min("at"), arg_min(after, "at"), 'first label or milestone', 0.7, bool_and(by_bot)
    FROM flow_turn
    WHERE is_ticket AND field IN ('label', 'milestone', 'issuetype', 'priority') AND after <> '' AND NOT too_early
    GROUP BY subject
    UNION ALL
    SELECT is_ticket, subject, CASE WHEN after <> '' THEN 'blocked' ELSE 'unblocked' END, "at",
           coalesce(nullif(after, ''), before), 'label or flag that says so', 0.9, by_bot
    FROM flow_turn
    WHERE NOT too_early AND ((field = 'label' AND regexp_matches(lower(before || after), '\b(blocked|on[ _-]?hold|waiting)\b'))
       OR field IN ('flagged', 'impediment'))
    UNION ALL
    SELECT true, subject,
           CASE WHEN regexp_matches(lower(native_after), '\b(blocked|on[ _-]?hold|waiting)\b') THEN 'blocked' ELSE 'unblocked' END,
           "at", native_after, 'state that says so', 0.9, by_bot
    FROM flow_turn
    WHERE is_ticket AND field = 'state' AND NOT too_early
      AND regexp_matches(lower(native_after), '\b(blocked|on[ _-]?hold|waiting)\b')
       <> regexp_matches(lower(native_before), '\b(blocked|on[ _-]?hold|waiting)\b')
    UNION ALL
    SELECT is_ticket, subject, 'moved', "at", '', 'tracker', 1.0, by_bot
    FROM flow_turn WHERE field IN ('transferred', 'key', 'project') AND NOT too_early
    UNION ALL
    SELECT false, subject, CASE field WHEN 'ready_for_review' THEN 'ready' ELSE 'drafted' END, "at", '', 'tracker', 1.0, by_bot
    FROM flow_turn WHERE NOT is_ticket AND field IN ('ready_for_review', 'convert_to_draft') AND NOT too_early
    UNION ALL
    SELECT false, subject, 'review asked', "at", '', 'tracker', 1.0, by_bot
    FROM flow_turn WHERE NOT is_ticket AND field = 'review_requested' AND NOT too_early
    UNION ALL
    SELECT false, subject, 'review asked', created_at, '', 'opened, not as a draft', 0.5, by_bot
    FROM flow_change
    WHERE created_at <= (SELECT moment FROM flow_asked) AND NOT draft AND subject NOT IN (
        SELECT subject FROM flow_turn
        WHERE NOT is_ticket AND field IN ('review_requested', 'ready_for_review', 'convert_to_draft')
    )
    UNION ALL
    SELECT false, subject, CASE verdict WHEN 'changes_requested' THEN 'changes asked' ELSE 'review done' END, "at",
           verdict, 'tracker', 1.0, by_bot
    FROM flow_said WHERE kind = 'review' AND is_other
    UNION ALL
    SELECT false, subject, 'merged', merged_at, '', 'tracker', 1.0, false
    FROM flow_change WHERE merged_at <= (SELECT moment FROM flow_asked)
    UNION ALL
    SELECT false, subject, 'closed', closed_at, '', 'tracker', 1.0, false
    FROM flow_change WHERE merged_at IS NULL AND closed_at <= (SELECT moment FROM flow_asked)
    UNION ALL
    SELECT false, subject, 'reopened', "at", '', 'tracker', 1.0, by_bot
    FROM flow_turn WHERE NOT is_ticket AND field = 'state' AND before = 'closed' AND after = 'open' AND NOT too_early
    UNION ALL
    SELECT false, change.subject, 'released', released."at", '', 'first release after the merge', 0.6, false
    FROM flow_change AS change ASOF JOIN flow_release AS released ON released."at" >= change.merged_at
)
SELECT is_ticket, subject, event, "at", said, rule, confidence, by_bot FROM told WHERE "at" IS NOT NULL;
