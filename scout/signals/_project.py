"""What kind of project a repository is: whether others install it, and where that is said."""

import re

from scout.signals._base import View

_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$")
_RELEASES = re.compile(
    rb"^\s*release:\s*$|^on:\s*\[?release\b|\btwine upload|pypi-publish|npm publish|goreleaser|gem push|cargo publish"
    rb"|gh release create|action-gh-release|create-release|(?:poetry|uv|hatch|flit) publish|semantic-release",
    re.MULTILINE,
)
_PYPROJECT = re.compile(r"^\[build-system\]", re.MULTILINE)
_NPM_VERSION = re.compile(r"^\s*\"version\"\s*:", re.MULTILINE)
_NPM_PRIVATE = re.compile(r"\"private\"\s*:\s*true")


def package_file(view: View) -> str | None:
    """Return the file at the root that makes a package for others of the repository, or None."""
    for path in ("pyproject.toml", "setup.py", "Cargo.toml", "package.json"):
        text = (view.tree.text(path) or "") if path in view.tree.files else ""
        if path == "pyproject.toml" and not _PYPROJECT.search(text):
            continue
        if path == "package.json" and (_NPM_PRIVATE.search(text) or not _NPM_VERSION.search(text)):
            continue
        if text:
            return path
    return next((path for path in view.tree.files if path.endswith(".gemspec") and "/" not in path), None)


def publishing_file(view: View) -> str | None:
    """Return the file that shows that users get releases: a release workflow or a package's metadata; or None."""
    for file in view.tree.search(_RELEASES, lambda file: _WORKFLOW.search(file.path) is not None):
        return file.path
    return package_file(view)
