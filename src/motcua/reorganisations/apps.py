"""Registers the reorganisations with Django."""

from django.apps import AppConfig


class ReorganisationsConfig(AppConfig):
    name = "motcua.reorganisations"
    label = "reorganisations"
    default_auto_field = "django.db.models.BigAutoField"
