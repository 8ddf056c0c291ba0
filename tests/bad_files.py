"""What files hold that nobody expects, under the names that scouts read, and a few truths to be found beside them."""

import json
from collections.abc import Mapping
from typing import Any

NAMES = """
.circleci/config.yml .dockerignore .editorconfig .env.example .gitattributes .github/CODEOWNERS
.github/actions/own/action.yml .github/dependabot.yml .github/workflows/ci.yml .gitignore .gitlab-ci.yml
.gitmodules .golangci.yml .mailmap .nvmrc .pre-commit-config.yaml .python-version .readthedocs.yaml .rubocop.yml
.ruby-version .tool-versions .travis.yml .husky/pre-commit CHANGELOG.md CONTRIBUTING.md Cargo.toml Dockerfile
Gemfile Gemfile.lock LICENSE Makefile Pipfile Pipfile.lock Procfile README.rst ROADMAP.md Rakefile alembic.ini
app/jobs/copy_job.rb app/management/commands/load.py app/migrations/0001_first.py app/migrations/0002_next.py
app/models.py app/settings.py app/tasks.py app/urls.py compose.yml config/deploy.yml config/schedule.yml crontab
db/migrate/20240101000000_make_walls.rb db/migration/V1__walls.sql db/schema.rb db/structure.sql
db/versions/a_one.py docs/adr/0001-first.md docs/guide.md docs/plans/next.md go.mod go.sum hook.go lefthook.yml
lib/walls.rb main.ts manage.py migrations/env.py mkdocs.yml package-lock.json package.json poetry.lock
pyproject.toml renovate.json requirements.txt script.js scripts/load.sh setup.cfg setup.py spec/walls_spec.rb
tests/test_walls.py tox.ini uv.lock web/package.json web/src/walls.test.ts yarn.lock
"""
KNOWN_NAMES = tuple(NAMES.split())
TEXT = """import os
# TODO(#12): remove this workaround once 1.0 is out, it loses data — until 2020-01-01
def test_walls():
    try: requests.get(os.environ["WALLS"])
    except Exception: pass
- [ ] a plan; see [here](gone.md#nowhere) and `make nothing`
"""
SHAPES: Mapping[str, Any] = {
    "jobs scripts dependencies devDependencies repos on services packages workflows plugins": 7,
    "project tool default develop steps hooks stages include matrix image version command": [[], {}, None, [7]],
    "build permissions env lockfileVersion runs engines strategy before_script files concurrency": {"": [{}]},
}
WRONG = {name: shape for names, shape in SHAPES.items() for name in names.split()}
BAD: Mapping[str, bytes] = {
    "binary": bytes(range(256)) * 40,
    "bytes above 127": bytes(range(128, 256)) * 40,
    "empty": b"",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, cut": TEXT.encode("utf-16")[:-1],
    "mixed encodings": TEXT.encode() + TEXT.encode("latin-1", "replace") + b"# caf\xe9 caf\xc3\xa9\n",
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "CR alone": TEXT.replace("\n", "\r").encode(),
    "other ends of lines": TEXT.replace("\n", "\x0b\x0c\x1c\x85\u2028\n").encode(),
    "a late NUL": TEXT.encode() * 32 + b"\0" + TEXT.encode(),
    "Python 2": b"print 'walls'\nexec 'x'\ntry:\n  raise E, 'x'\nexcept Exception, error:\n\tpass\nx = 07L <> `y`\n",
    "syntax errors": b"def walls(:\n  'open\n{ [ ( ]\nfunc ( { \"\n<<: [\n\t- :\n= =\nclass end def\nCREATE TABLE (\n",
    "conflict marks": b"<<<<<<< ours\n" + TEXT.encode() + b"=======\n- a: b\n>>>>>>> theirs\n",
    "open comment": b'"""\n/* <!-- =begin {# ' + TEXT.encode(),
    "deep brackets": b"[" * 1_000,
    "deep parentheses": b"x = " + b"(" * 3_000 + b")" * 3_000,
    "deep mappings": b'{"jobs":' * 1_500,
    "deep indentation": b"".join(b" " * depth + b"a:\n" for depth in range(300)),
    "many operators": b"x = " + b"-" * 3_000 + b"1" + b"+1" * 5_000,
    "a list": b"[]",
    "a number": b"7",
    "nothing": b"null",
    "wrong shapes": json.dumps(WRONG).encode(),
    "wrong tables": "".join(f"{name} = {json.dumps(7)}\n" for name in WRONG).encode(),
    "a circle": b"a: &a [*a]\njobs: &b {steps: *b, x: *b, <<: *b}\non: *a\nservices: *b\nrepos: *a\n",
    "a bomb": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [*%c, *%c, *%c]\n" % (n + 1, n + 1, n, n, n) for n in range(97, 121)),
    "long numbers": "".join(
        line.replace("9", "9" * 4_400)
        for line in (
            "FROM python:9\n# TODO #9: until 9-9-9\nuses: a/b@v9\nActiveRecord::Schema[9].define(version: 9)\n",
            '"version": 9,\npython = "^9"\ngo 9\nx = 9\nin 9 days, by Q9 9, v9.9.9\n',
        )
    ).encode(),
    "odd digits": "FROM python:²\n# TODO #²: until ²²²²-²-²\nuses: a/b@v²\nx = ²\n3.²\nrequires >=²\n٣.٣\n".encode(),
    "lone surrogates": b'{"jobs": "\\ud800", "scripts": {"\\udfff": "\\ud800"}}\n# "\\ud800" \xed\xa0\x80\n',
    "control characters": b"\x01\x02\x1b[31m\x7f\x08" + TEXT.encode(),
    "one long line": b"walls and " * 3_000,
    "many lines": b"\n" * 20_000,
    "many openings": b"[a](" * 500 + b"\n" + b"`" * 500 + b"\n" + b"<!--" * 500 + b"\n" + b"- [ ] " * 500,
    "many blanks": (b" " * 20_000 + b"x\n") * 3,
    "a pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:4c\nsize 7\n",
    "a template": b"{{ walls }}{% if x %}\n<% y do |z| %>\n${{ }}\n{{#each}}\n",
}
TRUTH = {
    "pages/start.md": "# Start\n\nSee [the map](map.md).\n",
    "images/Dockerfile": "FROM python:3.6-slim\n",
    "rocket/fly.py": "# Workaround: remove this once the fuel pump is fixed upstream (version 2.0).\nLOAD = 1.1\n",
    "walls/__init__.py": "",
    "walls/migrations/__init__.py": "",
    "walls/migrations/0001_initial.py": "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
    '    dependencies = []\n    operations = [migrations.RunSQL("select 1")]\n',
    "walls/migrations/0002_a.py": "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
    '    dependencies = [("walls", "0001_initial")]\n    operations = []\n',
    "walls/migrations/0002_b.py": "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
    '    dependencies = [("walls", "0001_initial")]\n    operations = []\n',
}
TRUE = frozenset({"broken-internal-link", "eol-runtime", "migration-heads", "temporary-old"})
ODD_NAMES = (
    'it\'s "quoted".py',
    "new\nline.md",
    "docs/new\nline\n/README.md",
    "tab\there.yml",
    "back\\slash.rb",
    "bytes\udcff\udcfe.py",
    "caf\udce9/Makefile",
    "caf\udce9/README.md",
    "docs/\udcff.md",
    ".github/workflows/\udcff.yml",
    "db/migrate/20240101000000_\udcff.rb",
    "app/migrations/0001_\udcff.py",
    "-rf.sh",
    "--help",
    " blank .md",
    "page:12.md",
    "page.md:12",
    "page.md:²",
    "db/migration/V²__walls.sql",
    "*?[x].md",
    "$(touch owned).sh",
    "\u202egnp.py",
    "e\u0301.md",
    "\u00e9.md",
    "control\x01\x1b[31m.md",
    f"{'long' * 60}.md",
    f"{'deep/' * 200}README.md",
    "\U0001f680.md",
)
