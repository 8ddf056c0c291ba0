"""The publisher `github`: accepted candidates become issues of a repository."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

import orjson

from scout.errors import ConflictError, SettingsError
from scout.ledger import Receipt
from scout.model import Ticket, Visibility, WorkKind
from scout.publish._base import Destination, Filing, Payload, Publisher, Relative
from scout.publish._github import COMMENT, ISSUE, Desk, GitHubPublishing, opened
from scout.publish._github_parts import Part, issue_types
from scout.publish.markers import fitting, marked, marker, unmarked
from scout.settings import Section

MOST = 65_536
"""Characters of an issue's body or a comment that GitHub takes."""
TITLE = 256


class GitHubPublisher(Publisher):
    """Files accepted candidates as issues at GitHub or GitHub Enterprise, through PyGithub.

    Set `publish = "github"` for the project: repository, address and credential are those of its source `github`,
    unless the table `publish` says otherwise. Nobody is ever assigned.

    The issue ends with a comment that readers do not see; it holds the idempotency key. Before an issue is filed for
    the first time, and whenever it is not known how an attempt ended, all issues of the account are listed and looked
    through for that key; what others wrote does not count. An issue may be edited and moved about in the repository
    as long as that comment stays.

    ## What is checked before anything is written
    The repository is there under this name, not archived, with issues switched on; its readers may see the project
    (`visibility`); `milestone` and `types` are there. Where an organisation has issue types, an issue gets the one that
    is called like its kind of work (`Bug`), unless `types` says otherwise.

    ## One cause in several projects
    The issue of a later project becomes a sub-issue of that of the first one. Where the server has no sub-issues, or
    does not take this one, it becomes a task in a comment below it.

    ## Limits
    80 contents a minute and 500 an hour, one at a time; what GitHub asks to wait for is waited for, up to `patience`
    seconds. A text of more than 65,536 characters is cut, and says so.
    """

    id: ClassVar[str] = "github"
    since: ClassVar[str] = "0.3"
    settings: ClassVar[type[Section] | None] = GitHubPublishing

    def __init__(self, to: Destination) -> None:
        super().__init__(to)
        self._known: dict[str, Receipt] = {}
        self._seen: set[int] = set()

    @cached_property
    def _desk(self) -> Desk:
        return opened(self.to)

    def close(self) -> None:
        """Close the connections."""
        if "_desk" in vars(self):
            self._desk.transport.close()

    @property
    def lag(self) -> timedelta:
        """How long GitHub may need to list what was filed."""
        return self._desk.lag

    def readers(self) -> Visibility | None:
        """Return who may read the repository, after all that can be checked beforehand."""
        readers = self._desk.readers
        self._desk.extras()
        missing = set(self._desk.settings.types.values()) - set(self._types or self._desk.settings.types.values())
        if missing:
            what = f"The organisation of {self._desk.settings.repository} has no issue type '{min(missing)}'."
            raise SettingsError(what, f"Correct `types`; there are: {', '.join(self._types or ())}.")
        return readers

    def relates(self) -> bool:
        """It can."""
        return True

    def relate(self, ticket: str, parent: Relative, *, live: bool) -> Payload | None:
        """Make an issue a sub-issue of another; where that is not to be had, a task in a comment below it."""
        part = Part(self._desk, ticket, parent)
        wanted = part.send() if live else part.request()
        return None if wanted is None else _shown("POST", f"{self._desk.base}{wanted[0]}", wanted[1])

    @cached_property
    def _types(self) -> tuple[str, ...] | None:
        return issue_types(self._desk)

    def _type(self, kind: WorkKind) -> dict[str, str]:
        """Return the type of an issue: as the settings say, else the organisation's of the same name."""
        named = self._desk.settings.types.get(kind)
        same = next((one for one in self._types or () if one.casefold() == kind.value), None)
        return {"type": chosen} if (chosen := named or same) else {}

    def keys(self) -> Mapping[str, Receipt]:
        """Return our issues by key, newest ones first read: what is known already is not read again."""
        for page in self._desk.issues():
            fresh = [one for one in page if one.get("number") not in self._seen]
            for issue in fresh:
                self._seen.add(issue["number"])
                if (key := marked(issue.get("body") or "")) and self._desk.ours(issue):
                    self._keep(self._receipt(key, issue))
            if not fresh:
                break
        return dict(self._known)

    def find(self, key: str) -> Receipt | None:
        """Return the receipt of our issue that bears the marker `key`, or None."""
        return self.keys().get(key)

    def preview(self, filing: Filing) -> Payload:
        """Return the request that `file` would send now; nothing is written."""
        return _shown("POST", f"{self._desk.base}{self._desk.root}/issues", self._issue(filing))

    def file(self, filing: Filing) -> Receipt:
        """Create the issue."""
        page = self._desk.sent("POST", f"{self._desk.root}/issues", self._issue(filing), ISSUE)
        self._seen.add(page.body["number"])
        return self._keep(self._receipt(filing.intent.key, page.body))

    def rewritten(self, filing: Filing, ticket: Ticket) -> Receipt | None:
        """Return the receipt of a refinement that stands in its issue, or below it, already."""
        key = filing.intent.key
        if self._desk.settings.refinements == "comment":
            said = (one for one in self._desk.comments(ticket.key) if marked(one.get("body") or "") == key)
            found = next((one for one in said if self._desk.ours(one)), None)
        else:
            now = self._desk.issue(ticket.key)
            found = now if _same(now.get("body"), self._text(filing)) else None
        if found is None:
            return None
        return Receipt(key=key, ticket=ticket.key, url=str(found.get("html_url") or ticket.url), at=self.to.now)

    def rewrite(self, filing: Filing, ticket: Ticket, *, live: bool) -> Payload:
        """Comment on the issue or replace its text, if title and text are still those that were read."""
        now = self._desk.issue(ticket.key)
        if now.get("title") != ticket.title or not _same(now.get("body"), ticket.body):
            raise ConflictError(f"Issue #{ticket.key} has changed meanwhile.", "Run it again.")
        path, text = f"{self._desk.root}/issues/{ticket.key}", self._text(filing)
        if self._desk.settings.refinements == "comment":
            method, path, body, good = "POST", f"{path}/comments", {"body": f"{text}\n\n{marker(filing)}"}, COMMENT
        else:
            before = marked(ticket.body)
            kept = ticket.body.rstrip()[len(unmarked(ticket.body)) :] if before else ""
            method, body, good = "PATCH", {"body": f"{text}{kept}"}, ISSUE
        if live:
            self._desk.sent(method, path, body, good)
        return _shown(method, f"{self._desk.base}{path}", body)

    def _issue(self, filing: Filing) -> dict[str, Any]:
        settings, draft = self._desk.settings, filing.draft
        labels = dict.fromkeys((*filing.labels, f"size:{draft.size}", *settings.labels))
        return {
            "title": draft.title[:TITLE],
            "body": f"{self._text(filing)}\n\n{marker(filing)}",
            "labels": list(labels),
            **self._desk.extras(),
            **self._type(draft.kind),
        }

    def _text(self, filing: Filing) -> str:
        return fitting(filing.draft.body, MOST - len(marker(filing)) - 2, filing.whole)

    def _keep(self, receipt: Receipt) -> Receipt:
        """Remember what bears a key; of two, which nobody should have made, the older one counts."""
        known = self._known.setdefault(receipt.key, receipt)
        if int(receipt.ticket) < int(known.ticket):
            self._known[receipt.key] = receipt
        return receipt

    def _receipt(self, key: str, issue: Mapping[str, Any]) -> Receipt:
        url = str(issue.get("html_url") or "")
        return Receipt(key=key, ticket=str(issue["number"]), url=url, at=self.to.now)


def _same(one: object, other: str) -> bool:
    """Whether two bodies say the same, whatever their line ends and markers."""
    said = one if isinstance(one, str) else ""
    return unmarked(said.replace("\r\n", "\n")).strip() == unmarked(other.replace("\r\n", "\n")).strip()


def _shown(method: str, address: str, body: Mapping[str, Any]) -> Payload:
    content = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
    return Payload(where=f"{method} {address}", content=content)
