"""Registers sharing with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from motcua.procedures import services as nameable
from motcua.registers.services import SERVICES


class SharingConfig(AppConfig):
    name = "motcua.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find the services registers declare, so that procedures can name them and no others."""
        autodiscover_modules("services")
        nameable.announce(
            nameable.Named(one.name, one.reads, one.proves, one.asks, one.gives) for one in SERVICES.values()
        )
