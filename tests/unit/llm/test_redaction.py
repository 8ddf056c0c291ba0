"""What looks like a secret is taken out; what only talks about one stays."""

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
