"""The publisher `jira`: accepted candidates become issues of a project in Jira."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

import orjson

from scout.errors import ConflictError
from scout.ledger import Receipt
from scout.model import Ticket, Visibility
from scout.publish._base import Destination, Filing, Payload, Publisher, Relative
from scout.publish._jira import Desk, JiraPublishing, opened
from scout.publish._jira_links import link, linked
from scout.publish.markers import LABEL, fitting, labelled
from scout.settings import Section

MOST = 32_767
"""Characters of a text that Jira takes, the document's own signs included."""
TITLE = 255


class JiraPublisher(Publisher):
    """Files accepted candidates as issues in Jira, Cloud or Server and Data Center, through the jira library.

    Set `publish = "jira"` for the project: address, credential and project are those of its source `jira`, unless the
    table `publish` says otherwise. Nobody is ever assigned.

    The issue has the labels `scout` and `scout-<key>`, where the key is what makes filing happen once, and an entity
    property `scout` that says the same. Before an issue is filed for the first time, and whenever it is not known how
    an attempt ended, the project's issues with that label are listed; what others created does not count. Leave that
    label on the issue; everything else may be changed.

    ## What is checked before anything is written
    The project is there and not archived; each issue type is there; every field that its form requires has a value,
    from Jira's own default or from `fields`. The forms are read anew for each run.

    ## One cause in several projects
    The issue of a later project is linked with that of the first one (`link_type`, by default `Relates`).

    ## Texts
    Cloud gets a document (ADF), Server and Data Center wiki markup. What counts more than 32,767 characters is cut,
    and says so.
    """

    id: ClassVar[str] = "jira"
    since: ClassVar[str] = "0.3"
    settings: ClassVar[type[Section] | None] = JiraPublishing

    def __init__(self, to: Destination) -> None:
        super().__init__(to)
        self._known: dict[str, Receipt] = {}

    @classmethod
    def shared(cls, source: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the source says for the publisher, too; its only project is where to file."""
        said = {name: value for name, value in super().shared(source).items() if name not in {"fields", "project"}}
        projects = source.get("projects") or ()
        return {**said, **({"project": projects[0]} if len(projects) == 1 else {})}

    @classmethod
    def place(cls, settings: Section) -> str:
        """Return the project's key."""
        return str(getattr(settings, "project", ""))

    @cached_property
    def _desk(self) -> Desk:
        return opened(self.to)

    def close(self) -> None:
        """Close the connections."""
        if "_desk" in vars(self):
            self._desk.transport.close()

    @property
    def lag(self) -> timedelta:
        """How long Jira's search may need to show what was filed."""
        return self._desk.lag

    def readers(self) -> Visibility | None:
        """Return who may read the project, as the settings say, after all that can be checked beforehand."""
        self._desk.check()
        return self._desk.settings.readers

    def keys(self) -> Mapping[str, Receipt]:
        """Return our issues by key."""
        for issue in self._desk.marked(LABEL):
            for key in labelled(issue["fields"].get("labels") or ()):
                self._known.setdefault(key, self._receipt(key, issue["key"]))
        return dict(self._known)

    def find(self, key: str) -> Receipt | None:
        """Return the receipt of our issue that bears the marker `key`, or None; of two the older one counts."""
        if key in self._known:
            return self._known[key]
        found = next(self._desk.marked(f"{LABEL}-{key}"), None)
        return self._receipt(key, found["key"]) if found else None

    def preview(self, filing: Filing) -> Payload:
        """Return the request that `file` would send now; nothing is written."""
        return self._shown("POST", "/issue", self._issue(filing))

    def file(self, filing: Filing) -> Receipt:
        """Create the issue."""
        page = self._desk.sent("POST", "/issue", self._issue(filing), lambda body: bool(body and body.get("key")))
        key = filing.intent.key
        receipt = self._known[key] = self._receipt(key, page.body["key"])
        return receipt

    def relates(self) -> bool:
        """It can."""
        return True

    def relate(self, ticket: str, parent: Relative, *, live: bool) -> Payload | None:
        """Link an issue with that of the same cause in another project."""
        if linked(self._desk, ticket, parent.ticket):
            return None
        body = link(self._desk, ticket, parent.ticket)
        if live:
            self._desk.sent("POST", "/issueLink", body)
        return self._shown("POST", "/issueLink", body)

    def rewritten(self, filing: Filing, ticket: Ticket) -> Receipt | None:
        """Return the receipt of a refinement that stands in its issue, or below it, already."""
        wanted, desk = self._settled(filing), self._desk
        if desk.settings.refinements == "comment":
            said = (one for one in desk.comments(ticket.key) if desk.ours(one.get("author")))
            there = any(desk.markdown(one.get("body")).strip() == wanted for one in said)
        else:
            there = desk.markdown(desk.issue(ticket.key).get("description")).strip() == wanted
        return self._receipt(filing.intent.key, ticket.key) if there else None

    def rewrite(self, filing: Filing, ticket: Ticket, *, live: bool) -> Payload:
        """Comment on the issue or replace its description, if summary and description are still as they were read."""
        now = self._desk.issue(ticket.key)
        environment = self._environment(now)
        body = "\n\n".join(filter(None, (self._desk.markdown(now.get("description")), environment)))
        if now.get("summary") != ticket.title or ticket.body.strip() != body.strip():
            raise ConflictError(f"{ticket.key} has changed meanwhile.", "Run it again.")
        text = self._desk.text(self._text(filing).replace(environment, "") if environment else self._text(filing))
        if self._desk.settings.refinements == "comment":
            method, path, sent = "POST", f"/issue/{ticket.key}/comment", {"body": text}
        else:
            method, path, sent = "PUT", f"/issue/{ticket.key}", {"fields": {"description": text}}
        if live:
            self._desk.sent(method, path, sent)
        return self._shown(method, path, sent)

    def _environment(self, fields: Mapping[str, Any]) -> str:
        """Return what the source shows of a field of its own below the description."""
        said = self._desk.markdown(fields.get("environment"))
        return f"## Environment\n\n{said}" if said else ""

    def _issue(self, filing: Filing) -> dict[str, Any]:
        desk, draft, intent = self._desk, filing.draft, filing.intent
        issue_type = desk.type_of(draft.kind)
        labels = (*filing.labels, f"size:{draft.size}", *desk.settings.labels, LABEL, f"{LABEL}-{intent.key}")
        marker = {"key": intent.key, "candidate": intent.candidate, "fingerprint": filing.fingerprint}
        return {
            "fields": {
                "project": {"key": desk.settings.project},
                "issuetype": {"name": issue_type},
                "summary": " ".join(draft.title.split())[:TITLE],
                "description": desk.text(self._text(filing)),
                "labels": ["-".join(label.split()) for label in dict.fromkeys(labels)],
                **desk.given(issue_type),
            },
            "properties": [{"key": LABEL, "value": marker}],
        }

    def _text(self, filing: Filing) -> str:
        return fitting(filing.draft.body, MOST, filing.whole, self._desk.measure)

    def _settled(self, filing: Filing) -> str:
        """Return a text as Jira gives it back."""
        return self._desk.markdown(self._desk.text(self._text(filing))).strip()

    def _receipt(self, key: str, ticket: str) -> Receipt:
        return Receipt(key=key, ticket=ticket, url=f"{self._desk.base}/browse/{ticket}", at=self.to.now)

    def _shown(self, method: str, path: str, body: Mapping[str, Any]) -> Payload:
        content = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
        return Payload(where=f"{method} {self._desk.base}{self._desk.root}{path}", content=content)
