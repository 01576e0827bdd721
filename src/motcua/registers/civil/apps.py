"""Registers the civil-status register with Django."""

from django.apps import AppConfig


class CivilConfig(AppConfig):
    name = "motcua.registers.civil"
    label = "civil"
    default_auto_field = "django.db.models.BigAutoField"
