"""What every test stands on."""

import pytest

REPLICA, ORIGIN = "SET session_replication_role = replica;", "SET session_replication_role = origin;"
JOBS = "TRUNCATE procrastinate_jobs, procrastinate_events RESTART IDENTITY CASCADE;"  # not Django's tables, so not emptied by it


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that really commits, tables are emptied; the journal forbids that to everyone but this fixture."""
    from django.db import connection

    emptying = connection.ops.execute_sql_flush

    def empty(statements):
        emptying([REPLICA, *statements, JOBS, ORIGIN])

    connection.ops.execute_sql_flush = empty


@pytest.fixture(autouse=True)
def node_home(tmp_path, settings):
    """Files, keys and mails of a test stay in its own folder."""
    settings.HOME = tmp_path
    settings.FILES, settings.KEYS, settings.MAIL = tmp_path / "files", tmp_path / "keys", tmp_path / "mail"
    return tmp_path
