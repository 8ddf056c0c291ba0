"""What a route needs: the workspace of this moment, and somebody who may do what is asked."""

from collections.abc import Callable, Iterator
from typing import Annotated, NamedTuple

from fastapi import Depends, HTTPException, Request

from scout.service.wiring import Workspace
from scout.web.access import Role, Session

_FORBIDDEN = 403


def _opened(request: Request) -> Iterator[Workspace]:
    opening: Callable[[], Workspace] = request.app.state.opening
    work = opening()
    try:
        yield work
    finally:
        work.close()


Opened = Annotated[Workspace, Depends(_opened)]


class Needing(NamedTuple):
    """Lets nobody through who may do less than `role`."""

    role: Role

    def __call__(self, request: Request) -> Session:
        """Return the session of whoever asks.

        Raises:
            HTTPException: they may do less.
        """
        session: Session = request.state.session
        if session.role < self.role:
            raise HTTPException(_FORBIDDEN, f"This needs a {self.role.name.lower()}.")
        return session


Viewer = Annotated[Session, Depends(Needing(Role.VIEWER))]
Reviewer = Annotated[Session, Depends(Needing(Role.REVIEWER))]
