"""Open the UI in the reader's browser as soon as it answers."""

import sys
import time
import urllib.request
import webbrowser

PATIENCE = 120.0
PAUSE = 0.5


def answers(url: str) -> bool:
    """Whether a server answers at `url`."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address, on this machine
            return True
    except OSError:
        return False


def main(url: str) -> int:
    """Wait for the server, at most two minutes, then open its page; return 1 when it never answered."""
    end = time.monotonic() + PATIENCE
    while not answers(f"{url}/server_info"):
        if time.monotonic() > end:
            return 1
        time.sleep(PAUSE)
    return 0 if webbrowser.open(url) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
