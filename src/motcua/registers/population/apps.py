"""Registers the population register with Django, and finds the services of all registers."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PopulationConfig(AppConfig):
    name = "motcua.registers.population"
    label = "population"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("services")
