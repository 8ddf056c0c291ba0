"""The words by which comments say that something is to go, and when."""

import re


def _either(phrases: str) -> str:
    """Return a pattern for any of some phrases, parted by spaces; `_` stands for the space within one."""
    return "(?:" + "|".join(phrases.split()).replace("_", " ") + ")"


_VERB = _either(
    r"remove delete drop revert undo unpin un-?comment re-?enable enable get_rid_of clean(?:_this|_it)?_up replace"
    r" simplify switch(?:_back)? rip_out inline deprecate kill retire bump upgrade consolidate refactor merge move use"
    r" migrate"
)
_DONE = _either(
    r"removed deleted dropped reverted undone unpinned uncommented re-?enabled cleaned_up replaced simplified switched"
    r" retired inlined consolidated merged"
)
_OURS = _either(
    r"this these it me that those the_(?:above|below|following|rest|entire|whole) both once when after below above"
    r" work-?around hack shim fallback type:_?ignore legacy compat\w* backwards? code import branch block override"
)
_HAPPENED = _either(
    r"fix(?:ed|es) resolved releas\w+ merged? land(?:ed|s) dropp?(?:ed|s) deprecated upgrad\w+ migrated? migration\w*"
    r" implemented deploy(?:ed|ment)? rolled_out retired sunset ship(?:ped|s) supports? supported replaced refactored"
    r" rewritten eol"
    r" end[-_]of[-_]life out available published stable unpinned mov(?:ed|e|ing)_(?:away|to|over|off) switched adopted"
    r" unblocked backfill\w* goes_(?:live|away) in_(?:prod(?:uction)?|place|main|master) ga settled"
    r" no_longer_(?:used|needed|supported|in_use|required|necessary)"
)
_SOFTLY = _either(
    r"completed? finished done processed closed updated removed added converted moved gone ready live created expired?"
    r" passed run deleted"
)
_MODAL = _either(r"can could should may must will safe_to able_to to_be ought_to want_to need_to")
_SOFTENED = _either(r"then be now probably likely safely also again just simply hopefully finally")
_CONDITIONAL = _either(r"once when after as_soon_as")
_TEMPORARY = _either(
    r"fix work-?around hack measure solution shim patch code pin override alias bridge exclu\w+ ignor\w+ disabl\w+"
    r" comment\w* skip\w* re-?us\w+ us(?:e|ing) support\w* added need\w* keep\w* allow\w* work\w*"
)
_SUSPENDED = _either(r"temporarily pinn?ed pin disabled? skipped? commented_out vendored monkey-?patch\w*")
_MODALLY = _either(r"please then and should to can could we'll will may must")

CLAUSE = re.compile(
    r"\b(?P<word>until|till|once|when(?:ever)?|after|as soon as|by|pending|blocked (?:on|by)|waiting (?:for|on))\b"
    r"(?P<clause>\s+.{2,160})",
    re.IGNORECASE | re.DOTALL,
)
"""A conditional word and what follows it."""

CONDITIONAL = re.compile(
    r"\b(?:until|till|once|when|whenever|after|as soon as|by|pending|blocked|waiting)\b", re.IGNORECASE
)
"""A conditional word alone."""

TASK = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|@todo\b")
"""A mark that something is to be done."""

STOPGAP = re.compile(
    r"\bwork-?arounds?\b|\bwork around\b|\bkludge\b|\bhack(?:y|ish)?\b|\bstop-?gap\b|\bband-?aid\b|\bresort to\b"
    rf"|\btemporar(?:y|ily) {_TEMPORARY}\b|\b(?:is|are|this) temporary\b|\btemporary\W{{1,3}}(?:until|till)\b"
    rf"|\b{_SUSPENDED}\b(?=.{{0,80}}\b(?:until|pending|till)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A word that says that code is not meant to last."""

ORDER = re.compile(
    rf"(?:^|[\n.!?:;,)(–—-]\s*|\b{_MODALLY}\s+){_VERB}\s+(?:\w+\s+){{0,2}}?{_OURS}\b",
    re.IGNORECASE,
)
"""An order about the code at hand: 'remove this', 'drop the workaround'."""

PLAIN_ORDER = re.compile(rf"(?:^|[\n.:;)(–—-]\s*){_VERB}\b", re.IGNORECASE)
"""An order about anything."""

ALLOWED = re.compile(
    rf"\b{_MODAL}\s+(?:{_SOFTENED}\s+)*(?:{_VERB}|{_DONE}|go away|go(?= {_CONDITIONAL}\b))\b"
    rf"|\b(?:{_DONE}|no longer needed)\b(?=\s+(?:{_CONDITIONAL}\b|by\s+(?:\S+\s+){{0,2}}\S*\d))"
    r"|\b(?:should|will|would)(?:n't| not) be (?:needed|necessary|required)\b(?: any ?(?:more|longer))?"
    rf"(?=\s+{_CONDITIONAL}\b)",
    re.IGNORECASE,
)
"""A permission: 'can be removed', 'safe to delete'."""

CODE_WORD = re.compile(
    r"\b(?:this|these|we|legacy|work-?around|hack|code|block|branch|function|method|class|shim|fallback|alias|check|logic"
    r"|condition|override|patch|pin|dependency|line|import|ignore|setting|section|templates?|safe to|it|flag|test)\b",
    re.IGNORECASE,
)
"""A word for code, not for what a program works on."""

FIRM = re.compile(rf"\b{_HAPPENED}\b", re.IGNORECASE)
"""An event in the life of software."""

SOFT = re.compile(
    rf"\b{_SOFTLY}\b|\b(?:all|no)\b(?: [\w-]+){{1,5}}? (?:are|have|use|uses|references?|needs?)\b"
    r"|\bare all \w|\b(?:are|is) required\b",
    re.IGNORECASE,
)
"""An event that may as well happen while a program runs: counts with an order in a TODO only."""

RUNTIME = re.compile(
    r"^\W*(?:not\b|(?:given|passed|called with) (?:an?|no|true|false|nil|none)\b)"
    r"|\b(?:production|development|debug|test|watch) mode\b",
    re.IGNORECASE,
)
"""What a program asks while it runs: 'enable maps when not in production mode'."""
BARE = re.compile(r"^\s*(?:available|supported|possible|present|provided|enabled|needed|applicable)\W*$", re.IGNORECASE)
"""What a program finds or not, without a word of what it is: 'use the custom file when available'."""

DESCRIBES = re.compile(
    r"^\W*(?:\d+[.)]\s*)?when(?:ever)?\s+(?P<event>(?:we|you|they|it|one|users?)\b[^,]*),\s*"
    r"(?:\w+\s+){1,3}?(?:should|must|needs?|can|will)\b",
    re.IGNORECASE,
)
"""A sentence about what goes on again and again: 'when they connect, they should use …'."""

GIVEN = re.compile(r"^\W*if\b(?! we\b)[^,]*,", re.IGNORECASE)
"""The beginning of a sentence about what a program does when something is so: 'if there was a file, remove it …'."""

SUPPOSED = re.compile(r"\b(?:that|which|who)\s+(?:would|might|may|could)\s+(?:\w+\s+){1,5}$", re.IGNORECASE)
"""What stands before a clause about things of the program: 'remove orders that would be the same after we merged'."""

MARKED = re.compile(r"^\W*(?:DEPRECATED|LEGACY|TEMPORARY|OBSOLETE)\b\s*[-\u2013\u2014:,(]")
"""A mark in capitals that says that code is to go."""

EXAMPLE = re.compile(
    r"\b(?:e\.g\.|for (?:example|instance)),?\s+(?:after|once|when|until)\b(?:[^.;)]|\.(?=\d))*", re.IGNORECASE
)
"""An example of how a condition may come: it is not the condition."""

NEGATED = re.compile(
    r"(?:\bnot|n't|\bno)\s+(?:\w+\s+)?(?:available|present|set|provided|given|enabled|supported|implemented|released|out|ready)\b"
    r"|\b(?:might|may|could|would)\s+be\b",
    re.IGNORECASE,
)
"""A state of the running program, or a guess: no event that ends anything."""

PLANNED = re.compile(
    r"\bwe (?:have|get|support|need) (?:\w+ ){0,2}more\b|"
    r"\bwe(?:'ve| have)? (?:\w+ )?(?:introduced?|split|squash\w*|refactor\w*|rewrit\w+|redesign\w*|rework\w*)\b"
    r"|\b(?:is|are|been|gets?) (?:\w+ )?(?:refactored|rewritten|redesigned|split|dropped|removed)\b"
    r"|^\s*more \w+ (?:have|has|are|is)\b"
    r"|\bwe (?:can|could)\b(?! (?:\w+ )?(?:upgrade|bump|drop|require|use|rely|assume|target|move|switch)\b)"
    r"|\bwe (?:have|get|find) (?:an? |some )?(?:real|proper|better|nicer|good|general|generic)\b",
    re.IGNORECASE,
)
"""Work of the project itself, or a wish, that somebody may take up one day: no event that comes by waiting."""

ANAPHORIC = re.compile(
    r"^\W*(?:\w+ )?(?:this|that|it|it's|they|these|upstream|the (?:issue|bug|problem|ticket|fix|pr))\b"
    r"|\b(?:fixed|resolved|addressed|merged)\b",
    re.IGNORECASE,
)
"""A word in a clause that means what was told before it."""

ASIDE = re.compile(
    r"\b(?:for|know|determine|of|even|only|or|just|decide|check|exactly|about|like|as)\s+$|\bif\s*/\s*$", re.IGNORECASE
)
"""A word before a conditional one that makes it something else: 'a hint for when', 'only when', 'if/when'."""

FLOOR = re.compile(r"\b(?:minimum|minimal|oldest|at least|lowest)\b|>=", re.IGNORECASE)
"""A word that says that the version named becomes the oldest supported one."""

OWN_RELEASE = re.compile(
    r"\bwe(?:'ve| have)?\s+(?:reach|hit|release|ship|cut|publish|are at|get to|bump to)\w*\b", re.IGNORECASE
)
"""Words that say that a version without a name is the project's own."""

_AGAIN = _either(
    r"(?:new|any|each|every|another|adding)\b an?\b(?!_fix) you the_(?:user|request|test)\b"
    r" (?!(?:upgrad|updat|mov|switch|migrat|bump|dropp)ing\b[^.,;]*\d)\w+ing\b to_\w per\b for_all\b again\b or_twice\b"
)
RECURRING = re.compile(rf"^\s*(?:{_AGAIN}|(?:update|add|remove|create|delete|use|call)s?\b)", re.IGNORECASE)
"""The beginning of a clause about what happens again and again."""

REFERENCE = re.compile(
    r"https?://(?!\S+/commits?/)[^\s>)\]\"'`]+[^\s>)\]\"'`.,;:]|(?<![\w&])#\d{2,}\b"
    r"|\b(?!UTF|SHA|ISO|RFC|PEP|AES|MD|CP)[A-Z][A-Z0-9]{1,9}-\d{2,}\b"
    r"|\b(?i:gh|pr|bug|issue|ticket)[ -]?#?\d{2,}\b"
)
"""An address or the number of an issue."""

MARK = re.compile(r"#|//|\*|--|[;%]")
"""What a comment may begin with, in any language."""

HINT = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK|@todo|work-?arounds?|work around|kludge|hack\w*|stop-?gap"
    r"|band-?aid|resort to|temporar\w+|pinn?ed|disabled?|skipped?|commented out|vendored|monkey-?patch\w*|go away"
    rf"|no longer needed|expir\w+|sunset|end[- ]of|valid|supported|needed|required|kept?|ignored|{_VERB}|{_DONE})\b",
    re.IGNORECASE,
)
"""A word after a mark of comments on its line, without which no comment names an end: what is cheap to ask first."""

BLOCK = re.compile(
    r"/\*(?![^\n]*\*/)[^\n]*\n(?!\s*\*)|<!--(?![^\n]*-->)|\{#(?![^\n]*#\})|\{%-?\s*comment\b(?![^\n]*endcomment)"
)
"""The beginning of a comment whose lines have no marks of their own."""

TRACKED = re.compile(
    r"^(?!https?:)|/(?:issues?|pulls?|merge_requests|tickets?|bugs?|discussions)/|show_bug|[?&]id=\d"
    r"|\bbugs?\.[\w.]+/",
    re.IGNORECASE,
)
"""A reference to something that can be open or settled, not to a page."""

VERSION = re.compile(r"(?<![\w./#-])(?:v|>=?\s?|<=?\s?)?(\d{1,3}(?:\.\d+){1,2})(?:\.x|\+)?(?![\w/-]|\.\d)")
"""A version, not an address of the network; its number is the group."""

NAMED_VERSION = re.compile(
    r"\b([A-Za-z][\w.@/-]{1,40}?)[\s-]?(?:versions?\s+|is\s+|v|[<>]=?\s?)*(\d{1,4}(?:\.\d+){0,2})(?:\.x|\+)?\b(?![-/]\d)",
    re.IGNORECASE,
)
"""A name with a version; name and number are the groups."""

FOR_VERSION = re.compile(r"\b(?:in|with|for|by) [A-Za-z][\w.-]{1,40} v?\d{1,4}(?:\.\d+){1,2},?$")
"""The end of an order that names the version of something."""

UPGRADE = re.compile(
    r"\b(?:we|we've|we have|possible to|able to|can) (?:\w+ )?upgrad\w+|\bafter (?:the |an )?upgrade\b", re.IGNORECASE
)
"""Words for an upgrade of what was told of before."""

DROPPED = re.compile(
    r"\b(?:drop\w*|eol|end[- ]of[- ]life|remov\w+|no longer|minimum|oldest|past|stop\w*|retir\w*|unsupported"
    r"|deprecat\w*)\b",
    re.IGNORECASE,
)
"""A word that says that the version named is to be left behind, not reached."""

ON_ITSELF = re.compile(
    r"^\s*(?:this|it|that|these|the (?:above|pr|change|release|new \w+))\b.{0,40}"
    r"\b(?:merged|deployed|released|rolled out|live|landed)\b|^(?:this )?(?:merge|merging|deploy(?:ment|ing)?)\b",
    re.IGNORECASE,
)
"""A clause that waits for the very change it came with."""
