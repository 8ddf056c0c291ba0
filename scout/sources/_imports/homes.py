"""In which repository of GitHub an issue is."""

from scout.sources._jira.shape import Json, word

API = "https://api.github.com/repos"
_ADDRESSES = ("repository_url", "url", "html_url", "issue_url")
_IN_THE_BROWSER = frozenset({"issues", "pull"})


def home_of(issue: Json) -> str:
    """Return the address of its repository in the API; empty where no address tells.

    Addresses are `…/repos/o/n/issues/1` in the API and `https://github.com/o/n/pull/1` in the browser.
    """
    for name in _ADDRESSES:
        segments = word(issue, name).split("/")
        if "repos" in segments[3:-2]:
            return "/".join(segments[: segments.index("repos", 3) + 3])
        match segments:
            case [_, "", _, owner, repository, kind, *_] if kind in _IN_THE_BROWSER:
                return f"{API}/{owner}/{repository}"
            case _:
                pass
    return ""
