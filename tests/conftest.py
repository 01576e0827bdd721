"""What every test stands on."""

import gc
import os

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from xdist.scheduler import LoadScopeScheduling

REPLICA, ORIGIN = "SET session_replication_role = replica;", "SET session_replication_role = origin;"
JOBS = "TRUNCATE procrastinate_jobs, procrastinate_events RESTART IDENTITY CASCADE;"  # not Django's tables, so not emptied by it

# How long an example takes says how busy the machine is, not whether the code is right.
examples.register_profile(
    "unhurried",
    max_examples=int(os.environ.get("MOTCUA_EXAMPLES", "30")),  # more of them on a quiet evening
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
examples.load_profile("unhurried")


def pytest_collection_finish(session):
    """What is loaded now stays to the end: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


COUNTRY = ("tests/faults/", "tests/journeys/")
# It has a country of its own.
STORM = "tests/faults/test_storm.py"
# They read all sources, and share what they have read; what asks other programs goes its own way.
STRUCTURE = "tests/architecture/test_structure.py"
PROGRAMS = ("test_imports_keep_to_the_layers", "test_code_is_clean", "test_types_hold")


class OneCountry(LoadScopeScheduling):
    """Every test goes to whichever worker is free, but those that need a running country all to the same one."""

    def _split_scope(self, nodeid):
        if nodeid.startswith(COUNTRY) and not nodeid.startswith(STORM):
            return "country"
        if nodeid.startswith(STRUCTURE) and not nodeid.endswith(PROGRAMS):
            return "structure"
        return nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    # Not `--dist loadgroup`: xdist 3.8 writes the group into a name that pytest 9.2 no longer reads.
    return OneCountry(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The database of a run begins as a copy of the tables that tests/server.py keeps."""
    from django.db import connection

    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ["MOTCUA_TEST_TABLES"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that really commits, tables are emptied; the journal forbids that to everyone but this fixture."""
    from django.db import connection, transaction

    from tests import given

    with django_db_blocker.unblock():
        with transaction.atomic():
            given.open_accounts()
            transaction.set_rollback(True)
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    # Most tables are empty: deleting nothing is many times quicker than truncating it.
    deletions = [f'DELETE FROM "{table}";' for table in tables]
    emptying = connection.ops.execute_sql_flush

    def empty(_statements):
        emptying(["".join([REPLICA, *deletions, JOBS, ORIGIN])])

    connection.ops.execute_sql_flush = empty


@pytest.fixture(autouse=True)
def node_home(tmp_path, settings):
    """Files, keys and mails of a test stay in its own folder, and passwords cost nothing."""
    settings.HOME = tmp_path
    settings.FILES, settings.KEYS, settings.MAIL = tmp_path / "files", tmp_path / "keys", tmp_path / "mail"
    settings.TEXTS = tmp_path / "texts"
    # Every new browser of a test would walk through all files of the face before its first page.
    settings.WHITENOISE_AUTOREFRESH = True
    # What makes guessing slow makes tests slow; none of them guesses.
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    return tmp_path


@pytest.fixture(scope="session")
def country():
    """The running country, for tests of faults and journeys; each leaves it whole, if perhaps stopped."""
    from tests.country.land import Land

    land = Land()
    try:
        land.start()
        yield land
    finally:
        land.close()
