"""In which way something goes wrong, by its own words: what a component's name cannot tell."""

import re
from collections.abc import Mapping

GENERAL = "failing"
"""The way of whatever says no more."""
_WAYS: Mapping[str, str] = {
    "flaky": r"flak(?:y|es?|iness)|intermittent(?:ly)?|sporadic(?:ally)?|random(?:ly)? fail\w*|non-?deterministic\w*",
    "race": r"race conditions?|data races?|rac(?:es|y)|deadlock\w*",
    "timeout": r"time[ds]?[ -]?outs?",
    "crash": r"crash(?:es|ed|ing)?|segfaults?|panics?|(?:null|nil) ?pointer\w*|hangs?|freezes",
    "leak": r"leak(?:s|ed|ing)?|out of memory|oom",
    "corruption": r"corrupt(?:s|ed|ion)?|data loss",
    "broken link": r"(?:broken|dead)(?: [\w-]+){0,2} (?:links?|urls?)|404s?"
    r"|(?:links?|urls?) (?:is |are )?(?:broken|dead)",
    "copying": r"copy(?:[-/& ]| and )?past(?:e|ing|a)",
    "formatting": r"lint(?:er|ing|s)?|reformat\w*|standardrb|rubocop|prettier|eslint|flake8|gofmt|(?:run )?black",
    "deprecation": r"deprecat(?:ed|ion)s?(?: \w+)? warnings?|deprecation warnings?",
    "vulnerability": r"vulnerabilit(?:y|ies)|cve-\d+-\d+|audit fix\w*|security (?:advisor(?:y|ies)|alerts?)",
    "outage": r"outages?|downtime|incidents?|rate[ -]?limit\w*|quota|disk (?:full|space)|connection (?:refused|reset)",
    "expiry": r"expir(?:ed|es|ing)|out ?dated|certificates?",
    GENERAL: r"fail(?:s|ed|ing|ures?)?|errors?(?! (?:messages?|handling|pages?))|broken|breaks?|exceptions?|stuck"
    r"|wrong(?:ly)?|regressions?|tracebacks?|\w+Error|\w+Exception"
    r"|(?:can(?:not|'t)|does ?n[o']t|doesn't|won'?t|unable to|not) (?:work|start|run|build|load|open|connect)\w*",
    "missing translation": r"(?:missing|wrong) translations?",
    "merge conflict": r"merge conflicts?",
    "bringing up to date": r"(?:update|upgrade|bump)s?\b.*\b\d+\.\d+\S*",
}
_CLASSES = frozenset({"flaky", "broken link", "formatting", "deprecation", "vulnerability", "bringing up to date"})
"""Ways that one check or tool answers wherever they come up; of the others only what has an object in common recurs."""
_KINDS = frozenset({"failed job", "revert", "hot fix"})
"""Kinds of what happened that are ways by themselves."""
_WORDS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _WAYS.items()}


def ways(kind: str, text: str) -> frozenset[str]:
    """Return in which ways something goes wrong, by its kind and in its own words; empty where nothing tells.

    Args:
        kind: as that of `Told`.
        text: a title or the name of a job.
    """
    told = {name for name, words in _WORDS.items() if words.search(text)}
    return frozenset(told | _KINDS & {kind})


def in_common(way: str, name: str) -> bool:
    """Say whether what goes wrong in a way has one answer: the way's own, or an object that its name has beside it.

    Args:
        way: one of `ways`.
        name: the words that all share.
    """
    return way in _CLASSES | _KINDS or bool(_WORDS[way].sub("", name).split())
