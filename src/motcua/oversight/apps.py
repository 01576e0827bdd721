"""Registers oversight with Django."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "motcua.oversight"
    label = "oversight"
