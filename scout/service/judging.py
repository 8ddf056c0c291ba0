"""What a project's texts are judged with: the rubric by learned weights, and who may take the work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scout.buffer.serving import mentioned_paths
from scout.model import Autonomy, AutonomyReason, Readiness, Ticket, WorkKind
from scout.readiness import Judged, assess
from scout.readiness.autonomy import Site, entrust
from scout.readiness.questions import open_questions
from scout.service.calibrate import Learned, learned
from scout.service.ground import Ground, matches
from scout.service.second_reader import SecondReader, second_reader
from scout.service.wiring import Project, Workspace
from scout.settings import Restriction


@dataclass(frozen=True)
class Judge:
    """Judges the texts of one project; without anything known of it, as for a text that belongs to none.

    Attributes:
        ground: the files of its newest commit.
        learned: what its history taught.
        limit: the freest who may take any of its tickets.
        restrictions: places that are for others.
        second: a model that reads tickets after the rubric, where the settings name one for the project.
    """

    ground: Ground = field(default_factory=Ground)
    learned: Learned = field(default_factory=Learned)
    limit: Autonomy = Autonomy.AGENT
    restrictions: tuple[Restriction, ...] = ()
    second: SecondReader | None = None

    def ticket(self, ticket: Ticket, others: Mapping[str, Ticket]) -> Readiness:
        """Return a ticket's readiness; what blocks it counts while it is open or not known."""
        blocking = tuple(key for key in ticket.blocked_by if key not in others or others[key].state.is_open)
        text = Judged.of(
            ticket.title,
            ticket.body,
            kind=ticket.kind,
            comments=tuple(comment.body for comment in ticket.comments),
            blocked_by=blocking,
            templates=self.ground.templates,
        )
        judged = self._whole(text, ticket)
        return judged if self.second is None else self.second.read(ticket, judged)

    def draft(self, title: str, body: str, kind: WorkKind, *, generated: bool = True) -> Readiness:
        """Return the readiness of a draft.

        Args:
            title: one line.
            body: Markdown.
            kind: of the work.
            generated: whether Scout wrote it, so that it must have acceptance criteria; a refinement is the text of a
                person with more beside it.
        """
        text = Judged.of(title, body, kind=kind, generated=generated)
        return self._whole(text, Ticket(project="", key="", source="", title=title, body=body))

    def _whole(self, text: Judged, ticket: Ticket) -> Readiness:
        judged = assess(text, self.learned.factors)
        asked = open_questions(judged)
        around = self.ground.around(ticket)
        entrusted = entrust(text, around, asked, tuple(self._limits(ticket, around)))
        return judged.model_copy(update={"autonomy": entrusted, "question": next(iter(asked), None)})

    def _limits(self, ticket: Ticket, around: Site) -> Iterator[AutonomyReason]:
        if self.limit is not Autonomy.AGENT:
            because = f'The settings let no freer than "{self.limit.words}" take a ticket of this project.'
            yield AutonomyReason(rule="settings", level=self.limit, because=because)
        if not self.restrictions:
            return
        named = sorted({*(place.path for place in around.places), *mentioned_paths(ticket)})
        for one in self.restrictions:
            path = next((path for path in named if matches(one.path, path)), "")
            if path:
                because = f'The settings say of "{one.path}", where "{path}" is: {one.reason.rstrip(".")}.'
                yield AutonomyReason(rule="settings", level=one.level, because=because)


def judge_of(work: Workspace, project: Project, *, fresh: int = 0, known: Learned | None = None) -> Judge:
    """Return what a project's texts are judged with now.

    Args:
        work: the workspace.
        project: the project.
        fresh: tickets that a model may be asked about anew; what it said before is remembered in any case.
        known: what was learned, where it was published; by default it is read from the warehouse.
    """
    settings = work.loaded.settings
    return Judge(
        ground=Ground.of(project),
        learned=learned(work, project) if known is None else known,
        limit=max(settings.policy.autonomy, project.autonomy, key=lambda level: level.rank),
        restrictions=settings.autonomy,
        second=second_reader(work, project, fresh),
    )
