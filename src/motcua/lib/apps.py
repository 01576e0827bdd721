"""Registers the ground with Django: it keeps one table, the counters."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "motcua.lib"
    label = "lib"
    default_auto_field = "django.db.models.BigAutoField"
