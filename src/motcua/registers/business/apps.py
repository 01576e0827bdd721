"""Registers the register of enterprises with Django."""

from django.apps import AppConfig


class BusinessConfig(AppConfig):
    name = "motcua.registers.business"
    label = "business"
    default_auto_field = "django.db.models.BigAutoField"
