"""The page with recipes that keep exactly one class on every ticket in the tracker itself, made from the taxonomies."""

import json
import re

from scout.lifecycle.taxonomy import Taxonomy, built_in, load

INTRODUCTION = """# Recipes: one class for every new ticket

`scout classify run`, a schedule or Dagster's `due_classes` classify what is new by polling, without any webhook. Who
wants a class at once, in the tracker itself, can take one of these. Nothing installs them.

Copy a recipe, read it, change it. Words of a ticket reach no command line: they stay in files and variables."""

GITHUB = """## GitHub: a workflow for `{id}`

`.github/workflows/{id}.yml`. A new issue gets the class that the rules are sure of, and none otherwise; when somebody
gives another class, the former one goes. It needs the right to write issues, and nothing else.

```yaml
{workflow}
```"""

WORKFLOW = """name: "{name}: one class each"
on:
  issues:
    types: [opened, labeled]
permissions:
  issues: write
concurrency: classes-${{{{ github.event.issue.number }}}}
jobs:
  one-class:
    runs-on: ubuntu-latest
    env:
      GH_TOKEN: ${{{{ github.token }}}}
      GH_REPO: ${{{{ github.repository }}}}
      ISSUE: ${{{{ github.event.issue.number }}}}
      GIVEN: ${{{{ github.event.label.name }}}}
      LABELS: >-
        {labels}
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Classify a new issue
        if: github.event.action == 'opened'
        run: |
          pip install --quiet backlog-scout
          jq -c '.issue | {{id: (.number | tostring), title, body, labels}}' "$GITHUB_EVENT_PATH" > issue.jsonl
          scout classify run issue.jsonl --taxonomy {id} --json > run.json || true
          class=$(jq -r 'select(.doubtful == 0) | .classes | keys[0] // empty' run.json)
          label=$(jq -rn --arg class "$class" 'env.LABELS | fromjson | .[$class] // empty')
          if [ -n "$label" ]; then gh issue edit "$ISSUE" --add-label "$label"; fi
      - name: Take the former class away
        if: github.event.action == 'labeled'
        run: |
          jq -r --arg given "$GIVEN" '
            (env.LABELS | fromjson | [.[]]) as $known
            | select($known | index($given))
            | .issue.labels[].name | select(. != $given) | select(IN($known[]))
          ' "$GITHUB_EVENT_PATH" |
          while IFS= read -r former; do gh issue edit "$ISSUE" --remove-label "$former"; done"""

JIRA = """## Jira: an automation rule for `{id}`

Project settings → Automation → Create rule. The first finds what has no class or two, every day, and tells the team;
the second keeps one.

1. **Scheduled**, daily, with this JQL, then **Send email** or **Send Slack message** with `{{{{issues}}}}`:

   ```text
   {jql}
   ```

2. **Field value changed**: Labels, value added. **If** `{{{{fieldChange.toString}}}}` contains one of the labels below.
   **Then** Edit issue, Labels, remove the others of:

   ```text
   {labels}
   ```

Labels in Jira have no blanks; `scout classify apply` writes them so, too."""


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for name in built_in():
        taxonomy = load(name)
        labels = {one: taxonomy.label(one, "github") for one in taxonomy.names}
        workflow = WORKFLOW.format(id=taxonomy.id, name=taxonomy.name, labels=json.dumps(labels))
        parts += [GITHUB.format(id=taxonomy.id, workflow=workflow), _jira(taxonomy)]
    return "\n\n".join(parts)


def _jira(taxonomy: Taxonomy) -> str:
    labels = ["-".join(re.sub(r":\s+", ":", taxonomy.label(one, "jira")).split()) for one in taxonomy.names]
    quoted = [f'"{one}"' for one in labels]
    pairs = [f"(labels = {one} AND labels = {other})" for at, one in enumerate(quoted) for other in quoted[at + 1 :]]
    none = f"labels IS EMPTY OR labels NOT IN ({', '.join(quoted)})"
    jql = f"statusCategory != Done AND ({none} OR {' OR '.join(pairs)})"
    return JIRA.format(id=taxonomy.id, jql=jql, labels=" ".join(labels))
