"""A server's 'no' as a sentence and a remedy."""

from urllib.parse import urlsplit

from scout.remote.call import Answer, Call, Transport
from scout.remote.failure import RefusedError
from scout.remote.reading import said

_ASKED = "Check what the settings ask for: names, queries and dates."
_MOVED = "Check `url` and the name: it has moved."
_REMEDIES = {
    400: _ASKED,
    404: "Check the name, and that the account may see it.",
    407: "Check `proxy`: it wants a credential.",
    410: "Leave the stream out of `streams`: it is gone or switched off there.",
    422: _ASKED,
}


def refused(transport: Transport, call: Call, answer: Answer) -> RefusedError:
    """Return the error for an answer that says no; query and body stay out of it."""
    words = said(answer)
    what = f"{transport.host} refused {call.method} {call.path} ({answer.status}){f': {words}' if words else ''}."
    return RefusedError(_ended(what), _remedy(transport, answer), status=answer.status, said=words)


def _ended(what: str) -> str:
    return f"{what[:-2]}." if what.endswith(("..", "….")) else what


def _remedy(transport: Transport, answer: Answer) -> str:
    if answer.status == 401:  # noqa: PLR2004 - a status is its own name
        return _credential(transport)
    if answer.status == 403:  # noqa: PLR2004
        return _permission(transport, answer)
    moved = 300 <= answer.status < 400  # noqa: PLR2004
    return _REMEDIES.get(answer.status, _MOVED if moved else "Check `url`: is this the API's root?")


def _credential(transport: Transport) -> str:
    if transport.credential:
        return f"Check the credential in {transport.credential}: it is wrong, has expired or was revoked."
    return "Set `token_env` or `token_file`: it answers nobody without a credential."


def _permission(transport: Transport, answer: Answer) -> str:
    headers, whose = answer.headers, transport.credential or "the account"
    if sso := headers.get("x-github-sso", ""):
        return f"Authorise the token for the organisation's single sign-on{_address(sso)}."
    if permissions := headers.get("x-accepted-github-permissions", ""):
        return f"Give the token in {whose} the permission {permissions}."
    wanted = _names(headers.get("x-accepted-oauth-scopes", ""))
    if missing := [scope for scope in wanted if scope not in _names(headers.get("x-oauth-scopes", ""))]:
        return f"Give the token in {whose} the scope {' or '.join(missing)}."
    if "denied" in headers.get("x-seraph-loginreason", "").lower():
        return "Log in once in the browser: too many wrong passwords, it wants a captcha solved."
    return f"Give {whose} permission to read it, or leave the stream out of `streams`."


def _names(header: str) -> list[str]:
    return [name.strip() for name in header.split(",") if name.strip()]


def _address(header: str) -> str:
    """Return ' at <address>' from `required; url=…`, without its query, which stands for a request of one person."""
    _, _, url = header.partition("url=")
    parts = urlsplit(url.strip())
    return f" at {parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else ""
