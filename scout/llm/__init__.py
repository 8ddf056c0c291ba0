"""A language model behind an endpoint that speaks the OpenAI protocol, asked for values in a closed shape.

Nothing leaves without a project's consent, with a secret in it, or beyond the budget; what was answered once is kept,
so that an unchanged world asks nothing.
"""

from scout.llm._asking import Model
from scout.llm._embedding import Embedder
from scout.llm._failing import Failure, ModelError
from scout.llm._patience import Surroundings
from scout.llm._redaction import redacted
from scout.llm._spending import Purse, SpentError

__all__ = ["Embedder", "Failure", "Model", "ModelError", "Purse", "SpentError", "Surroundings", "redacted"]
