"""What all tests share."""

from hypothesis import settings

settings.register_profile("scout", deadline=None)  # machines are noisy; figures belong into benchmarks
settings.load_profile("scout")
