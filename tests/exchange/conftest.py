"""A country of two nodes with empty logs."""

import pytest

from tests.exchange.nodes import Country, TestNode, drop_database, execute, new_database, tables, uri


@pytest.fixture(scope="session")
def template(django_db_blocker):
    """A database with the tables of the exchange, to be copied."""
    name = new_database()
    with django_db_blocker.unblock():
        statements = tables()
    execute(statements, database=uri(name))
    yield name
    drop_database(name)


@pytest.fixture
def node(template, tmp_path):
    """Make a node of the country."""
    made = []

    def make(name, *agencies):
        database = new_database(template)
        made.append(database)
        return TestNode(name, agencies, tmp_path / name, uri(database))

    yield make
    for database in made:
        drop_database(database)


@pytest.fixture
def country(node):
    """Lào Cai and the Government Office."""
    country = Country([node("laocai", "H38", "H38.01"), node("vpcp", "G22")])
    country.publish()
    return country
