"""Registers the insurance register with Django."""

from django.apps import AppConfig


class InsuranceConfig(AppConfig):
    name = "motcua.registers.insurance"
    label = "insurance"
    default_auto_field = "django.db.models.BigAutoField"
