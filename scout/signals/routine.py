"""Titles of changes that need neither a test nor a word to users: dependencies, versions, words, looks, order, speed.

What is faster and does the same has its tests already; what was brought back has them where it came from; what only
watches (metrics, traces, more logs) or makes data to play with does nothing for users.
"""

import re

_ROUTINE = re.compile(
    r"^(?:build|chore|ci|copy|docs|i18n|l10n|perf|refactor|style|tests?|types?)\b[^:]{0,30}:|^v?\d+\.\d+|\bbump\b|\breleases?\b"
    r"|\b(?:upgrad|updat|pin)\w* .*\b(?:dependenc|requirements|version|deps)"
    r"|^(?:[\w#()./ -]{1,30}(?:: | - ))?(?:refactor|renam|reorgani[sz]|restructur|tid[iy]|clean|mov|extract|split|dedup"
    r"|inlin|simplif|moderni[sz]|remov|drop|delet|convert|migrat|centrali[sz]|consolidat|unif|rewrit|rework|reus|cach)"
    r"(?:e|es|ed|ing|y|ies|ied|fy|s|ting|ped|ping|licate\w*)?\b"
    r"|\b(?:translations?|locali[sz]ations?|i18n|l10n|clean-?\s?ups?|add(?:ed|ing|s)? types)\b"
    r"|\b(?:micro-?)?optimi[sz]\w*\b|\bspeed(?:s|ed|ing)?[- ]?up\b|\bfaster\b|\bn\+1\b"
    r"|\bperformance (?:of|improvements?)\b|\bimprov\w* .*\bperformance\b|\b(?:backport\w*|cherry[- ]?pick\w*)\b"
    r"|\b(?:replac|switch)\w* .*\bdeprecated\b|\badd(?:s|ed|ing)? \w+ (?:language|locale)\b|\blanguage added\b"
    r"|\b(?:typos?|lint\w*|ruff|flake8|black|isort|prettier|rubocop|eslint|mypy|docs?|documentation|docstrings?|comments?"
    r"|wording|tutorial|styles?|css|format(?:ting)?|whitespaces?|typings?|type (?:hints?|annotations?))\b|^merge tag\b"
    r"|\b(?:logging|metrics|counters?|prometheus|telemetry|tracing|otel|opentelemetry|sentry|datadog|instrument\w*)\b"
    r"|\b(?:debug|timing|additional|extra|more) logs?\b|\b(?:demo|seed|sample|fake|dummy|mock|test) data\b"
    r"|\bseed(?:s|ing)\b|\bbenchmark\w*|\b(?:perf(?:ormance)?|load) (?:tests?|testing|fix)\b|\bpre-?(?:load|fetch)\w*",
    re.IGNORECASE,
)


def is_routine(title: str) -> bool:
    """Say whether a change, by its title, only brings other versions, words, looks, order or speed."""
    return _ROUTINE.search(title) is not None
