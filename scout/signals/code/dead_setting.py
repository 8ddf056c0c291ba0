"""`dead-setting`: a settings constant that nothing reads."""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind, digest
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._code import code_version
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, title
from scout.signals.code._django import PACKAGE_PREFIXES, READ_BY_DJANGO, READ_BY_PACKAGE

_SETTINGS = re.compile(r"(?:^|/)settings(?:_[a-z]+)?\.py$|(?:^|/)(?:settings|config/settings|conf/settings)/\w+\.py$")
_LOCAL = re.compile(r"(?:local|dev\w*|test\w*|ci|example|sample|docker)\w*\.py$")
_NAME = re.compile(rb"(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])")
_PREFIX = re.compile(rb"[\"'`]([A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*)[\"'`{%]")
_REQUIREMENT = re.compile(r"^[^\S\n]*[\"']?([A-Za-z][\w.-]{2,})(?:\[[^\]]*\])?\s*(?:[=<>~!^;@ ,\"']|$)", re.MULTILINE)
_MANIFEST = re.compile(
    r"(?:^|/)(?:pyproject\.toml|Pipfile|setup\.(?:py|cfg)|[\w.-]*requirements[\w.-]*\.(?:txt|in))$|(?:^|/)requirements/[^/]+$"
)
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_MOST = 12


class _Constant(NamedTuple):
    name: str
    path: str
    line: int
    text: str
    dotted: tuple[str, ...]


class DeadSetting(Scout):
    """Constants of a Django project's settings that no file of the repository names again.

    A constant is dead when its name stands on no line but the one that assigns it, in no tracked file: code, templates,
    strings, scripts, workflows, documentation, other settings; and not behind a prefix that code puts together. A
    package may read any setting without a trace here, so the constant has to be the project's own: its first word also
    begins another setting that the code reads, or is the name of one of its modules. Passed over are the settings that
    Django reads, those whose first word is a well-known or required package's (`CELERY_…`, `OIDC_…`, `MFA_…` with
    allauth), dotted paths to something of the project and what shares a first word with them, and settings for
    development and tests. All dead constants of a file are one finding.

    ## Why it matters
    Whoever deploys sets and documents it, whoever changes the behaviour it once ruled looks for its effect. A secret
    among them is still rotated, and still leaks.

    ## What to do with it
    Delete the constant with its variable in deployments, or say in a comment who reads it.
    `# scout: ignore[dead-setting] reason` on the line or the one before keeps it as it is.

    ## Severity
    1 always: it misleads, but breaks nothing.

    ## Source
    Xu et al., Hey, You Have Given Me Too Many Knobs! (FSE 2015). Field study of 28 public repositories: 63 % of
    findings true by name alone, 9 % before the filters; packages' settings were left out since.
    """

    id: ClassVar[str] = "dead-setting"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A constant that nothing reads",
            (
                Commit(
                    "2024-01-10",
                    {
                        "manage.py": "x = 1\n",
                        "walls/settings/base.py": lines(
                            "INSTALLED_APPS = []",
                            "PAINT_LIMIT = 3",
                            "PAINT_PALETTE = ['red']",
                        ),
                        "walls/paint.py": "from django.conf import settings\nprint(settings.PAINT_LIMIT)\n",
                    },
                ),
            ),
            "2024-02-01",
            (Expected("walls/settings/base.py", "walls/settings/base.py:3"),),
        ),
        Example(
            "Settings of Django and packages, plug-ins, names in a template, a string, a prefix, other settings; local",
            (
                Commit(
                    "2024-01-10",
                    {
                        "manage.py": "x = 1\n",
                        "requirements.txt": "django==5.2\ndjango-fresco-kit==1.0\ndjango-allauth[mfa]\n",
                        "walls/settings.py": lines(
                            "INSTALLED_APPS = []",
                            "SESSION_COOKIE_AGE = 3",
                            "CELERY_TASK_LIMIT = 3",
                            "FRESCO_DEPTH = 3",
                            "SHOW_BANNER = True",
                            "ART_STYLE = 'a'",
                            "WALL_COLOUR_RED = 'r'",
                            "HALF_LIFE = 1",
                            "FOREIGN_THING = 1",
                            "MFA_ISSUER = 'walls'",
                            "PAINT_ADAPTER = 'walls.paint.Adapter'",
                            "PAINT_DEPTH = 1",
                            "WALLS_KEY = 1",
                            "FULL_LIFE = HALF_LIFE * 2",
                            "print(FULL_LIFE)",
                        ),
                        "walls/settings_local.py": "MY_OWN_THING = 1\n",
                        "walls/settings_ci.py": "INSTALLED_APPS = []\nWALLS_KEY = 2\n",
                        "walls/mfa.py": "x = 1\n",
                        "walls/paint.py": "class Adapter: pass\n",
                        "walls/a.html": "{% if SHOW_BANNER %}x{% endif %}\n",
                        "walls/a.py": "getattr(settings, 'ART_STYLE')\ngetattr(settings, 'WALL_COLOUR_' + name)\n",
                    },
                ),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each settings file with dead constants.

        Raises:
            NotApplicable: this is no Django project.
        """
        constants = list(_constants(view))
        if not constants:
            message = "the repository has no settings of a Django project"
            raise NotApplicable(message)
        packages = _packages(view)
        candidates = [one for one in constants if not _is_read_elsewhere(one.name, packages)]
        named, prefixes = _named(view, {one.name for one in constants})
        assigned = Counter(one.name for one in constants)
        there = Counter((one.name, one.path) for one in constants)
        foreign = _package_words(view, [one for one in constants if named[one.name] <= assigned[one.name]], packages)
        own = _own_words(view, {one.name for one in constants if named[one.name] > assigned[one.name]})
        candidates = [one for one in candidates if one.name.partition("_")[0].lower() in own - foreign]
        dead: dict[str, list[_Constant]] = {}
        for one in candidates:
            if named[one.name] <= there[one.name, one.path] and not any(
                one.name.startswith(prefix) for prefix in prefixes
            ):
                dead.setdefault(one.path, []).append(one)
        for path, found in dead.items():
            if len(found) <= _MOST and not _LOCAL.search(path):
                yield Finding(
                    signal=self.id,
                    subject=path,
                    identity=view.history.origin(path),
                    severity=1,
                    kind=self.kind,
                    story=_story(path, found),
                    evidence=tuple(at_line(one.path, one.line, one.text) for one in found),
                    score=0.65,
                )


def _constants(view: View) -> Iterator[_Constant]:
    for path in view.tree.files:
        if not _SETTINGS.search(path) or view.tree.file_class(path) not in {FileClass.CODE, FileClass.CONFIG}:
            continue
        text = view.tree.text(path) or ""
        if not _is_django(view, path, text):
            continue
        rows = text.split("\n")
        for name, line, dotted in _assigned(text):
            yield _Constant(name, path, line, rows[line - 1], dotted)


def _is_django(view: View, path: str, text: str) -> bool:
    if "INSTALLED_APPS" in text:
        return True
    folder = path.rpartition("/")[0]
    beside = (one for one in view.tree.files if one.rpartition("/")[0] == folder and one.endswith(".py"))
    return folder.endswith("settings") and any("INSTALLED_APPS" in (view.tree.text(one) or "") for one in beside)


def _assigned(text: str) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in tree.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            if isinstance(target, ast.Name) and _NAME.fullmatch(target.id.encode()):
                yield target.id, statement.lineno, tuple(_dotted(statement.value))


def _dotted(value: ast.expr | None) -> Iterator[str]:
    for one in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and _DOTTED.fullmatch(one.value):
            yield one.value


def _is_read_elsewhere(name: str, packages: frozenset[str]) -> bool:
    words = name.split("_")
    return (
        READ_BY_DJANGO.fullmatch(name) is not None
        or words[0] in PACKAGE_PREFIXES
        or words[0].lower() in packages
        or _by_two_words(name, packages)
        or any(words[0] in READ_BY_PACKAGE.get(package, ()) for package in packages)
    )


def _by_two_words(name: str, packages: frozenset[str]) -> bool:
    return "".join(name.split("_")[:2]).lower() in packages


def _package_words(view: View, unnamed: list[_Constant], packages: frozenset[str]) -> frozenset[str]:
    """Return the first words, in lower case, of settings that only a package can read: plug-ins and a package's own."""
    found = {one.name for one in unnamed if _by_two_words(one.name, packages) or _is_ours(view, one.dotted)}
    return frozenset(name.partition("_")[0].lower() for name in found)


def _is_ours(view: View, dotted: tuple[str, ...]) -> bool:
    """Say whether a dotted path leads to a module of the repository, or to something in one."""
    for one in dotted:
        parts = one.split(".")
        stems = ["/" + "/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        wanted = tuple(f"{stem}{ending}" for stem in stems for ending in (".py", "/__init__.py"))
        if any(f"/{path}".endswith(wanted) for path in view.tree.files):
            return True
    return False


def _packages(view: View) -> frozenset[str]:
    """Return the words of the names of what the project requires, in lower case."""
    found: set[str] = set()
    for path in view.tree.files:
        if _MANIFEST.search(path) and (text := view.tree.text(path)) is not None:
            for name in _REQUIREMENT.findall(text):
                parts = [part for part in re.split(r"[-_.]", name.lower()) if part]
                found.update((*parts, "".join(parts), "".join(parts[1:])))
    return frozenset(found)


def _own_words(view: View, used: set[str]) -> frozenset[str]:
    """Return the first words, in lower case, of the settings that are used, and the names of the project's modules."""
    modules = {
        part.removesuffix(".py").lower()
        for path in view.tree.files
        if path.endswith(".py") and view.tree.file_class(path) is FileClass.CODE
        for part in path.split("/")
    }
    return frozenset(modules | {name.partition("_")[0].lower() for name in used})


def _named(view: View, names: set[str]) -> tuple[Counter[str], frozenset[str]]:
    """Return how often names stand in the repository's files, and the prefixes that code puts names together from."""

    def ask(_: str, text: str) -> tuple[dict[str, int], list[str]]:
        content = text.encode("utf-8", "replace")
        here = Counter(name for raw in _NAME.findall(content) if (name := raw.decode("ascii")) in names)
        return here, sorted({raw.decode("ascii") for raw in _PREFIX.findall(content)})

    paths = [file.path for file in view.tree.search(_NAME, lambda _: True)]
    told = view.tree.told(f"names {digest(sorted(names))} {code_version()}", paths, ask).values()
    counted_names = Counter[str]()
    for here, _ in told:
        counted_names.update(here)
    return counted_names, frozenset(prefix for _, prefixes in told for prefix in prefixes)


def _story(path: str, found: list[_Constant]) -> Story:
    names = [f"`{one.name}`" for one in found]
    many = len(found) > 1
    return Story(
        title=title(f"Remove {counted(len(found), 'unused setting')} from ", path),
        current=(
            f"`{path}` assigns {listed(names, _MOST)}, and no other line of the repository names "
            f"{'them' if many else 'it'}: no code, template, script, workflow or documentation."
        ),
        why=(
            "Whoever deploys or changes the program takes these for switches that do something, sets them, and looks "
            "for an effect that isn't there."
        ),
        wanted=f"{'They are' if many else 'It is'} gone, with the variables behind; or a comment says who reads it.",
        acceptance=(
            f"`git grep -nwE '{'|'.join(one.name for one in found)}'` finds nothing, or a line that reads it.",
            "The program starts and the test suite passes.",
        ),
        scope=(f"`{path}`",),
        non_goals=("Settings that Django or an installed package reads.",),
        risks=("A package may read a setting by a name put together at run time: search the installed packages too.",),
        size="S",
    )
