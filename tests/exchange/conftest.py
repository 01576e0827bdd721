"""A country of two nodes with empty logs."""

import pytest
from django.db import connection

from tests.exchange.nodes import (
    Both,
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


@pytest.fixture
def both(node, tmp_path, settings):
    """Lào Cai, and the Government Office on Django's own database, whose evidence is asked for."""
    values = connection.settings_dict
    database = f"postgresql:///{values['NAME']}?host={values['HOST']}&user={values['USER']}"
    vpcp = TestNode("vpcp", ("G22",), tmp_path / "vpcp", database)
    country = Country([vpcp, node("laocai", "H38")])
    country.publish()
    settings.KEYS, settings.FILES = vpcp.home / "keys", vpcp.home / "files"
    return Both(country, tmp_path)
