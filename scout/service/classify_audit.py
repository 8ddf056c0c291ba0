"""The audit of a run: slices for other workers, their answers beside the first ones, and who has to look again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from scout.lifecycle import auditing, sheet, worker
from scout.lifecycle.auditing import Finding, Ruling, Why
from scout.lifecycle.brief import Brief, Case
from scout.lifecycle.foreman import Happened, Job
from scout.lifecycle.sheet import Row
from scout.service.classify_runs import Run


class Audit:
    """All audits of a run.

    Args:
        run: the run.
        cases: every corner case that any brief tells.
    """

    def __init__(self, run: Run, cases: Sequence[Case]) -> None:
        self._run = run
        self._cases = tuple(cases)
        self._why: dict[str, tuple[str, Why]] = {}
        self._second: dict[str, tuple[str, Row]] = {}
        self.findings: list[Finding] = []

    def prepare(self, at: int, jobs: Sequence[Job], asked: Sequence[Job] = ()) -> list[Brief]:
        """Write the slices of a wave's audit and return its briefs.

        Each auditor gets tickets of one first worker, the last ones first; what a model has answered is not among them.
        """
        answered = {row.id for job in asked for row in sheet.rows_in(job.folder)}
        odd = auditing.odd_rules({job.brief.worker: _decisions(job) for job in jobs})
        made: list[Brief] = []
        for place, job in enumerate(jobs, 1):
            mine = odd[job.brief.worker]
            chosen = {
                row.id: why
                for row in sheet.rows_in(job.folder)
                if row.id not in answered
                and (why := auditing.reason_to_audit(row.id, row, job.brief.taxonomy.floor, mine, self._run.name))
            }
            made += self._slice(f"audit-{at}-{place}", "audit", job, chosen)
        return made

    def check(self, at: int, asked: Sequence[Job], chosen: Sequence[Mapping[str, Why]]) -> list[Brief]:
        """Write slices of model answers that are asked about again, by another brief, and return the briefs."""
        made: list[Brief] = []
        for place, (job, mine) in enumerate(zip(asked, chosen, strict=True), 1):
            made += self._slice(f"check-{at}-{place}", "check", job, mine)
        return made

    def suspects(self, at: int, jobs: Sequence[Job]) -> list[Brief]:
        """Write slices of all that was decided without a corner case that an audit found to be lacking."""
        found = {one.case for one in auditing.patterns(self.findings)}
        made: list[Brief] = []
        for place, job in enumerate(jobs, 1):
            if not found & {case.rule.id for case in job.brief.lacks(self._cases)}:
                continue
            seen = {one.name for one in self.findings if one.worker == job.brief.worker}
            chosen = {row.id: Why.ODD for row in sheet.rows_in(job.folder) if row.id not in seen}
            made += self._slice(f"again-{at}-{place}", "re-examine", job, chosen)
        for pattern in auditing.patterns(self.findings) if made else ():
            details = {
                "case": pattern.case,
                "first": pattern.first,
                "second": pattern.second,
                "found": str(pattern.count),
                "workers": ", ".join(pattern.workers),
            }
            self._run.tell(Happened("pattern", "", pattern.case, details))
        return made

    def compare(self, jobs: Sequence[Job], auditors: Sequence[Job]) -> None:
        """Put the auditors' answers beside the first ones."""
        lacking = {job.brief.worker: job.brief.lacks(self._cases) for job in jobs}
        with ExitStack() as opened:
            first = {job.brief.worker: opened.enter_context(sheet.opened(job.folder)) for job in jobs}
            for auditor in auditors:
                for row in sheet.rows_in(auditor.folder):
                    whose, why = self._why[row.id]
                    before = first[whose].row(row.id)
                    if before is None:
                        continue
                    found = auditing.ruled(before, row, whose, why, lacking[whose])
                    self.findings.append(found)
                    if found.ruling is Ruling.CORRECTED:
                        self._second[row.id] = (auditor.brief.worker, row)
                        details = {"first": found.first, "second": found.second, "case": found.case}
                        self._run.tell(Happened("corrected", auditor.brief.worker, row.id, details))

    def cases_found(self) -> tuple[Case, ...]:
        """Return the corner cases that briefs lacked: the briefs of the next wave tell them."""
        found = {one.case for one in self.findings if one.ruling is Ruling.CORRECTED}
        return tuple(case for case in self._cases if case.rule.id in found)

    def second(self, finding: Finding) -> tuple[str, Row]:
        """Return who corrected a ticket, and how."""
        return self._second[finding.name]

    def _slice(self, name: str, purpose: str, job: Job, chosen: Mapping[str, Why]) -> list[Brief]:
        if not chosen:
            return []
        self._why |= {ticket: (job.brief.worker, why) for ticket, why in chosen.items()}
        folder = self._run.worker(name)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [line for line in worker.lines(job.folder) if line.partition("\t")[0] in chosen]
        with (folder / worker.SLICE).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in reversed(lines))
        brief = job.brief.knowing(self._cases)
        least = auditing.LEAST if purpose == "audit" else 0.0
        return [brief.having(worker=name, purpose=purpose, count=len(lines), least=least, skip=(), examples=())]


def _decisions(job: Job) -> Counter[str]:
    return Counter(row.rule for row in sheet.rows_in(job.folder))
