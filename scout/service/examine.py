"""Ask each tracker one cheap thing: does it answer, who are we there, what may we do, what is left of its limits."""

from concurrent.futures import ThreadPoolExecutor

from scout.errors import ScoutError
from scout.model import Frozen
from scout.registry import plugins
from scout.service.ages import SourceAge, ages
from scout.service.wiring import Project, SourceChoice, Workspace
from scout.sources import Access, Source

AT_ONCE = 8


class Examination(Frozen):
    """One source of a project, as it is now.

    Attributes:
        facts: what the tracker said about us: account, scopes, limits; empty for sources that ask nobody.
        failure: why it does not answer; empty when it does.
        remedy: what to do about that.
        age: how old is what is known of it.
    """

    project: str
    source: str
    facts: tuple[str, ...] = ()
    failure: str = ""
    remedy: str = ""
    age: SourceAge


def examinations(work: Workspace) -> tuple[Examination, ...]:
    """Examine every source of every project, several at once; what fails is part of the answer."""
    chosen = [
        (project, choice, age)
        for project in work.projects
        for choice, age in zip(project.sources, ages(work, project), strict=True)
    ]

    def examined(one: tuple[Project, SourceChoice, SourceAge]) -> Examination:
        return _examined(work, *one)

    with ThreadPoolExecutor(AT_ONCE, "examine") as pool:
        return tuple(pool.map(examined, chosen))


def _examined(work: Workspace, project: Project, choice: SourceChoice, age: SourceAge) -> Examination:
    known: dict[str, type[Source]] = plugins(Source, "scout.sources", "scout.sources")
    blank = Examination(project=project.id, source=choice.id, age=age)
    if choice.id not in known:
        return blank
    try:
        facts = known[choice.id]().examine(Access(home=work.home, now=work.now, settings=choice.settings))
    except ScoutError as error:
        return blank.having(failure=error.what, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 - a plugin's defect; `scout doctor` never fails itself
        remedy = "This is a defect of that source: report it."
        return blank.having(failure=f"Scout itself failed: {type(error).__name__}.", remedy=remedy)
    return blank.having(facts=facts)
