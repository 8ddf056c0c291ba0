"""What the source `jira` is made of; `scout/sources/jira.py` is its only door.

- `settings`: its table in `scout.toml`.
- `jql`, `moments`, `shape`: queries and times as Jira writes them, JSON that may have any shape.
- `lore`: what a Jira says about itself that its issues do not: statuses, fields.
- `payload`: what is stored of an issue as it came.
- `core`, `tickets`, `history`, `words`: rows from what is stored, and nothing else.
- `server`, `opening`, `references`: how to ask, and what is asked first.
- `issues`, `ranges`, `increment`, `complete`, `sweep`, `sprints`: what is asked then.
- `making`: records from pages, in the threads that fetch.
- `cursor`, `progress`, `describing`, `following`, `pulling`: from where one pull ended to where the next begins.
- `examining`: what a Jira says about us.
"""
