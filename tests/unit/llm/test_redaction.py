"""What looks like a secret is taken out; what only talks about one stays."""

import time

import pytest

from scout.llm import redacted


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "x9" * 18,
        "github_pat_" + "x9" * 20,
        "glpat-" + "x9" * 10,
        "xoxb-" + "1234567890-abc",
        "AKIA" + "Q1W2E3R4T5Y6U7I8",
        "AIza" + "x9" * 18,
        "eyJhbGciOiJI.eyJzdWIiOiIx.abcDEF123456",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----",
        "sk-proj-" + "x9" * 12,
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----",
        # known to detect-secrets alone
        "sq0csp-" + "x9" * 21 + "x",
        "0123456789abcdef" * 2 + "-us12",
        "AC" + "a1" * 16,
        "110201543:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"[:35],
        "AccountKey=" + "a1" * 44,
        "glagent-" + "x9" * 30,
    ],
)
def test_a_known_form_is_taken_out_wherever_it_stands(secret: str):
    assert secret not in redacted(f"before {secret} after")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('password: "s3cretvalue"', "s3cretvalue"),
        ("DB_PASSWORD=s3cretvalue", "s3cretvalue"),
        ('"api_key": "s3cretvalue"', "s3cretvalue"),
        ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
        ("postgresql://scout:s3cretvalue@db.example/x", "s3cretvalue"),
    ],
)
def test_a_named_value_is_taken_out_and_its_name_stays(text: str, secret: str):
    assert secret not in redacted(text)
    assert redacted(text)[:4] == text[:4]


@pytest.mark.parametrize(
    "text",
    [
        "The token is rotated every day.",
        "password = os.environ['PASSWORD']",
        "token: ${{ secrets.TOKEN }}",
        "See https://docs.example/tokens#use and ssh://git@host.example/x",
        "A short password: change",
    ],
)
def test_what_is_no_secret_stays(text: str):
    assert redacted(text) == text


def test_a_known_secret_goes_by_its_value():
    assert "correct horse" not in redacted("say correct horse aloud", ["correct horse"])


@pytest.mark.parametrize("before", ["", "x" * 590 + " ", "y" * 5000, "word " * 119, "a\n" * 500])
def test_a_secret_is_found_wherever_a_window_ends(before: str):
    for gap in range(0, 60, 7):
        secret = "AC" + "a1" * 16
        shown = redacted(f"{before}{' ' * gap}{secret} after {before}")
        assert secret not in shown
        assert shown.endswith(f" after {before}")


def test_names_of_commits_and_paths_are_no_secrets():
    text = "At 0123456789abcdef0123456789abcdef01234567 `docs/guide.md:12` says https://host.example/a/b?c=d#e."
    assert redacted(text) == text


@pytest.mark.parametrize(
    "piece", ["/", "://a:", "eyJ-", "password", "aws key ", "-----BEGIN A", "//a/:_authToken", "'\"", " ", "a."]
)
def test_the_time_grows_with_the_length_and_no_faster(piece: str):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        redacted(text)
        return time.process_time() - began

    seconds(1000)
    assert seconds(160_000) < 8 * max(seconds(40_000), 0.01)  # four times the text; quadratic would be sixteen
