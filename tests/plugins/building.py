"""Real git repositories from the catalogue's examples: what authors of scouts get as well."""

from scout.signals.testing import add, build, git, last, moment, viewed

__all__ = ["add", "build", "git", "last", "moment", "viewed"]
