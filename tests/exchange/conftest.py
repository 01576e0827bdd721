"""A country of two nodes with empty logs."""

import pytest

from tests.exchange.nodes import (
    Country,
    TestNode,
    drop_database,
    drop_leftovers,
    emptied,
    execute,
    new_database,
    tables,
    uri,
)


@pytest.fixture(scope="session")
def databases(django_db_blocker):
    """Databases with the tables of the exchange, used again and again: emptying one is faster than making one."""
    drop_leftovers()
    with django_db_blocker.unblock():
        statements = tables()
    free, made = [], []

    def take():
        if free:
            return emptied(free.pop())
        made.append(new_database())
        execute(statements, database=uri(made[-1]))
        return made[-1]

    yield take, free.append
    for name in made:
        drop_database(name)


@pytest.fixture
def node(databases, tmp_path):
    """Make a node of the country."""
    take, give_back = databases
    taken = []

    def make(name, *agencies):
        taken.append(take())
        return TestNode(name, agencies, tmp_path / name, uri(taken[-1]))

    yield make
    for name in taken:
        give_back(name)


@pytest.fixture
def country(node):
    """Lào Cai and the Government Office."""
    country = Country([node("laocai", "H38", "H38.01"), node("vpcp", "G22")])
    country.publish()
    return country
