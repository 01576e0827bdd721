"""The desks of the story."""

from tests.desk.conftest import accepted, arrived, visitor  # noqa: F401 — fixtures
