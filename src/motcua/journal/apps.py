"""Registers the journal with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "motcua.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find all that can be done, and what every context does when others' events arrive."""
        autodiscover_modules("actions", "reactions")
