"""`scout` and `python -m scout`."""

import gc

# Importing makes some hundred thousand objects that live as long as the process: looking for garbage among them again
# and again took 50 ms of a short command.
gc.set_threshold(100_000, 20, 20)

from scout.cli.app import main  # noqa: E402 - after the line above on purpose

if __name__ == "__main__":
    main()
