"""The words of the definitions."""

import re

REVERT = re.compile(r'\s*"?(revert|back(ed|s)? ?out|roll(ed|s)? ?back)', re.IGNORECASE)
HOT = re.compile(r"\b(hot-?fix|emergency|urgent)\b", re.IGNORECASE)
URGENT = re.compile(r"\b(incident|hot[ _-]?fix|urgent|outage|emergency|support|p0)\b", re.IGNORECASE)
ASKS = re.compile(
    r"\b(questions?|decisions?|decide|discuss|discussions?|rfcs?"
    r"|needs[ _-]?(input|info|information|feedback|design))\b",
    re.IGNORECASE,
)
BLOCKED = re.compile(r"\b(blocked|on[ _-]?hold|waiting)\b", re.IGNORECASE)
CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+"
    r"(?:([\w.-]+/[\w.-]+)?#(\d+)|https?://[^\s/]+/([\w.-]+/[\w.-]+)/issues/(\d+))",
    re.IGNORECASE,
)
SIZE = re.compile(r"(?:size|effort|t-shirt)[\s:/_-]*(xxl|xl|xs|l|m|s)", re.IGNORECASE)

GITHUB_KINDS = {
    "bug": "bug, bugs, bug report, defect, regression, crash, confirmed bug, bugfix",
    "docs": "documentation, docs, doc",
    "tests": "test, tests, testing, flaky test, flaky tests",
    "chore": (
        "chore, chores, maintenance, refactor, refactoring, cleanup, clean up, tech debt, technical debt, "
        "dependencies, ci, build, task, housekeeping, internal, tooling"
    ),
    "feature": "enhancement, feature, features, feature request, new feature, improvement, story",
}
JIRA_KINDS = {
    "bug": "bug, defect, incident, problem, regression, fault",
    "docs": "documentation, docs",
    "tests": "test, test case, test task",
    "chore": "technical task, technical debt, chore, maintenance, support",
    "feature": "story, user story, feature, new feature, improvement, enhancement",
    "housekeeping": "refactoring, cleanup, clean-up, housekeeping",
}
STARTED = (
    "in progress, inprogress, wip, work in progress, doing, started, in development, developing, in review, "
    "under review, needs review, review, in qa, in test, in testing"
)
OTHER_STATES = (
    "backlog, icebox, someday, later, parked, deferred, on ice, triage, needs triage, need triage, to triage, "
    "untriaged, awaiting triage, pending triage, inbox, status new"
)


def forms(label: str) -> set[str]:
    """Return a label's words, and those without the theme before them."""
    plain = label.strip().lower()
    return {re.sub(r"[\s_-]+", " ", one).strip() for one in (plain, re.sub(r"^[^:/]*[:/]\s*", "", plain, count=1))}


def says(label: str, listed: str) -> bool:
    """Whether a label is one of a list."""
    return not forms(label).isdisjoint(listed.split(", "))


def github_kind(issue_type: str, labels: tuple[str, ...]) -> str:
    """Return the kind of work of an issue at GitHub."""
    for words in ([issue_type] if issue_type else [], labels):
        for kind, listed in GITHUB_KINDS.items():
            if any(says(one, listed) for one in words):
                return kind
    return ""


def jira_kind(issue_type: str) -> str:
    """Return the kind of work of an issue in Jira."""
    return next((kind for kind, listed in JIRA_KINDS.items() if issue_type.lower() in listed.split(", ")), "")


def closed_by(body: str, home: str) -> set[str]:
    """Return the numbers of the tickets that a description says its change closes."""
    found = set[str]()
    for short, number, there, address in CLOSES.findall(body):
        where = (short or there).lower()
        if not where or not home or where == home.lower():
            found.add(number or address)
    return found
