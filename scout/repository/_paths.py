"""Names of files, lower case, by which their class is known. Each list holds regular expressions between blanks."""

import re


def _ends(endings: str) -> str:
    return rf"\.(?:{_any(endings)})$"


def _folders(folders: str) -> str:
    return rf"(?:^|/)(?:{_any(folders)})/"


def _files(files: str) -> str:
    return rf"(?:^|/)(?:{_any(files)})$"


def _either(*expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(expressions))


def _any(expressions: str) -> str:
    return "|".join(expressions.split())


VENDORED = _either(
    _folders(
        r"vendor vendors vendored _vendor third[-_]party third_?parties node_modules bower_components"
        r" site-packages jspm_packages \.yarn/(?:releases|plugins|sdks) godeps thirdparty"
    ),
    r"[.-]min\.(?:js|css|mjs|map)$",
    _files(r"jquery(?:[.-][\w.-]+)?\.js bootstrap(?:[.-][\w.-]+)?\.(?:js|css) gradlew gradlew\.bat mvnw"),
    r"(?:^|/)(?P<library>[a-z][\w-]+)/v?\d+\.\d+[\w.-]*/(?P=library)(?:[.-][\w.-]+)?\.(?:js|css)$",
)
LOCK = _either(
    _files(
        r"package-lock\.json npm-shrinkwrap\.json yarn\.lock pnpm-lock\.ya?ml bun\.lockb? poetry\.lock"
        r" pipfile\.lock pdm\.lock uv\.lock pixi\.lock pylock[\w.-]*\.toml gemfile\.lock cargo\.lock"
        r" composer\.lock go\.sum go\.work\.sum mix\.lock flake\.lock packages\.lock\.json podfile\.lock"
        r" conda-lock\.ya?ml deno\.lock \.terraform\.lock\.hcl gradle\.lockfile package\.resolved"
    ),
    _ends(r"lock lockfile"),
)
GENERATED = _either(
    r"_pb2(?:_grpc)?\.pyi?$",
    r"\.pb\.(?:go|cc|h)$",
    r"(?:^|/)zz_generated[\w.]*\.go$",
    r"\.g\.dart$",
    r"\.designer\.cs$",
    r"\.(?:js|css)\.map$",
    r"(?:^|/)__snapshots__/",
    r"(?:^|/)__generated__/",
    r"\.generated\.\w+$",
    r"\.(?:po|pot)$",
)
BINARY = re.compile(
    _ends(
        r"png jpe?g gif ico webp avif bmp tiff? psd icns pdf zip gz tgz bz2 xz zst 7z tar jar war whl egg"
        r" so dll dylib exe a o pyc class woff2? ttf otf eot mp[34] m4[av] wav ogg webm mov avi flac"
        r" sqlite3? db parquet feather arrow npy npz pkl pickle h5 onnx pt xlsx? docx? pptx? odt mo bin dat"
        r" wasm"
    )
)
FIXTURE = _either(
    _folders(
        r"fixtures? __fixtures__ testdata test[-_]data test[-_]?files cassettes snapshots golden"
        r" test[-_]?assets test[-_]?resources __mocks__"
    ),
    r"(?:^|/)(?:tests?|specs?)/(?:[^/]+/)*(?:data|resources|samples?)/",
)
TEST = _either(
    _folders(r"tests? __tests__ specs? e2e integration[-_]tests? unit[-_]tests? cypress"),
    _files(r"test_[^/]*\.\w+ [^/]*_tests?\.\w+ [^/]*[.-](?:test|spec|cy)\.\w+ [^/]*_spec\.\w+"),
    r"(?:^|/)features/(?:[^/]+/)*(?:step_definitions|steps|support)/",
    _files(r"conftest\.py tests?\.py jest\.(?:config|setup)\.\w+ factories\.py"),
)
DOCS = _either(
    _ends(r"md mdx markdown rst adoc asciidoc org textile mdown qmd"),
    _files(
        r"(?:readme|changelog|changes|history|news|contributing|authors|contributors|maintainers|security"
        r"|support|code_of_conduct|install|upgrading|credits|thanks|roadmap|todo)(?:\.txt)?"
        r" (?:un)?licen[cs]e(?:[-.](?:txt|mit|apache|bsd|gpl|lgpl|mpl)[\w.-]*)? copying(?:\.\w+)? notice(?:\.txt)?"
    ),
    r"^docs?/.*\.(?:txt|html)$",
)
CONFIG = _either(
    _ends(
        r"ya?ml toml ini cfg conf properties env hcl tf tfvars nix cmake mk gradle bazel bzl service timer"
        r" socket editorconfig plist"
    ),
    _files(
        r"\.?(?:gnu)?makefile dockerfile[\w.-]* [\w.-]*\.dockerfile containerfile procfile[\w.]* justfile"
        r" taskfile\.\w+ jenkinsfile vagrantfile codeowners \.[\w.-]+rc(?:\.json5?)?"
        r" \.(?:gitignore|gitattributes|gitmodules|dockerignore|npmignore|mailmap|prettierignore|eslintignore)"
        r" \.env[\w.-]* \.flake8 \.python-version \.nvmrc \.node-version \.ruby-version \.tool-versions"
        r" \.go-version runtime\.txt manifest\.in [\w.-]*requirements[\w.-]*\.(?:txt|in)"
        r" constraints[\w.-]*\.txt package\.json tsconfig[\w.]*\.json composer\.json bower\.json"
        r" renovate\.json5? pyrightconfig\.json app\.json deno\.jsonc? biome\.jsonc? go\.mod go\.work"
        r" pipfile gemfile [\w.-]+\.gemspec brewfile podfile \.[\w-]+\.jsonc?"
        r" [\w.-]+\.config\.(?:[cm]?[jt]s|json)"
    ),
    r"(?:^|/)requirements/[^/]*\.(?:txt|in)$",
    r"(?:^|/)\.(?:vscode|idea|devcontainer|circleci|husky)/",
)
DATA = re.compile(
    _ends(
        r"json jsonl ndjson geojson csv tsv xml svg txt log xsd wsdl sqlite jsonc json5 ipynb bib asc pem"
        r" crt pub diff patch fasta rtf ics srt"
    )
)
BROWSER = re.compile(_ends(r"[cm]?jsx? css scss less sass"))
CODE = re.compile(
    _ends(
        r"pyi? pyx pxd [cm]?[jt]sx? vue svelte astro rb rake erb haml slim go rs java kt kts scala groovy"
        r" clj[cs]? c h cc cpp cxx hpp hh m mm cs fs vb swift dart php phtml pl pm t lua r jl ex exs erl"
        r" hrl hs ml mli elm sh bash zsh fish ksh bat cmd ps1 psm1 sql graphql gql proto thrift css scss"
        r" less sass html? j2 jinja2? tmpl tpl hbs mustache ejs liquid xsl xslt awk sed el lisp scm rkt vim"
        r" zig nim cr d f90 asm s sol tcl smk wdl nf stan feature twig pug jade coffee styl"
    )
    + "|"
    + _files(r"rakefile snakefile sconstruct sconscript wscript fastfile guardfile config\.ru")
)
