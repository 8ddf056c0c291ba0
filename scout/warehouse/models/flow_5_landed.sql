-- Merged changes as the controls look at them: what they touch by the patterns of the caller, whether checks were green
-- on what was merged, whether anybody was asked to review. Null where nobody can tell.

CREATE TEMP TABLE flow_landed AS
WITH touched AS (
    SELECT change.subject,
           bool_or(file.ours AND regexp_matches(file.path, $code) AND NOT file.of_test AND NOT regexp_matches(file.path, $docs) AND NOT file.migrates
                   AND NOT regexp_matches(file.path, $build)) AS code,
           bool_or(file.ours AND regexp_matches(file.path, $code) AND NOT file.of_test AND NOT regexp_matches(file.path, $docs) AND NOT file.migrates
                   AND NOT regexp_matches(file.path, $build) AND NOT regexp_matches(file.path, $aside)) AS wanted,
           bool_or(file.ours AND file.of_test) AS tests,
           bool_or(file.ours AND regexp_matches(file.path, $docs)) AS docs,
           bool_or(file.ours AND regexp_matches(file.path, $changelog)) AS changelog,
           bool_or(file.ours AND file.migrates AND NOT file.of_test AND file.status = 'added') AS migration_added,
           bool_or(file.ours AND file.migrates AND NOT file.of_test AND file.status = 'modified') AS migration_edited
    FROM (
        SELECT *, NOT regexp_matches(path, $foreign) AS ours, regexp_matches(path, $tests) AS of_test,
               regexp_matches(path, $migration) AS migrates
        FROM core.change_file WHERE project = (SELECT project FROM flow_asked)
    ) AS file
    JOIN flow_change AS change ON change.source = file.source AND change.key = file.change
    WHERE change.merged_at IS NOT NULL
    GROUP BY change.subject
), checked AS (
    SELECT change.subject,
           CASE WHEN bool_or(run.conclusion IN ('failure', 'timed_out', 'startup_failure')) THEN 0
                WHEN bool_or(run.conclusion = 'success') THEN 1 END AS green
    FROM flow_change AS change
    JOIN core.change_branch AS branch ON branch.source = change.source AND branch.change = change.key
    JOIN (
        SELECT source, sha, workflow, arg_max(conclusion, (created_at, coalesce(attempt, 0))) AS conclusion
        FROM core.run WHERE project = (SELECT project FROM flow_asked) AND conclusion <> '' GROUP BY ALL
    ) AS run ON run.source = branch.source AND run.sha = branch.head_sha
    WHERE branch.project = (SELECT project FROM flow_asked) AND branch.head_sha <> '' AND change.merged_at IS NOT NULL
    GROUP BY change.subject
), asked AS (
    SELECT change.subject, bool_or(branch.reviewers_asked > 0) AS now, any_value(branch.merge_sha) AS merge_sha
    FROM flow_change AS change
    JOIN core.change_branch AS branch ON branch.source = change.source AND branch.change = change.key
    WHERE branch.project = (SELECT project FROM flow_asked) GROUP BY change.subject
), told AS (
    SELECT DISTINCT subject FROM flow_turn WHERE NOT is_ticket AND field = 'review_requested'
)
SELECT change.subject, change.key, epoch(change.merged_at) AS "at", change.title, change.by_bot,
       touched.subject IS NOT NULL AS known_files,
       coalesce(code, false) AS code, coalesce(wanted, false) AS wanted, coalesce(tests, false) AS tests, coalesce(docs, false) AS docs,
       coalesce(changelog, false) AS changelog, coalesce(migration_added, false) AS migration_added,
       coalesce(migration_edited, false) AS migration_edited, coalesce(green, -1) AS green,
       coalesce(asked.now, false) OR told.subject IS NOT NULL AS asked, coalesce(merge_sha, '') AS merge_sha
FROM flow_change AS change
LEFT JOIN touched USING (subject)
LEFT JOIN checked USING (subject)
LEFT JOIN asked USING (subject)
LEFT JOIN told USING (subject)
WHERE change.merged_at <= (SELECT moment FROM flow_asked)
ORDER BY change.merged_at, change.subject;
