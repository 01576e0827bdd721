"""Registers sharing with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SharingConfig(AppConfig):
    name = "motcua.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find the services registers declare."""
        autodiscover_modules("services")
