"""Environment variables that code reads, and where they are described or set."""

import re
from collections.abc import Iterator

_READS = re.compile(
    r"(?:os\.environ(?:\.get)?\s*[\[(]|os\.getenv\(|os\.Getenv\(|os\.LookupEnv\(|\benv(?:\.\w+)?\(|\bdecouple\.config\("
    r"|\bconfig\((?=\s*[\"'][A-Z0-9_]+[\"'])|ENV\.fetch\(|\bENV\[|process\.env\[|environ(?:\.get)?\s*[\[(])\s*[\"'](?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)[\"']"
    r"|process\.env\.(?P<member>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b"
)
_BUILT_IN = re.compile(r"[\"']process\.env\.(?P<name>[A-Z][A-Z0-9_]+)[\"']\s*:(?![^\n]*\benv[.\[])")
_NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])")
_FOREIGN = re.compile(
    r"^(?:CI|GITHUB|GITLAB|CIRCLE|TRAVIS|BUILDKITE|JENKINS|RUNNER|NODE|NPM|YARN|PYTHON|PYTEST|PIP|UV|VIRTUAL|CONDA|POETRY|TOX"
    r"|RUBY|RAILS|RACK|BUNDLE|GEM|GO|GOPATH|JAVA|XDG|LC|LANG|TERM|COLUMNS|HOME|SSH|GIT|KUBERNETES|DOCKER|COMPOSE|HEROKU|DYNO"
    r"|AWS|GOOGLE|GCP|AZURE|DD|OTEL|SENTRY|NEW|CELERY|DJANGO|FLASK|GUNICORN|UVICORN|WEB|PG|POSTGRES|MYSQL|REDIS|PLAYWRIGHT"
    r"|SELENIUM|CHROME|VSCODE|TEST|TESTING|E2E|COVERAGE|READTHEDOCS|NETLIFY|VERCEL|HTTP|HTTPS|NO|ALL|SSL|REQUESTS|CURL|WERKZEUG"
    r"|DAGSTER|AIRFLOW|MLFLOW|JUPYTER|DBT|SHELL|TMP|TZ|USER|HOSTNAME|BUILD|RELEASE|SOURCE|HYPOTHESIS)_"
)
REFERENCE = re.compile(
    r"(?:^|/)\.?env[\w.-]*\.?(?:example|sample|template|dist|defaults?)[\w.-]*$|(?:^|/)(?:example|sample)[\w.-]*\.env$"
    r"|\.(?:md|mdx|rst|adoc|txt)$|(?:^|/)app\.json$",
    re.IGNORECASE,
)
BUNDLER = re.compile(r"(?:^|/)(?:webpack|vite|rollup|esbuild|rspack|vue|next)[\w.-]*\.[cm]?[jt]s$")
SETTING = re.compile(
    r"(?:^|/)(?:dockerfile|containerfile)[\w.-]*$|(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$", re.IGNORECASE
)


def read_in(text: str) -> Iterator[tuple[str, int]]:
    """Give name and line of the variables that a program's text reads, those of tools and platforms left out."""
    for found in _READS.finditer(text):
        name = found["name"] or found["member"]
        if not _FOREIGN.match(name):
            yield name, text.count("\n", 0, found.start()) + 1


def built_in(text: str) -> frozenset[str]:
    """Return the names that a bundler's settings replace by a constant when the program is built."""
    return frozenset(_BUILT_IN.findall(text))


def named_in(text: str) -> frozenset[str]:
    """Return the names of this kind that a text has."""
    return frozenset(_NAME.findall(text))
