"""Other people's servers: one gate for every request, one budget for every process, one cache of pages for every pull.

PyGithub and jira have their only home here, so that sources and publishers share what keeps a tracker friendly.

- `call`: what is asked and what came back.
- `failure`: why there is no answer.
- `caller`: asks until there is an answer or a reason: admission, retries, waits, circuit breaker.
- `gate`, `budget`: how many requests at once, and how many in a minute, over all threads and processes.
- `spool`: pages that a killed or paused pull had already fetched.
- `parallel`: many pages at once, in bounded memory.
- `lost`: what went wrong on the way, from an error of requests.
- `github`, `jira`: the two clients.
"""
