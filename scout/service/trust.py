"""Accept a checkout's settings that reach outside."""

import json
from typing import ClassVar

from scout.errors import UsageError
from scout.model import Report
from scout.service.wiring import Workspace
from scout.settings import accepted, digest_of, in_checkout, trust_file


class TrustReport(Report):
    """Which file was accepted, and what that puts into effect.

    Attributes:
        effective: keys that reach outside and count from now on.
    """

    schema_id: ClassVar[str] = "scout.trust/1"

    file: str
    digest: str
    needed: bool
    effective: tuple[str, ...]


def trust(work: Workspace) -> TrustReport:
    """Remember the digest of the settings file as it is now; any later change asks again.

    Raises:
        UsageError: there is no settings file to trust.
    """
    from scout.warehouse.freshness import replace_file

    file = work.loaded.file
    if file is None:
        message = f"There is no scout.toml at or above {work.start}."
        raise UsageError(message, "Write one with `scout init`.")
    digest = digest_of(file.read_bytes())
    needed = in_checkout(file)
    if needed:
        work.prepare()
        known = {**accepted(trust_file()), str(file.resolve()): digest}
        replace_file(trust_file(), json.dumps(known, indent=1, sort_keys=True).encode())
    return TrustReport(file=str(file), digest=digest, needed=needed, effective=work.loaded.ignored)
