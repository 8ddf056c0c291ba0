"""`scout` and `python -m scout`."""

from scout.cli.app import main

if __name__ == "__main__":
    main()
