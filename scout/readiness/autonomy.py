"""Who may take a piece of work: rules with reasons, judged apart from readiness; pure.

The scale follows Parasuraman, Sheridan and Wickens, 'A model for types and levels of human interaction with
automation' (IEEE SMC-A 30, 2000): how free an executor may be depends on what a mistake costs, whether it can be taken
back, and who would notice. A rule only ever makes it stricter; what nothing is known of is not free.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scout.model import Addressee, Autonomy, AutonomyReason, AutonomyVerdict, Question
from scout.readiness._base import Judged, quote

_BEFORE = 40  # characters of a passage that are shown before what was found
_MOST_NAMED = 3


class Place(NamedTuple):
    """A file of the repository that the text names.

    Attributes:
        docs: whether it is documentation, where a mistake breaks nothing.
        test: a test file that would notice a mistake in it, or is it; empty where there is none.
        owned: the pattern in the code owners' file that asks for an owner's review; empty where none does.
    """

    path: str
    docs: bool = False
    test: str = ""
    owned: str = ""


class Site(NamedTuple):
    """What is known of the repository around a text.

    Attributes:
        seen: whether it could be looked at.
        controls: files that make tests run by themselves, such as workflows.
        places: the files that the text names and that are there.
    """

    seen: bool = False
    controls: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


class _Rule(NamedTuple):
    """Something that a text may touch: said in a sentence, or by the path of a file that it names."""

    id: str
    level: Autonomy
    means: str
    words: re.Pattern[str]
    paths: re.Pattern[str]


def _rule(name: str, level: Autonomy, means: str, words: str, paths: str = r"(?!)") -> _Rule:
    return _Rule(name, level, means, re.compile(rf"\b(?:{words})\b", re.IGNORECASE), re.compile(paths, re.IGNORECASE))


_RULES = (
    _rule(
        "legal",
        Autonomy.OWNER,
        "It touches licences or the law, which bind the owner",
        r"(?:re)?licen[cs](?:e|es|ed|ing)|copyright\w*|trademarks?|patents?|gdpr|ccpa|data protection|privacy polic\w+"
        r"|terms of (?:service|use)|legal(?:ly)?",
        r"(?:^|/)(?:licen[cs]e|copying|notice|privacy|terms)[^/]*$",
    ),
    _rule(
        "breaking",
        Autonomy.OWNER,
        "It takes something away that others rely on",
        r"breaking changes?|(?:backwards?|api)[- ]incompatib\w+|break(?:s|ing)? (?:backwards?|api|the public)\b.{0,20}"
        r"|drop(?:s|ping)? (?:the )?support (?:for|of)|end of support|next major (?:version|release)",
    ),
    _rule(
        "security",
        Autonomy.PERSON,
        "It touches sign-in, permissions or secrets",
        r"auth(?:entication|enticate\w*|ori[sz]ation|ori[sz]e\w*|n|z)?|oauth\d?|saml|ldap|sso|log[- ]?ins?|sign[- ]?in"
        r"|passwords?|credentials?|secrets?|(?:access|api|bearer|session|refresh|csrf) (?:tokens?|keys?)|private keys?"
        r"|permissions?|privileges?|access control|vulnerabilit\w+|cve-\d+(?:-\d+)?|xss|csrf|sql injections?"
        r"|(?:en|de)crypt\w*|cryptograph\w+|security",
        r"(?:^|[/_.-])(?:auth\w*|oauth\d?|security|crypto\w*|permissions?|secrets?|credentials?|login|sso)(?:[/_.-]|$)",
    ),
    _rule(
        "money",
        Autonomy.PERSON,
        "It touches money",
        r"payments?|billing|billed|invoices?|pricing|prices?|refunds?|payouts?|payroll|credit cards?|stripe|paypal"
        r"|paid plans?|donations?|bank accounts?|purchases?",
        r"(?:^|[/_.-])(?:billing|payments?|invoices?|pricing|payroll)(?:[/_.-]|$)",
    ),
    _rule(
        "irreversible",
        Autonomy.PERSON,
        "It destroys data, which cannot be taken back",
        r"(?:delet\w+|remov\w+|drop\w*|purg\w+|eras\w+|truncat\w+|overwrit\w+|wip(?:e[sd]?|ing))\b.{0,40}\b(?:data"
        r"|databases?|tables?|columns?|records?|(?:user )?accounts?|backups?|uploads?|(?:old|user|customer) \w+ files?)"
        r"|data loss|rm -rf|irreversibl\w+|can(?:no|')t be undone|force[- ]push\w*|rewrit\w+ (?:the )?history",
    ),
    _rule(
        "deployment",
        Autonomy.PERSON,
        "It changes what runs for users, outside the repository",
        r"(?:re)?deploy(?:s|ed|ing|ments?)?(?!-)|production (?:server|system|database|config\w*)s?"
        r"|roll[- ]?outs?|terraform|kubernetes|k8s|helm charts?|ansible|dns records?|infrastructure"
        r"|publish\w* (?:it |them )?to (?:pypi|npm|maven|docker hub|the (?:app|play) store)"
        r"|cut (?:a|the) (?:new )?release",
        r"(?:^|/)(?:deploy\w*|infra\w*|terraform|k8s|kubernetes|helm|ansible)(?:/|$)|\.tf$|(?:^|/)(?:procfile|fly\.toml)$",
    ),
    _rule(
        "hands",
        Autonomy.PERSON,
        "It needs hands, eyes or talks that an agent does not have",
        r"(?:physical|real|test) (?:devices?|phones?|hardware)|(?:contact|call|e?-?mail|ask|talk to|meet with)(?:ing)?"
        r" (?:the )?(?:vendor|supplier|customers?|users|lawyers?|community)|user (?:interviews?|research|testing)"
        r"|usability tests?|screen ?readers?|mock-?ups?|in person|design review",
    ),
    _rule(
        "migration",
        Autonomy.REVIEWED,
        "It changes how data are stored, and is hard to take back once run",
        r"(?:schema|database|data) migrations?|migrations?|alembic|flyway|liquibase|alter table"
        r"|(?:add|new) (?:a )?columns?|database schemas?",
        r"(?:^|/)(?:migrations?|alembic|migrate)/",
    ),
    _rule(
        "controls",
        Autonomy.REVIEWED,
        "It changes what would catch its own mistakes",
        r"branch protections?|required (?:checks?|reviews?)|code ?owners|pre-commit|continuous integration"
        r"|ci (?:jobs?|workflows?|pipelines?|checks?|config\w*)|github actions?|(?:skip|disable|delete|remove)\w*"
        r" (?:the )?(?:failing |flaky )?tests?",
        r"(?:^|/)(?:\.github/workflows/|\.circleci/|\.ci/|\.gitlab-ci|\.pre-commit|codeowners$|jenkinsfile$)",
    ),
    _rule(
        "interface",
        Autonomy.REVIEWED,
        "Others may rely on what it changes",
        r"public (?:api|interface|method|function|class)\w*|(?:api|rest|graphql|http) endpoints?|endpoints?"
        r"|(?:rest|graphql|http|web) apis?|(?:command[- ]line|cli) (?:options?|flags?|arguments?|commands?)|wire format"
        r"|file formats?|deprecat\w+|(?:config(?:uration)?|settings?) (?:options?|keys?|files?)",
    ),
    _rule(
        "dependency",
        Autonomy.REVIEWED,
        "It lets in code that others wrote",
        r"(?:upgrad\w+|bump\w*|updat\w+|pin\w*|add(?:ing)?|replac\w+)\b.{0,40}\bdependenc(?:y|ies)|lock ?files?"
        r"|(?:upgrade|bump) \S+ (?:from \S+ )?to v?\d\S*",
        r"(?:^|/)(?:package(?:-lock)?\.json|yarn\.lock|poetry\.lock|uv\.lock|cargo\.(?:toml|lock)|go\.(?:mod|sum)"
        r"|gemfile(?:\.lock)?|requirements[^/]*\.(?:txt|in)|pyproject\.toml|pom\.xml)$",
    ),
)


def entrust(
    text: Judged,
    site: Site,
    questions: Iterable[Question] = (),
    limits: Iterable[AutonomyReason] = (),
) -> AutonomyVerdict:
    """Return who may take the work: the strictest of all rules that apply, with every reason, strictest first.

    Args:
        text: the ticket or draft, without its comments: what they say is asked as questions.
        site: what is known of the repository.
        questions: what is still open in it.
        limits: what the settings say; they make it stricter, never freer.
    """
    reasons = (*_touched(text, site), *_asked(questions), *_noticed(site), *limits)
    strictest = sorted(dict.fromkeys(reasons), key=lambda reason: -reason.level.rank)
    if not strictest or strictest[0].level is Autonomy.AGENT:
        strictest = [AutonomyReason(rule="free", level=Autonomy.AGENT, because=_freely(site)), *strictest]
    return AutonomyVerdict(level=strictest[0].level, reasons=tuple(strictest))


def _touched(text: Judged, site: Site) -> Iterator[AutonomyReason]:
    sentences = (text.title, *text.reading.sentences)
    whole = "\n".join(sentences)
    for rule in _RULES:
        path = next((place.path for place in site.places if rule.paths.search(place.path)), "")
        said = "" if path or not rule.words.search(whole) else next(filter(rule.words.search, sentences), "")
        if passage := path or said:
            yield AutonomyReason(rule=rule.id, level=rule.level, because=f"{rule.means}: {_around(passage, rule)}.")


def _around(passage: str, rule: _Rule) -> str:
    """Return the passage in quotation marks, from a little before what the rule found."""
    found = rule.words.search(passage)
    start = max(0, found.start() - _BEFORE) if found else 0
    return quote(f"…{passage[start:]}" if start else passage)


def _asked(questions: Iterable[Question]) -> Iterator[AutonomyReason]:
    for one in questions:
        if one.to is Addressee.OWNER:
            because = f"The owner has to decide first: {quote(one.passage or one.text)}."
            yield AutonomyReason(rule="question", level=Autonomy.OWNER, because=because)
        elif one.passage.endswith(("?", "？")):
            because = f"A person has to ask the {one.to.value} first: {quote(one.passage)}."
            yield AutonomyReason(rule="question", level=Autonomy.PERSON, because=because)


def _noticed(site: Site) -> Iterator[AutonomyReason]:
    """Give what keeps a mistake from being noticed by anything but a reviewer."""
    if not site.seen:
        yield _reviewed("unseen", "The repository was not looked at: what would notice a mistake is not known.")
        return
    if not site.controls:
        yield _reviewed("no-controls", "Nothing runs the tests by itself: the repository has no workflow of a CI.")
    if not site.places:
        yield _reviewed("no-place", "It names no file of the repository: what it will touch is not known.")
    for place in site.places:
        if place.owned:
            yield _reviewed("owned", f'The code owners\' rule "{place.owned}" asks for a review of "{place.path}".')
        if not place.docs and not place.test:
            yield _reviewed("untested", f'No test belongs to "{place.path}": a mistake there would not be noticed.')


def _reviewed(rule: str, because: str) -> AutonomyReason:
    return AutonomyReason(rule=rule, level=Autonomy.REVIEWED, because=because)


def _freely(site: Site) -> str:
    watched = [f'"{place.path}" ({place.test or "documentation"})' for place in site.places[:_MOST_NAMED]]
    return f"A mistake would be noticed by {quote(site.controls[0])} and can be reverted: {', '.join(watched)}."
