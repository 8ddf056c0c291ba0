"""Requests against the vendors' own descriptions: path, parameters and body as they say, and no parameter besides."""

import functools
import gzip
import json
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

Described = Mapping[str, Any]
GITHUB, JIRA = "github-rest.json.gz", "jira-cloud-platform.swagger-v3.v3.json"
NOT_DESCRIBED = ("/graphql", "/api/graphql", "/rest/agile/1.0/", "/app/installations/", "/orgs/acme/issue-types")
"""What Scout asks for and neither description has: GraphQL, boards and sprints, what an App's own key opens, and the
types of issues that an organisation has (the whole description has them, the part in the shared folder does not)."""
_known: dict[tuple[Any, ...], str] = {}


@dataclass
class Sent:
    """One request as it arrived.

    Attributes:
        query: decoded, in order.
        headers: names in lower case, without those that carry secrets.
        status: of the answer; 0 while there is none, or where the server hung up.
        answered: when the answer went out, by the monotonic clock; 0.0 where none did.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    status: int = 0
    answered: float = 0.0

    @property
    def target(self) -> tuple[str, frozenset[tuple[str, str]]]:
        """Where it went: path and query, whatever its order."""
        return self.path, frozenset(self.query)

    @property
    def text(self) -> str:
        """The request in one line."""
        return f"{self.method} {self.path}?{'&'.join(f'{name}={value}' for name, value in self.query)}"

    @property
    def shape(self) -> tuple[Any, ...]:
        """What requests have in common that differ in numbers and page marks only."""
        marks = {"after", "before", "nextPageToken"}
        query = tuple(sorted((name, "" if name in marks else _plain(value)) for name, value in self.query))
        return self.method, _plain(self.path), query, _plain(self.body.decode("utf-8", "replace"))


def complaints(sent: Iterable[Sent], offered: Iterable[str], folder: Path) -> list[str]:
    """Return one line for each kind of request that is not valid.

    Args:
        sent: the requests.
        offered: addresses that the server itself gave (next pages, redirects), which are valid as they are.
        folder: of the descriptions.
    """
    given = {_target(address) for address in offered}
    found: dict[tuple[Any, ...], str] = {}
    for one in sent:
        known = (*one.shape, one.target in given)
        if known not in _known:
            _known[known] = _complaint(one, folder, offered=one.target in given)
        if _known[known]:
            found[known] = _known[known]
    return list(found.values())


def _complaint(one: Sent, folder: Path, *, offered: bool) -> str:
    if one.path.startswith(NOT_DESCRIBED) or offered:
        return ""
    jira, old = one.path.startswith("/rest/api/"), one.path.startswith("/rest/api/2/")
    if not jira and "user-agent" not in one.headers:
        return f"{one.text}: GitHub refuses requests without a User-Agent"
    path = re.sub(r"^/rest/api/(2|latest)/", "/rest/api/3/", one.path)
    description = _description(folder / (JIRA if jira else GITHUB))
    operation = _operation(description, one.method, path)
    if operation is None:
        return "" if old else f"{one.text}: no such path or method"
    names = {part["name"] for part in operation["parameters"] if part["in"] == "query"}
    if strange := sorted({name for name, _ in one.query} - names):
        return f"{one.text}: no such parameter: {', '.join(strange)}"
    try:
        with warnings.catch_warnings(action="ignore"):
            _api(folder / (JIRA if jira else GITHUB)).validate_request(_Asked(one, path, description))
    except OpenAPIError as error:
        return f"{one.text}: {error} {error.__cause__ or ''}"
    return ""


class _Asked:
    """A request in openapi-core's words."""

    def __init__(self, one: Sent, path: str, description: Described) -> None:
        self.host_url: str = description["servers"][0]["url"]
        self.path = path
        self.method = one.method.lower()
        self.content_type = one.headers.get("content-type", "application/json").partition(";")[0]
        self.body = one.body or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(one.query), header=Headers(list(one.headers.items())), cookie=ImmutableMultiDict()
        )


@functools.cache
def _description(file: Path) -> dict[str, Any]:
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return json.loads(raw)


@functools.cache
def _api(file: Path) -> OpenAPI:
    # None is how the library is told not to check the description itself, which takes minutes and is the vendor's task
    config = Config(spec_validator_cls=None)  # pyright: ignore[reportArgumentType]
    return OpenAPI.from_dict(_description(file), config=config)


def _operation(description: Described, method: str, path: str) -> dict[str, Any] | None:
    """Return the operation with its parameters resolved, those of its path included."""
    for template, parts in _by_length(description, path.count("/")):
        if method.lower() in parts and re.fullmatch(re.sub(r"\\{[^}]+\\}|\{[^}]+\}", "[^/]+", template), path):
            operation = parts[method.lower()]
            named = [*parts.get("parameters", ()), *operation.get("parameters", ())]
            return {**operation, "parameters": [_resolved(description, one) for one in named]}
    return None


def _by_length(description: Described, length: int) -> list[tuple[str, dict[str, Any]]]:
    found = [(path, parts) for path, parts in description["paths"].items() if path.count("/") == length]
    return sorted(found, key=lambda one: one[0].count("{"))  # words before placeholders


def _resolved(description: Described, part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = description
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def _target(address: str) -> tuple[str, frozenset[tuple[str, str]]]:
    parts = urlsplit(address)
    return parts.path, frozenset(parse_qsl(parts.query, keep_blank_values=True))


def _plain(text: str) -> str:
    return re.sub(r"\d+", "1", text)
