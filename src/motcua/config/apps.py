"""Registers the wiring with Django, for the sake of its commands."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "motcua.config"
    label = "config"
