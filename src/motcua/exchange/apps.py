"""Registers the exchange with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "motcua.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
