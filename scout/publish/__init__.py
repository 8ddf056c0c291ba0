"""Filing accepted candidates in trackers, exactly once: one publisher a file, found by the registry."""

from scout.publish._base import Destination, Filing, Payload, Publisher, Relative

__all__ = ["Destination", "Filing", "Payload", "Publisher", "Relative"]
