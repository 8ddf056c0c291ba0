"""Shell scripts read without running them: simple commands, the scripts they call and the files they make."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace

_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_OPERATORS = frozenset({";", "&", "&&", "|", "||", "(", ")", ";;", "|&", "{", "}", "\n"})
_SIGN = re.compile(r"[()]|[^()]+")
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "for", "case", "esac", "!", "time", "function"}
)
_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*\+?=")
_WRAPPERS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("env", "exec", "time", "nohup", "command", "retry", "xvfb-run", "unbuffer"), frozenset[str]()),
    "sudo": frozenset({"-u", "-g", "-E", "-H"}),
    "nice": frozenset({"-n"}),
    "timeout": frozenset({"-s", "-k"}),
}
_RUNNERS = (
    ("uv", "run"),
    ("poetry", "run"),
    ("pipenv", "run"),
    ("pdm", "run"),
    ("hatch", "run"),
    ("bundle", "exec"),
    ("rye", "run"),
    ("pixi", "run"),
)
_RUNNER_OPTIONS = frozenset(
    {"--with", "--extra", "--group", "--python", "-p", "--package", "--directory", "--env-file"}
)
_INTERPRETERS = re.compile(
    r"^(?:/usr/bin/|/bin/)?(?:ba|da|k|z)?sh$|^python[\d.]*$|^(?:ruby|node|perl|php|pwsh|Rscript|source|\.|bun|ts-node|tsx)$"
)
_SHELL = re.compile(r"sh$")
_SHELL_INLINE = re.compile(r"^-[a-zA-Z]*[cs]$|^--version$")
_INLINE = re.compile(r"^-[a-zA-Z]*[cmerp]$|^--(?:eval|command|version|help|print)$|^-(?:Command|V)$")
_VALUED = re.compile(r"^[-+][a-zA-Z]*[oOWX]$")
_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|py|rb|[cm]?[jt]s|pl|php|ps1|R)$", re.IGNORECASE)
_CONTAINERS = frozenset({"docker", "docker-compose", "podman", "podman-compose"})
_INSIDE = re.compile(r"^\./[\w./-]+\.(?:sh|bash|py|rb)$")
_DYNAMIC = re.compile(r"[$*?`{}<>~\[\]%@=]|^-")
_MOST_JOINED = 200


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command.

    Attributes:
        line: offset of its first line in the script, from 0.
        words: without assignments, wrappers such as `sudo` and redirections.
        writes: files that it redirects its output to.
        forgiven: whether its failure is expected (`|| …`, `if …`, `! …`).
        joint: the operator that follows it, such as `||` or `|`; `;` at the end of a line.
    """

    line: int
    words: tuple[str, ...]
    writes: tuple[str, ...] = ()
    forgiven: bool = False
    joint: str = ";"


def commands(script: str) -> Iterator[Command]:
    """Give the simple commands of a script in order; what cannot be read as shell is passed over."""
    for line, text in _logical(script):
        words = _words(text)
        if words is not None:
            yield from _pardoned(list(_simple(line, words)))


def called(command: Command) -> str | None:
    """Return the path of the script that a command runs, as it is written; None when it runs none or an unknown one."""
    if not command.words:
        return None
    head, *rest = command.words
    if _INTERPRETERS.match(head):
        return _interpreted(head, rest)
    is_path = "/" in head and not head.startswith("/") and not _DYNAMIC.search(head)
    return head if is_path else None


def contained(command: Command) -> str | None:
    """Return the path of the script that a command runs in a container, as it is written; None when it runs none."""
    head, *rest = command.words or ("",)
    if head.rpartition("/")[2] not in _CONTAINERS or not {"run", "exec"}.intersection(rest):
        return None
    return next((word for word in rest if _INSIDE.search(word) and not _DYNAMIC.search(word)), None)


def _interpreted(head: str, rest: list[str]) -> str | None:
    """Return the script among an interpreter's words; None when it runs a module or inline code."""
    inline = _SHELL_INLINE if _SHELL.search(head) else _INLINE
    words = iter(rest)
    for word in words:
        if inline.match(word):
            return None
        if _VALUED.match(word):
            next(words, None)
        elif not word.startswith("-"):
            plain = not _DYNAMIC.search(word) and not word.startswith("/")
            return word if plain and (_SCRIPT.search(word) or "/" in word) else None
    return None


def made(command: Command) -> tuple[str, ...]:
    """Return what a command creates, as far as its words tell."""
    if not command.words:
        return command.writes
    head, rest = command.words[0].rpartition("/")[2], [word for word in command.words[1:] if not word.startswith("-")]
    options = list(command.words)
    if head in {"cp", "mv", "ln", "install", "rsync"}:
        found = [rest[-1], *(f"{rest[-1]}/{one.rpartition('/')[2]}" for one in rest[:-1])] if len(rest) > 1 else rest
    elif head in {"touch", "tee", "mkdir"}:
        found = rest
    elif head == "git" and "clone" in rest:
        target = rest[-1]
        found = [
            target.rstrip("/").rpartition("/")[2].removesuffix(".git") if "://" in target or "@" in target else target
        ]
    elif head in {"curl", "wget"}:
        named = [
            options[at + 1]
            for at, word in enumerate(options[:-1])
            if word in {"-o", "-O", "--output", "--output-document", "-P"} or re.fullmatch(r"-\w*o", word)
        ]
        found = [*named, *(word.rpartition("/")[2] for word in rest if "://" in word)]
    else:
        found = []
    return (*command.writes, *found)


def unpacks(command: Command) -> bool:
    """Say whether a command brings files whose names nobody can tell from it."""
    head = command.words[0].rpartition("/")[2] if command.words else ""
    return head in {
        "tar",
        "unzip",
        "7z",
        "gh",
        "aws",
        "gsutil",
        "docker",
        "cookiecutter",
        "copier",
        "autoreconf",
        "autogen.sh",
        "cmake",
    }


def _logical(script: str) -> Iterator[tuple[int, str]]:
    lines = script.split("\n")
    at = 0
    while at < len(lines):
        start, text = at, lines[at]
        while text.endswith("\\") and at + 1 < len(lines):
            at += 1
            text = text[:-1] + " " + lines[at].lstrip()
        while _is_open(text) and at + 1 < len(lines) and at - start < _MOST_JOINED:
            at += 1
            text += "\n" + lines[at]
        at += 1
        end = _HEREDOC.search(text)
        if end:
            while at < len(lines) and lines[at].strip() != end.group(1):
                at += 1
            at += 1
        yield start, text


def _is_open(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip().startswith("#") and _words(text) is None


def _words(text: str) -> list[str] | None:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|()<>")
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:
        return None


def _pardoned(found: list[Command]) -> list[Command]:
    """Return the commands of a line where `||` answers for all that `&&` joins before it."""
    for at in range(len(found) - 2, -1, -1):
        after = found[at + 1]
        if found[at].joint == "&&" and after.forgiven and after.joint in {"||", "&&"}:
            found[at] = replace(found[at], forgiven=True)
    return found


def _simple(line: int, words: list[str]) -> Iterator[Command]:
    """Give the commands of one line; what stands in `$(…)` is a command of its own within the one around it."""
    current: list[str] = []
    forgiven = False
    outer: list[tuple[list[str], bool]] = []
    for word in [*words, ";"]:
        if word in _OPERATORS or (word and set(word) <= set(";&|()")):
            for sign in _SIGN.findall(word):
                if sign == "(" and current and current[-1].endswith("$"):
                    outer.append((current, forgiven))
                    current, forgiven = [], False
                    continue
                if current:
                    yield _command(line, current, forgiven=forgiven or sign == "||", joint=sign)
                ends = sign == ")" and outer
                current, forgiven = outer.pop() if ends else ([], forgiven and sign == "&&")
        elif not current and word in _KEYWORDS:
            forgiven = forgiven or word in {"if", "elif", "while", "until", "!"}
        else:
            current.append(word)
    yield from (_command(line, left, forgiven=pardoned, joint=";") for left, pardoned in outer)


def _command(line: int, words: list[str], *, forgiven: bool, joint: str) -> Command:
    kept: list[str] = []
    writes: list[str] = []
    waiting = ""
    for word in words:
        if word and set(word) <= {"<", ">", "&"} and ("<" in word or ">" in word):
            if kept and kept[-1].isdigit():
                kept.pop()
            waiting = word
        elif waiting:
            if ">" in waiting:
                writes.append(word)
            waiting = ""
        else:
            kept.append(word)
    return Command(line, tuple(_unwrapped(kept)), tuple(writes), forgiven, joint)


def _unwrapped(words: list[str]) -> list[str]:
    while words:
        if _ASSIGNMENT.match(words[0]):
            words = words[1:]
        elif words[0] in _WRAPPERS:
            words = _after_options(words[1:], _WRAPPERS[words[0]], numbers=words[0] in {"timeout", "nice"})
        elif tuple(words[:2]) in _RUNNERS:
            words = _after_options(words[2:], _RUNNER_OPTIONS, numbers=False)
        else:
            break
    return words


def _after_options(words: list[str], valued: frozenset[str], *, numbers: bool) -> list[str]:
    while words and (words[0].startswith("-") or (numbers and words[0][:1].isdigit())):
        words = words[2:] if words[0] in valued else words[1:]
    return words
