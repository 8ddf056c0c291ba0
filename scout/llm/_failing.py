"""Why there is no answer: a closed list, and the errors that carry it."""

from enum import StrEnum

from scout.errors import UnavailableError
from scout.llm._spending import Usage

NOTHING = Usage(0, 0)


class Failure(StrEnum):
    """Why a model gave no answer.

    `refused`: it will not; `truncated`: its answer was too long; `invalid`: what it says is no answer, though it was
    told so; `over_budget`: it was not asked; `unavailable`: everything that another time may go better.
    """

    REFUSED = "refused"
    TRUNCATED = "truncated"
    INVALID = "invalid"
    OVER_BUDGET = "over_budget"
    UNAVAILABLE = "unavailable"


class ModelError(UnavailableError):
    """There is no answer of the model now (exit code 3).

    Args:
        what: the sentence.
        remedy: what the reader can do.
        failure: why, in a word.
    """

    def __init__(self, what: str, remedy: str, failure: Failure) -> None:
        super().__init__(what, remedy)
        self.failure = failure


class LostError(Exception):
    """No answer this time; another attempt may bring one.

    Attributes:
        wait: seconds the server asked to wait; None where it said nothing.
        usage: what it has cost; None where nobody knows.
    """

    def __init__(self, why: str, wait: float | None = None, usage: Usage | None = None) -> None:
        super().__init__(why)
        self.wait = wait
        self.usage = usage


class DeniedError(Exception):
    """The endpoint says no, and will say no again.

    Attributes:
        status: of HTTP; 0 where the model itself is the cause.
        failure: why, in a word; all but `unavailable` will be the answer to the same question every time.
        usage: what it has cost; None where nobody knows.
    """

    def __init__(
        self, why: str, status: int = 0, *, failure: Failure = Failure.UNAVAILABLE, usage: Usage | None = None
    ) -> None:
        super().__init__(why)
        self.status = status
        self.failure = failure
        self.usage = usage
