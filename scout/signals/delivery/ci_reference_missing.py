"""`ci-reference-missing`: continuous integration or a Makefile calls a script that is not in the repository."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Moved, Reads, Scout, View, lines
from scout.signals._makefile import is_makefile
from scout.signals._references import Cause, causes
from scout.signals._words import counted, listed, title
from scout.signals.delivery._missing import in_jobs, in_makefiles


class CiReferenceMissing(Scout):
    """A workflow, a CI job or a Makefile calls a script that is not tracked.

    Scripts are found by reading the YAML and the recipes as shell, with the step's working directory and `cd` before
    them. Passed over are: scripts that a step before creates (`cp`, `touch`, `curl -o`, redirections, downloads),
    checkouts of other repositories and branches, ignored and built paths, names with variables, calls whose failure is
    expected, and paths that never were in the repository and whose folder is not there either. Calls of one file, or of
    one missing script, are one finding.

    ## Why it matters
    The job or target ends with 'no such file' the next time somebody needs it: often the rarely run one, such as a
    release or an installation, where nobody notices before.

    ## What to do with it
    Point the call to where the script is now, or remove the target or step if nobody misses it.
    `# scout: ignore[ci-reference-missing] reason` on the line or the one before keeps it.

    ## Severity
    3 in continuous integration (a job that is relied on breaks), 2 in a Makefile (a target fails when it is called).

    ## Source
    Field study of 28 public repositories: 3 of 3 findings true after these filters, 23 % before them.
    """

    id: ClassVar[str] = "ci-reference-missing"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two targets call scripts that were moved",
            (
                Commit(
                    "2024-01-01",
                    {
                        "Makefile": "all:\n\t@ ./scripts/one.sh\n\nmore: all\n\t-@true\n\tcd scripts && ./two.sh\n",
                        "scripts/one.sh": "echo one, long enough to be found again\n",
                        "scripts/two.sh": "echo two, also long enough to be found\n",
                    },
                ),
                Commit(
                    "2024-02-01",
                    {
                        "scripts/a/one.sh": Moved("scripts/one.sh"),
                        "scripts/a/two.sh": Moved("scripts/two.sh"),
                        "scripts/keep.sh": "true\n",
                    },
                    "Sort the scripts",
                ),
            ),
            "2024-03-01",
            (Expected("Makefile", "Makefile:2"),),
        ),
        Example(
            "A workflow runs a script that was deleted, in the step's own folder",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    runs-on: x",
                            "    steps:",
                            "      - uses: actions/checkout@v4",
                            "      - working-directory: tools",
                            "        run: |",
                            "          echo start",
                            "          bash check.sh --all",
                        ),
                        "tools/check.sh": "echo check\n",
                        "tools/keep.sh": "true\n",
                    },
                ),
                Commit("2024-02-01", {"tools/check.sh": None}),
            ),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:10"),),
        ),
        Example(
            "A path behind what another command gives is an argument, and what stands in `$(…)` is called",
            (
                Commit(
                    "2024-01-01",
                    {
                        "Makefile": lines(
                            "own:",
                            "\tdocker run painter chown -R $(shell id -u):$(shell id -g) ./paint",
                            "all:",
                            "\t@echo painted at $(shell ./colours/now.sh) ./colours",
                        ),
                        "paint/red.py": "red = 1\n",
                        "colours/now.sh": "echo now, long enough to be found again\n",
                        "colours/keep.sh": "true\n",
                    },
                ),
                Commit("2024-02-01", {"paint/red.py": None, "colours/now.sh": None}),
            ),
            "2024-03-01",
            (Expected("Makefile", "Makefile:4"),),
        ),
        Example(
            "Scripts that are made, downloaded, ignored, guarded, variable, or of another checkout",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".gitignore": "local.sh\n",
                        "scripts/keep.sh": "true\n",
                        "Makefile": lines(
                            "a: b.sh",
                            "\t./b.sh",
                            "\tcp scripts/keep.sh scripts/c.sh",
                            "\tbash scripts/c.sh",
                            "\t-./scripts/d.sh",
                            "\t./local.sh",
                            "b.sh:",
                            "\ttouch b.sh",
                        ),
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    steps:",
                            "      - uses: actions/checkout@v4",
                            "      - uses: actions/checkout@v4",
                            "        with:",
                            "          repository: other/repo",
                            "          path: other",
                            "      - run: |",
                            "          curl -o scripts/get.sh https://example.org/get.sh",
                            "          bash scripts/get.sh",
                            "          other/run.sh",
                            "          ./scripts/$NAME.sh",
                            "          if [ -f scripts/x.sh ]; then bash scripts/x.sh; fi",
                            "          . .venv/bin/activate",
                            "          python -m scripts.nothing",
                            "  foreign:",
                            "    steps:",
                            "      - run: ./scripts/there.sh",
                            "  of-another-branch:",
                            "    steps:",
                            "      - uses: actions/checkout@v4",
                            "        with:",
                            "          ref: 1.latest",
                            "      - run: ./scripts/there.sh",
                        ),
                    },
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each file with calls of missing scripts, or for each script that several files miss."""
        references = [*in_jobs(view), *in_makefiles(view)]
        for cause in causes(references, view.history.origin):
            in_ci = any(not is_makefile(path) for path in cause.files)
            known = any(one.fate for one in cause.references)
            yield Finding(
                signal=self.id,
                subject=cause.subject,
                identity=cause.identity,
                severity=3 if in_ci else 2,
                kind=self.kind,
                story=_story(cause, in_ci=in_ci),
                evidence=tuple(cause.evidence()),
                score=0.9 if known else 0.7,
            )


def _story(cause: Cause, *, in_ci: bool) -> Story:
    number = len(cause.references)
    if len(cause.targets) == 1:
        head = title(f"Repair the call of {cause.targets[0].rpartition('/')[2][:40]} in ", listed(cause.files, 1))
    else:
        head = title(f"Repair {counted(number, 'call')} of missing scripts in ", cause.subject)
    now = sorted({f"`{one.fate.now}`" for one in cause.references if one.fate and one.fate.now})
    patterns = " ".join(f"-e '{name}'" for name in list(dict.fromkeys(one.written for one in cause.references))[:4])
    return Story(
        title=head,
        current=(
            f"{listed(cause.places, 12)} {'call' if number > 1 else 'calls'} "
            f"{'scripts that are' if len(cause.targets) > 1 else 'a script that is'} not in the repository. "
            + cause.fates()
        ),
        why=(
            "The job stops at this step with 'No such file or directory' whenever it runs, so what it was to check or "
            "deliver is not checked or delivered."
            if in_ci
            else f"Whoever calls these targets of `{cause.files[0]}` gets 'No such file or directory', although the "
            "Makefile promises that they work."
        ),
        wanted=(
            f"Each call starts a script that is there{f': {listed(now)}' if now else ''}; a step or target that nobody "
            "needs any more is removed together with its mention in help texts and documentation."
        ),
        acceptance=(
            f"`git grep -nF {patterns} -- {' '.join(cause.files[:3])}` finds only paths that exist, or nothing.",
            "The job is green."
            if in_ci
            else f"`make -n` with each target concerned prints only scripts that exist ({listed(cause.places, 6)}).",
        ),
        scope=tuple(f"`{path}`" for path in cause.files[:8]),
        non_goals=("Changing what the scripts do.", "Other steps or targets of these files."),
        risks=("A target that has not worked since the move may fail for further reasons once its script is found.",),
        size="S",
    )
