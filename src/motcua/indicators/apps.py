"""Registers indicators with Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "motcua.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"
