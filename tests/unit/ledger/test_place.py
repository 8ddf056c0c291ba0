"""An address is understood in the forms people write it in, and shown without its secrets."""

from pathlib import Path

import pytest

from scout.errors import SettingsError
from scout.ledger.place import parse


@pytest.mark.parametrize(
    "where", ["ledger.db", Path("ledger.db"), "sqlite:///ledger.db", "sqlite+pysqlite:///ledger.db"]
)
def test_a_path_and_a_url_name_the_same_file(where: str | Path):
    place = parse(where)
    assert place.path == Path("ledger.db").absolute()
    assert place.shown == str(Path("ledger.db").absolute())


def test_odd_file_names_are_kept():
    assert parse("/a b/ü?#%20.db").path == Path("/a b/ü?#%20.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_postgresql_is_reached_by_the_one_driver_and_shown_without_secrets(scheme: str):
    place = parse(f"{scheme}://scout:hush@db.example:5433/ledger?sslpassword=hushhush")
    assert place.path is None
    assert place.url.drivername == "postgresql+psycopg"
    assert place.shown == "postgresql://scout:***@db.example:5433/ledger"
    assert set(place.secrets) == {"hush", "hushhush"}


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://scout:hush@db.example:port/ledger",
        "://hush",
        "mysql://scout:hush@db.example/l",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_what_cannot_be_a_ledger_is_refused_without_quoting_it(where: str):
    with pytest.raises(SettingsError) as raised:
        parse(where)
    assert "hush" not in str(raised.value)
    assert raised.value.__cause__ is None
