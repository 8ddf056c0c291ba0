-- One row for each ticket and each change with what measures are made of. Times are seconds since 1970 (UTC, null where
-- unknown), days are numbers of days since 1970 in the project's time zone.

-- Ten or more made or closed in one go, a minute apart at most and by the same hand: an import, a bulk close.
CREATE TEMP TABLE flow_bulk AS
WITH moments AS (
    SELECT subject, 'created' AS event, created_at AS "at", source || ' ' || author AS hand FROM flow_ticket
    WHERE created_at IS NOT NULL
    UNION ALL
    SELECT ticket.subject, 'closed', ticket.closed_at,
           any_value(ticket.source) || ' ' || coalesce(any_value(turn.actor), '')
    FROM flow_ticket AS ticket
    LEFT JOIN flow_turn AS turn ON turn.is_ticket AND turn.subject = ticket.subject AND turn.field = 'state'
     AND turn.after IN ('completed', 'canceled') AND turn."at" = ticket.closed_at
    WHERE ticket.is_closed AND ticket.closed_at IS NOT NULL
    GROUP BY ticket.subject, ticket.closed_at
), gaps AS (
    SELECT *, coalesce("at" - lag("at") OVER (PARTITION BY event, hand ORDER BY "at", subject) > INTERVAL 60 SECOND, true) AS apart
    FROM moments
), runs AS (
    SELECT *, sum(apart::INT) OVER (PARTITION BY event, hand ORDER BY "at", subject ROWS UNBOUNDED PRECEDING) AS run
    FROM gaps
), sized AS (
    SELECT subject, event, hand, run, count(*) OVER (PARTITION BY event, hand, run) AS size FROM runs
)
SELECT subject, event, dense_rank() OVER (ORDER BY event, hand, run) AS bulk, size FROM sized WHERE size >= 10;

CREATE TEMP TABLE flow_ticket_row AS
WITH counted AS (
    SELECT subject, count(*) FILTER (WHERE event = 'closed') AS closings,
           count(*) FILTER (WHERE event = 'reopened') AS reopenings,
           min("at") FILTER (WHERE event = 'classified') AS classified_at,
           min("at") FILTER (WHERE event = 'ready') AS ready_at,
           count(*) FILTER (WHERE event = 'moved') > 0 AS moved
    FROM flow_event WHERE is_ticket GROUP BY subject
), blocked AS (
    SELECT subject, sum(greatest(epoch(coalesce(until, closed_at, (SELECT moment FROM flow_asked)) - "at"), 0)) AS seconds
    FROM (
        SELECT subject, event, "at", lead("at") OVER (PARTITION BY subject ORDER BY "at", event DESC) AS until
        FROM flow_event WHERE is_ticket AND event IN ('blocked', 'unblocked')
    ) JOIN flow_ticket USING (subject) WHERE event = 'blocked' GROUP BY subject
), answered AS (
    SELECT ticket.subject, min(said.created_at) AS "at"
    FROM core.comment AS said JOIN flow_ticket AS ticket ON ticket.source = said.source AND ticket.key = said.subject
    WHERE said.project = (SELECT project FROM flow_asked) AND said.author <> ticket.author AND NOT said.by_bot
      AND said.created_at >= ticket.created_at AND said.created_at <= (SELECT moment FROM flow_asked)
    GROUP BY ticket.subject
), asked AS (
    SELECT subject, "at", label, row_number() OVER (PARTITION BY subject ORDER BY "at") AS nth FROM (
        SELECT subject, "at", after AS label FROM flow_turn
        WHERE is_ticket AND field = 'label' AND NOT too_early
          AND regexp_matches(lower(after), '\b(questions?|decisions?|decide|discuss|discussions?|rfcs?|needs[ _-]?(input|info|information|feedback|design))\b')
    )
), decided AS (
    SELECT asked.subject, any_value(asked."at") AS asked_at, min(turn."at") AS decided_at
    FROM asked LEFT JOIN flow_turn AS turn
      ON turn.is_ticket AND turn.subject = asked.subject AND turn."at" >= asked."at"
     AND ((turn.field = 'label' AND turn.before = asked.label) OR (turn.field = 'state' AND turn.after IN ('completed', 'canceled')))
    WHERE asked.nth = 1 GROUP BY asked.subject
)
SELECT
    ticket.subject, ticket.source, ticket.key, state, native_state, kind, has_history, is_closed, claimed, by_bot,
    ticket.subject IN (
        SELECT link.ticket FROM flow_link AS link JOIN flow_change AS change ON change.subject = link.change
        WHERE change.state = 'open'
    ) AS in_change,
    coalesce(first_of.size, '') AS size, milestone <> '' AS planned,
    list_bool_or([regexp_matches(lower(name), '\b(incident|hot[ _-]?fix|urgent|outage|emergency|support|p0)\b') FOR name IN labels]) AS urgent,
    epoch(created_at) AS created, epoch(closed_at) AS closed,
    epoch(coalesce(start.told_at, start.inferred_at)) AS started, epoch(start.told_at) AS started_told,
    epoch(start.inferred_at) AS started_inferred, coalesce(start.rule, '') AS started_rule,
    epoch(classified_at) AS classified, epoch(ready_at) AS ready, epoch(answered."at") AS answered,
    epoch(asked_at) AS asked, epoch(coalesce(decided_at, CASE WHEN is_closed AND asked_at IS NOT NULL THEN greatest(closed_at, asked_at) END)) AS decided,
    coalesce(closings, 0) AS closings, coalesce(reopenings, 0) AS reopenings, coalesce(moved, false) AS moved,
    coalesce(blocked.seconds, 0) AS blocked,
    coalesce(made.bulk, 0) AS made_bulk, coalesce(ended.bulk, 0) AS closed_bulk,
    datediff('day', DATE '1970-01-01', timezone((SELECT zone FROM flow_asked), created_at)::DATE) AS created_day,
    datediff('day', DATE '1970-01-01', timezone((SELECT zone FROM flow_asked), closed_at)::DATE) AS closed_day
FROM flow_ticket AS ticket
JOIN flow_source USING (source)
LEFT JOIN counted USING (subject)
LEFT JOIN blocked USING (subject)
LEFT JOIN answered USING (subject)
LEFT JOIN decided USING (subject)
LEFT JOIN flow_start AS start USING (subject)
LEFT JOIN (FROM flow_bulk WHERE event = 'created') AS made USING (subject)
LEFT JOIN (FROM flow_bulk WHERE event = 'closed') AS ended USING (subject)
LEFT JOIN (
    SELECT subject, min(upper(regexp_extract(lower(name), '^(?:size|effort|t-shirt)[\s:/_-]*(xxl|xl|xs|l|m|s)$', 1))) AS size
    FROM (SELECT subject, unnest(labels) AS name FROM flow_ticket)
    WHERE regexp_matches(lower(name), '^(?:size|effort|t-shirt)[\s:/_-]*(xxl|xl|xs|l|m|s)$') GROUP BY subject
) AS first_of USING (subject)
ORDER BY ticket.subject;

CREATE TEMP TABLE flow_change_row AS
WITH reviewed AS (
    SELECT subject,
           min("at") FILTER (WHERE is_other AND kind <> 'comment') AS first_review,
           min("at") FILTER (WHERE is_other AND kind <> 'comment' AND NOT by_bot) AS first_person,
           min("at") FILTER (WHERE is_other AND NOT by_bot) AS first_answer,
           count(*) FILTER (WHERE is_other AND kind = 'review') AS reviews,
           count(*) FILTER (WHERE is_other AND verdict = 'approved') AS approvals,
           count(*) FILTER (WHERE is_other AND verdict = 'changes_requested') AS changes_asked,
           count(*) FILTER (WHERE is_other AND kind = 'remark') AS remarks,
           min("at") FILTER (WHERE is_other AND verdict = 'approved') AS first_approval,
           bool_or(is_other IS NULL) AS is_unclear
    FROM flow_said GROUP BY subject
), asked AS (
    SELECT subject, min("at") FILTER (WHERE event = 'review asked') AS asked,
           min("at") FILTER (WHERE event = 'ready') AS ready,
           min("at") FILTER (WHERE event = 'released') AS released,
           count(*) FILTER (WHERE event = 'reopened') AS reopenings
    FROM flow_event WHERE NOT is_ticket GROUP BY subject
), pushed AS (
    SELECT subject, count(*) FILTER (WHERE since > created_at AND flow_change_stay.state = 'review again') AS rounds
    FROM flow_change_stay JOIN flow_change USING (subject) GROUP BY subject
), touched AS (
    SELECT change.subject, count(DISTINCT file.path) AS files,
           CASE WHEN count(file.additions) > 0 THEN sum(coalesce(file.additions, 0) + coalesce(file.deletions, 0)) END AS lines
    FROM core.change_file AS file
    JOIN flow_change AS change ON change.source = file.source AND change.key = file.change
    WHERE file.project = (SELECT project FROM flow_asked) GROUP BY change.subject
), acts AS (
    SELECT subject, "at" FROM flow_said WHERE NOT by_bot
    UNION ALL SELECT subject, created_at FROM flow_change WHERE created_at IS NOT NULL
    UNION ALL
    SELECT subject, "at" FROM flow_turn
    WHERE NOT is_ticket AND NOT too_early AND field = 'head_ref_force_pushed' AND NOT by_bot
    UNION ALL
    SELECT change.subject, pushed.committed_at FROM core.change_commit AS pushed
    JOIN flow_change AS change ON change.source = pushed.source AND change.key = pushed.change
    WHERE pushed.project = (SELECT project FROM flow_asked) AND pushed.committed_at >= change.created_at
), gaps AS (
    SELECT subject, epoch("at") - lag(epoch("at")) OVER (PARTITION BY subject ORDER BY "at") AS gap
    FROM acts JOIN flow_change USING (subject)
    WHERE "at" <= coalesce(merged_at, closed_at, (SELECT moment FROM flow_asked)) AND "at" >= created_at
), sat AS (
    SELECT subject, count(*) FILTER (WHERE gap IS NULL OR gap > 7200) AS sittings,
           coalesce(sum(gap) FILTER (WHERE gap <= 7200), 0) AS sat
    FROM gaps GROUP BY subject
)
SELECT
    change.subject, change.source, change.key, state, draft, by_bot,
    epoch(created_at) AS created, epoch(merged_at) AS merged, epoch(closed_at) AS closed,
    epoch(CASE WHEN merged_at IS NOT NULL THEN merged_at WHEN state <> 'open' THEN closed_at END) AS ended,
    epoch(least(coalesce(asked.ready, created_at), merged_at)) AS ready, epoch(asked.asked) AS asked,
    epoch(asked.released) AS released, epoch(first_review) AS reviewed, epoch(first_person) AS reviewed_by_person,
    epoch(first_answer) AS answered, epoch(first_approval) AS approved,
    coalesce(is_unclear, false) AS unclear,
    coalesce(reviews, 0) AS reviews, coalesce(approvals, 0) AS approvals, coalesce(changes_asked, 0) AS changes_asked,
    coalesce(remarks, 0) AS remarks, coalesce(rounds, 0) AS rounds, coalesce(reopenings, 0) AS reopenings,
    coalesce(touched.files, told_files) AS files, coalesce(touched.lines, told_lines) AS lines, coalesce(sittings, 1) AS sittings, coalesce(sat, 0) AS sat,
    regexp_matches(lower(title), '^\s*"?(revert|back(ed|s)? ?out|roll(ed|s)? ?back)') AS is_revert,
    regexp_matches(lower(title), '\bhot-?fix\b|\bemergency\b|\burgent\b') AS is_hotfix,
    datediff('day', DATE '1970-01-01', timezone((SELECT zone FROM flow_asked), created_at)::DATE) AS created_day,
    datediff('day', DATE '1970-01-01', timezone((SELECT zone FROM flow_asked), merged_at)::DATE) AS merged_day,
    datediff('day', DATE '1970-01-01',
             timezone((SELECT zone FROM flow_asked), CASE WHEN state <> 'open' THEN coalesce(merged_at, closed_at) END)::DATE) AS ended_day
FROM flow_change AS change
LEFT JOIN reviewed USING (subject)
LEFT JOIN asked USING (subject)
LEFT JOIN pushed USING (subject)
LEFT JOIN touched USING (subject)
LEFT JOIN sat USING (subject)
ORDER BY change.subject;

-- Labels and top folders as areas, with how many people ever wrote in them: what fewer than five did is not an area.
CREATE TEMP TABLE flow_area AS
WITH placed AS (
    SELECT true AS is_ticket, subject, 'label ' || unnest(labels) AS area, author, by_bot, NOT is_closed AS is_open
    FROM flow_ticket
    UNION ALL
    SELECT DISTINCT false, change.subject,
           'folder ' || CASE WHEN contains(file.path, '/') THEN split_part(file.path, '/', 1) ELSE '.' END,
           change.author, change.by_bot, change.state = 'open'
    FROM core.change_file AS file
    JOIN flow_change AS change ON change.source = file.source AND change.key = file.change
    WHERE file.project = (SELECT project FROM flow_asked)
), peopled AS (
    SELECT area, count(DISTINCT author) FILTER (WHERE author <> '' AND NOT by_bot) AS people, count(*) AS size
    FROM placed GROUP BY area
)
SELECT DISTINCT placed.is_ticket, placed.subject, placed.area, placed.is_open
FROM placed JOIN peopled USING (area) WHERE people >= 5 AND size >= 5;
