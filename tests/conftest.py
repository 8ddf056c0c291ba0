"""What all tests share."""

import os

from hypothesis import settings

# Machines are noisy: figures belong into benchmarks, not into deadlines. CI draws the same examples every time, so
# that it judges the change; whoever works here draws new ones.
settings.register_profile("scout", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "scout")
