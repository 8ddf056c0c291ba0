"""What `[llm]` may say: which model, for whom, and what it may cost."""

from typing import Annotated

from pydantic import Field, model_validator

from scout.settings._section import Section


class Llm(Section):
    """A language model, for what is better with one; without it, and without consent of a project, nothing is asked."""

    reaches_outside = frozenset(
        {
            "base_url",
            "model",
            "embedding_model",
            "api_key_file",
            "projects",
            "requests_per_run",
            "tokens_per_run",
            "requests_per_day",
            "tokens_per_day",
            "tokens_per_project",
            "money_per_run",
            "money_per_day",
            "money_per_project",
            "price_of_questions",
            "price_of_answers",
            "price_of_embeddings",
        }
    )

    base_url: str | None = Field(default=None, description="an endpoint that speaks the OpenAI protocol")
    model: str | None = Field(default=None, description="the model's name there")
    embedding_model: str | None = Field(
        default=None, description="a model of meanings there, which helps to find duplicates; default: none is asked"
    )
    api_key_file: str | None = Field(
        default=None, description="a file that holds the key; never the key itself; default: `SCOUT_LLM_API_KEY`"
    )
    projects: tuple[str, ...] = Field(
        default=(), description="ids of the projects whose texts may be sent there; none without being named"
    )
    requests_per_run: Annotated[int, Field(ge=0)] = Field(default=20, description="requests in one run, at most")
    tokens_per_run: Annotated[int, Field(ge=0)] = Field(default=400_000, description="tokens in one run, at most")
    requests_per_day: Annotated[int, Field(ge=0)] = Field(default=200, description="requests in a day (UTC), at most")
    tokens_per_day: Annotated[int, Field(ge=0)] = Field(default=2_000_000, description="tokens in a day, at most")
    tokens_per_project: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="tokens in a day for one project, at most; default: no limit of its own"
    )
    questions_at_once: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4, description="questions that `scout classify` has under way at the same time"
    )
    questions_per_minute: Annotated[float, Field(gt=0, le=6000)] = Field(
        default=60, description="questions that `scout classify` asks in a minute, at most"
    )
    price_of_questions: Annotated[float, Field(ge=0, le=1e6)] = Field(
        default=0, description="what a million tokens of questions cost, in any unit"
    )
    price_of_answers: Annotated[float, Field(ge=0, le=1e6)] = Field(
        default=0, description="what a million tokens of answers cost, in the same unit"
    )
    price_of_embeddings: Annotated[float, Field(ge=0, le=1e6)] = Field(
        default=0, description="what a million tokens cost that `embedding_model` reads, in the same unit"
    )
    money_per_run: Annotated[float, Field(ge=0, le=1e9)] | None = Field(
        default=None, description="cost of one run, at most, in the unit of the prices; default: no limit"
    )
    money_per_day: Annotated[float, Field(ge=0, le=1e9)] | None = Field(
        default=None, description="cost of a day (UTC), at most; default: no limit"
    )
    money_per_project: Annotated[float, Field(ge=0, le=1e9)] | None = Field(
        default=None, description="cost of a day for one project, at most; default: no limit"
    )
    answer_tokens: Annotated[int, Field(ge=256)] = Field(default=8000, description="tokens of one answer, at most")
    timeout: Annotated[float, Field(gt=0)] = Field(default=120, description="seconds that one answer may take")
    patience: Annotated[float, Field(ge=0)] = Field(
        default=60, description="seconds that are waited for a busy endpoint; after that the next run asks again"
    )

    @model_validator(mode="after")
    def _limits_need_prices(self) -> "Llm":
        limited = [one for one in (self.money_per_run, self.money_per_day, self.money_per_project) if one is not None]
        if limited and not (self.price_of_questions or self.price_of_answers or self.price_of_embeddings):
            message = "a limit of money needs `price_of_questions` and `price_of_answers`"
            raise ValueError(message)
        return self
