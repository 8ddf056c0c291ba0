"""Code that somebody pasted without a fence around it, as it comes from trackers without Markdown and from mail."""

import re

_CODE = re.compile(
    r"(?:>>>|\.\.\. |In ?\[\d+\]:|Out ?\[\d+\]:|\$ (?=\w)|#!/)"
    r"|(?:class|def|async def) \w+\b.{0,200}:$|(?:if|for|while|with|elif|except) .{1,200}:$|(?:else|try|finally):$"
    r"|from [\w.]+ import \S|import [\w.]+(?: as \w+)?$|(?:return|raise|yield|assert) \S.{0,200}[)\]}\"'\w]$"
    r"|(?:pass|break|continue)$|@[\w.]+(?:\(.*\))?$"
    r"|[\w.\[\]'\"]{1,80}(?:, ?[\w.]{1,40})? ?[-+*/|]?= ?(?=\S).{0,300}[\w)\]}\"',;({\[]$"
    r"|[\w.]{1,100}\([^()]{0,200}(?:\([^()]{0,200}\)[^()]{0,200}){0,6}\)?[,;:]?$"
    r"|(?:var|let|const|public|private|static|function|#include|SELECT|INSERT|UPDATE|CREATE|ALTER) .{0,300}[;{(),]$"
    r"|Traceback \(most recent|File \".{1,200}\", line \d+|[\w.]{0,60}(?:Error|Exception|Warning)(?:: .{0,300})?$"
    r"|at [\w.$<>]{3,150}\(|\[(?:ERROR|WARN|INFO|DEBUG)\]|</?[a-zA-Z][\w:-]{0,40}(?: [^<>]{0,200})?/?>"
    r"|[\])}]{1,6}[,;]?$|['\"][^'\"]{0,100}['\"](?:: ?\S.{0,200})?[,({\[]$|.{0,200}[{;]$"
)


def is_code(line: str) -> bool:
    """Return whether a line of running text reads as code, output or a log: by its form alone, never by its words."""
    bare = line.strip()
    return bool(bare) and _CODE.match(bare) is not None
